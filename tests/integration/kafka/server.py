"""The Kafka of these tests: the local one, with a second door that asks for a password."""

from pathlib import Path

from connectors.kafka import KafkaSettings
from deploy.local import Kafka

USER, PASSWORD = "desk", "right"


class GuardedKafka(Kafka):
    """Listens on one port without and on another with SASL."""

    ports = (*Kafka.ports, "guarded")  # type: ignore[assignment]

    def prepare(self, home: Path, ports: dict[str, int]) -> dict[str, str]:
        """The same configuration with one listener more."""
        options = super().prepare(home, ports)
        names = {"PLAINTEXT": ports["broker"], "SASL_PLAINTEXT": ports["guarded"]}
        doors = ",".join(f"{name}://127.0.0.1:{port}" for name, port in names.items())
        login = "org.apache.kafka.common.security.plain.PlainLoginModule required"
        lines = {
            "listeners": f"{doors},CONTROLLER://127.0.0.1:{ports['controller']}",
            "advertised.listeners": doors,
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
            "sasl.enabled.mechanisms": "PLAIN",
            "listener.name.sasl_plaintext.plain.sasl.jaas.config": f'{login} user_{USER}="{PASSWORD}";',
        }
        with (home / "server.properties").open("a") as file:
            file.writelines(f"{key}={value}\n" for key, value in lines.items())
        return options

    @property
    def guarded(self) -> str:
        """HOST:PORT of the door with SASL."""
        return f"127.0.0.1:{self.state.ports['guarded']}"

    def settings(self, prefix: str, *, article_partitions: int = 1) -> KafkaSettings:
        """An installation of its own on this broker."""
        return KafkaSettings(
            bootstrap=self.bootstrap, prefix=prefix, article_partitions=article_partitions, replication=1
        )
