"""Real servers on this machine, for tests and for trying out: Kafka, Elasticsearch, Flink with Beam's job server.

    with kafka_server(folder) as kafka, elasticsearch_server(folder, security=True) as elasticsearch:
        ...

Each listens on free ports of 127.0.0.1, keeps everything in its folder, and leaves nothing behind but its logs.
`kill` ends one as a crash would, `restart` brings it back on the same ports and data.
Their programs are fetched once, by Maven, into a cache. No container engine is needed; Linux, Java 17 and Maven are.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.local.elasticsearch import Elasticsearch
from deploy.local.errors import LocalServerError, MissingTools, NotFetched, ServerFailed
from deploy.local.flink import Flink
from deploy.local.kafka import Kafka

__all__ = [
    "Elasticsearch",
    "Flink",
    "Kafka",
    "LocalServerError",
    "MissingTools",
    "NotFetched",
    "ServerFailed",
    "elasticsearch_server",
    "flink_cluster",
    "kafka_server",
]


@contextmanager
def elasticsearch_server(
    folder: Path | str,
    *,
    security: bool = False,
    for_load: bool = False,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Elasticsearch]:
    """An Elasticsearch that answers, until the block ends; its log stays in the folder."""
    server = Elasticsearch(folder, security=security, for_load=for_load, settings=settings)
    try:
        server.up()
        yield server
    finally:
        server.down(keep_logs=True)


@contextmanager
def kafka_server(
    folder: Path | str, *, heap: str = "512m", settings: Mapping[str, str] | None = None
) -> Iterator[Kafka]:
    """A Kafka that serves clients, until the block ends; its log stays in the folder."""
    server = Kafka(folder, heap=heap, settings=settings)
    try:
        server.up()
        yield server
    finally:
        server.down(keep_logs=True)


@contextmanager
def flink_cluster(
    folder: Path | str, *, heap: str = "1g", settings: Mapping[str, str] | None = None
) -> Iterator[Flink]:
    """A Flink cluster that takes jobs, until the block ends; its logs stay in the folder."""
    server = Flink(folder, heap=heap, settings=settings)
    try:
        server.up()
        yield server
    finally:
        server.down(keep_logs=True)
