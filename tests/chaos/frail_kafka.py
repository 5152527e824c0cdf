"""A broker whose network can stall and whose disk can be full."""

from pathlib import Path

from deploy.local import Kafka
from tests.chaos.small_disk import SmallDisk
from tests.chaos.stalling_line import StallingLine


class FrailKafka(Kafka):
    """Listens on one port directly, and on another for those who come by a line that may stall.

    Args:
        folder: The instance's folder.
        line: To the second port; it sends its clients there again.
        disk: Where its data are; None is the folder's own.
    """

    ports = (*Kafka.ports, "behind")  # type: ignore[assignment]

    def __init__(self, folder: Path | str, line: StallingLine, disk: SmallDisk | None = None) -> None:
        super().__init__(folder, settings={"log.dirs": f"{disk.path}/data"} if disk else None)
        self.line, self.disk = line, disk

    def prepare(self, home: Path, ports: dict[str, int]) -> dict[str, str]:
        """The same configuration with one listener more."""
        options = super().prepare(home, ports)
        broker = f"PLAINTEXT://127.0.0.1:{ports['broker']}"
        lines = {
            "listeners": f"{broker},LINE://127.0.0.1:{ports['behind']},CONTROLLER://127.0.0.1:{ports['controller']}",
            "advertised.listeners": f"{broker},LINE://{self.line.address}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,LINE:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
        }
        with (home / "server.properties").open("a") as file:
            file.writelines(f"{key}={value}\n" for key, value in lines.items())
        self.line.to = ports["behind"]
        return options
