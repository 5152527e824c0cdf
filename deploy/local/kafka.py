"""A real Kafka, one node that is broker and controller, on loopback."""

import socket
import struct
import subprocess
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from deploy.local.artifacts import kafka_jars
from deploy.local.errors import ServerFailed
from deploy.local.processes import Process, spawn
from deploy.local.server import NotReady, Part, Server
from deploy.local.tools import java

FORMAT_S = 120
"""Seconds after which the formatting of an empty data folder counts as stuck."""
LOGGING = """\
status=warn
shutdownHook=disable
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=INFO
rootLogger.appenderRef.console.ref=console
"""


class Kafka(Server):
    """Kafka in a folder; topics are made by those who need them, never by a first use.

    Args:
        folder: The instance's folder.
        heap: The most that its Java heap may take.
        settings: Lines of `server.properties` beyond ours, or instead of them.
    """

    name = "kafka"
    ports = ("broker", "controller")

    def __init__(self, folder: Path | str, *, heap: str = "512m", settings: Mapping[str, str] | None = None) -> None:
        super().__init__(folder)
        self._heap, self._settings = heap, settings or {}

    @property
    def bootstrap(self) -> str:
        """HOST:PORT for clients."""
        return f"127.0.0.1:{self.state.ports['broker']}"

    def addresses(self) -> dict[str, str]:
        """The address for clients."""
        return {"bootstrap": self.bootstrap}

    def parts(self) -> Mapping[str, Part]:
        """One broker."""
        return {"broker": Part(self._launch, self._health, self.folder / "kafka.log")}

    def prepare(self, home: Path, ports: dict[str, int]) -> dict[str, str]:
        """Fetches the broker, writes its configuration and formats its data folder."""
        options = {"jars": str(kafka_jars()), "heap": self._heap}
        broker, controller = f"127.0.0.1:{ports['broker']}", f"127.0.0.1:{ports['controller']}"
        lines = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{broker}",
            "controller.listener.names": "CONTROLLER",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": f"{home}/data",
            "auto.create.topics.enable": "false",
            # One node: what would be three copies is one.
            "offsets.topic.replication.factor": "1",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            # A broker that was killed may come back only once its session has run out: 9 s by default.
            "broker.session.timeout.ms": "4000",
            "broker.heartbeat.interval.ms": "1000",
            # Small and quick, for tests.
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.num.partitions": "4",
            "group.initial.rebalance.delay.ms": "0",
            "log.cleaner.dedupe.buffer.size": "16777216",
        }
        properties = "".join(f"{key}={value}\n" for key, value in {**lines, **self._settings}.items())
        (home / "server.properties").write_text(properties)
        (home / "log4j2.properties").write_text(LOGGING)
        # The first letter of an id in base64 may be a dash, and then the tool takes it for an option.
        cluster = urlsafe_b64encode(b"\0" + uuid.uuid4().bytes[1:]).decode().rstrip("=")
        command = [
            java(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            *_classes(options),
            "kafka.tools.StorageTool",
            "format",
        ]
        command += ["--cluster-id", cluster, "--config", str(home / "server.properties")]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=FORMAT_S, check=False)
        if ran.returncode:
            raise ServerFailed(f"kafka: its data folder could not be formatted:\n{ran.stdout}{ran.stderr}")
        return options

    def _launch(self) -> Process:
        state = self.state
        home = Path(state.home)
        command = [
            java(),
            "-Xms256m",
            f"-Xmx{state.options['heap']}",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            f"-XX:ErrorFile={home}/hs_err_pid%p.log",
            f"-Dlog4j2.configurationFile={home}/log4j2.properties",
            *_classes(state.options),
            "kafka.Kafka",
            str(home / "server.properties"),
        ]
        return spawn(command, self.folder / "kafka.log")

    def _health(self) -> str:
        """The broker opens its port, and answers this request, once the controller lets it serve clients."""
        request = struct.pack(">hhih", 18, 0, 1, -1)  # ApiVersions, version 0, correlation id 1, no client id
        try:
            with socket.create_connection(("127.0.0.1", self.state.ports["broker"]), timeout=5) as connection:
                connection.sendall(struct.pack(">i", len(request)) + request)
                with connection.makefile("rb") as answer:
                    head = answer.read(10)
        except OSError as error:
            raise NotReady(str(error)) from error
        if len(head) < 10 or struct.unpack(">iih", head)[1:] != (1, 0):
            raise NotReady("answers, but not as Kafka does")
        return "answers"


def _classes(options: Mapping[str, str]) -> list[str]:
    return ["-cp", f"{options['jars']}/*"]
