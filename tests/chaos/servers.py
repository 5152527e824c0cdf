"""The servers that faults strike, and the ways to them on which more faults lie."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from deploy.local import Elasticsearch, Flink
from tests.chaos.frail_kafka import FrailKafka
from tests.chaos.small_disk import NoSmallDisk, SmallDisk
from tests.chaos.stalling_line import StallingLine
from tests.integration.elasticsearch.proxy import Proxy, proxy_before

TIMEOUT_S = 10
"""How long our processes wait for an answer of Elasticsearch here; not the default of 30, or stalls would be none."""


class Way(Enum):
    """By which our processes reach the servers."""

    DIRECT = "direct"
    LINE_TO_KAFKA = "a line to Kafka"
    LINE_TO_ELASTICSEARCH = "a line to Elasticsearch"
    PROXY = "an HTTP proxy before Elasticsearch"


class Servers(Struct, frozen=True):
    """All of them; `flink` in distributed mode."""

    kafka: FrailKafka
    elasticsearch: Elasticsearch
    line: StallingLine
    """To Elasticsearch; that to Kafka is Kafka's own."""
    proxy: Proxy
    flink: Flink | None = None
    no_disk: str = ""
    """Why the broker's disk is not a small one, but this machine's."""

    @property
    def disk(self) -> SmallDisk:
        """The broker's.

        Raises:
            NoSmallDisk: It is this machine's.
        """
        if self.kafka.disk is None:
            raise NoSmallDisk(self.no_disk)
        return self.kafka.disk

    def heal(self) -> None:
        """Starts again what an experiment that failed has left broken."""
        if self.kafka.disk:
            self.kafka.disk.make_room()
        for server in (self.kafka, self.elasticsearch, self.flink):
            if server is not None and not server.healthy:
                server.restart()

    def variables(self, way: Way) -> Mapping[str, str]:
        """What our processes must be told to go that way."""
        addresses = {
            Way.DIRECT: {},
            Way.LINE_TO_KAFKA: {"TREATYWIRE_KAFKA_BOOTSTRAP": self.kafka.line.address},
            Way.LINE_TO_ELASTICSEARCH: {"TREATYWIRE_ELASTICSEARCH_URLS": f"http://{self.line.address}"},
            Way.PROXY: {"TREATYWIRE_ELASTICSEARCH_URLS": self.proxy.url},
        }[way]
        return {"TREATYWIRE_ELASTICSEARCH_TIMEOUT_SECONDS": str(TIMEOUT_S), **addresses}


@contextmanager
def frail_servers(
    folder: Path, elasticsearch: Elasticsearch, flink: Flink | None = None, megabytes: int = 128
) -> Iterator[Servers]:
    """A broker of its own on a small disk, and lines and proxies to it and to the other servers."""
    with ExitStack() as stack:
        disk, no_disk = None, ""
        try:
            disk = SmallDisk(folder / "small-disk", megabytes)
            stack.callback(disk.close)
        except NoSmallDisk as reason:
            no_disk = str(reason)
        lines = StallingLine(), StallingLine()
        for line in lines:
            stack.callback(line.close)
        lines[1].to = urlsplit(elasticsearch.url).port
        kafka = FrailKafka(folder / "kafka", lines[0], disk)
        stack.callback(kafka.down, keep_logs=True)
        kafka.up()
        proxy = stack.enter_context(proxy_before(elasticsearch.url))
        yield Servers(kafka, elasticsearch, lines[1], proxy, flink, no_disk)
