"""Topics: made as they must be, and refused where they would lose data."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from msgspec import Struct

from connectors.kafka.client import MAX_REQUEST_BYTES, Client
from connectors.kafka.library import ConfigResource, ConfigResourceType, kafka_errors
from schemas.errors import Misconfigured
from schemas.kafka_settings import KafkaSettings

KEEP_LETTERS = timedelta(days=30)
FOREVER = -1
UNREADABLE_CODECS = ("lz4", "snappy")
"""A broker that recompresses in these makes batches that this program has no decoder for."""


class Topic(Struct, frozen=True):
    """What is demanded of a topic."""

    name: str
    partitions: int
    ordered: bool
    """Whether it must have exactly so many partitions, since its entries have one order; else it may have more."""
    policy: tuple[str, ...]
    """``cleanup.policy``."""
    retention_ms: int
    """For so long at least."""


def wanted(settings: KafkaSettings, keep_articles: timedelta) -> Sequence[Topic]:
    """The three topics."""
    letters = int(KEEP_LETTERS.total_seconds() * 1000)
    articles = int(keep_articles.total_seconds() * 1000)
    return (
        Topic(settings.articles, settings.article_partitions, False, ("delete",), articles),
        Topic(settings.developments, 1, True, ("delete",), FOREVER),
        Topic(settings.dead_letters, 1, True, ("compact", "delete"), letters),
    )


def create(client: Client, keep_articles: timedelta) -> list[str]:
    """Makes the topics that are not there, and returns their names; those that are there are left as they are.

    Raises:
        Misconfigured: A topic that is there would lose data (as `check`), or the cluster refuses to make one.
        Unavailable: The brokers do not answer.
    """
    settings = client.settings
    topics = wanted(settings, keep_articles)
    with client.errors("create topics"):
        administrator = client.administrator()
        there = set(administrator.list_topics())
        absent = {topic.name: definition(topic, settings.replication) for topic in topics if topic.name not in there}
        if absent:
            try:
                administrator.create_topics(absent, wait_for_metadata=True)
            except kafka_errors.TopicAlreadyExistsError:
                administrator.wait_for_topics(list(absent))  # somebody else was first
            except kafka_errors.InvalidReplicationFactorError as error:
                fewer = f"kafka replication = {settings.replication}: the cluster has fewer brokers"
                raise Misconfigured(f"{fewer}; with a single one it takes 1") from error
    check(client, keep_articles)
    return sorted(absent)


def check(client: Client, keep_articles: timedelta) -> None:
    """Passes where every topic is there and would lose nothing.

    Raises:
        Misconfigured: One is missing, or its partitions, retention, cleanup policy, compression, size of a message or
            replicas in sync would lose data; the message names each, and what it takes.
        Unavailable: The brokers do not answer.
    """
    topics = wanted(client.settings, keep_articles)
    with client.errors("check topics"):
        described = {one["name"]: one for one in client.administrator().describe_topics([one.name for one in topics])}
        missing = [name for name, one in described.items() if not one["partitions"]]
        if missing:
            raise Misconfigured(f"kafka: no topic {', '.join(sorted(missing))}; `treatywire topics create` makes it")
        resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics]
        configs = client.administrator().describe_configs(resources, config_filter="all")["topic"]
    problems = [
        f"{topic.name}: {problem}"
        for topic in topics
        for problem in _problems(topic, described[topic.name]["partitions"], _values(configs[topic.name]))
    ]
    if problems:
        raise Misconfigured("kafka topics that would lose data:\n  " + "\n  ".join(problems))


def definition(topic: Topic, replication: int) -> dict[str, Any]:
    """What a topic is made with."""
    configs = {
        "cleanup.policy": ",".join(topic.policy),
        "compression.type": "producer",
        "max.message.bytes": str(MAX_REQUEST_BYTES),
        "min.insync.replicas": str(min(2, replication)),
        "retention.bytes": str(FOREVER),
        "retention.ms": str(topic.retention_ms),
        "unclean.leader.election.enable": "false",
    }
    return {"num_partitions": topic.partitions, "replication_factor": replication, "configs": configs}


def _values(config: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {name: str(entry["value"]) for name, entry in config.items()}


def _problems(topic: Topic, partitions: Sequence[Mapping[str, Any]], config: Mapping[str, str]) -> list[str]:
    return [*_wrong_shape(topic, partitions, config), *_wrong_retention(topic, config)]


def _wrong_shape(topic: Topic, partitions: Sequence[Mapping[str, Any]], config: Mapping[str, str]) -> Iterator[str]:
    count, replicas = len(partitions), min(len(partition["replica_nodes"]) for partition in partitions)
    in_sync = int(config["min.insync.replicas"])
    if topic.ordered and count != topic.partitions:
        yield f"{count} partitions; takes {topic.partitions}, since its entries have one order"
    if not topic.ordered and count < topic.partitions:
        yield f"{count} partitions, where {topic.partitions} are set: what was in the others is gone"
    if in_sync < min(2, replicas):
        yield f"min.insync.replicas = {in_sync} of {replicas} replicas; takes {min(2, replicas)} or more"
    if in_sync > replicas:
        yield f"min.insync.replicas = {in_sync}, but there are {replicas} replicas: nothing can be written"
    if config["unclean.leader.election.enable"] == "true":
        yield "unclean.leader.election.enable = true; takes false"


def _wrong_retention(topic: Topic, config: Mapping[str, str]) -> Iterator[str]:
    retention, size = int(config["retention.ms"]), int(config["max.message.bytes"])
    if {part.strip() for part in config["cleanup.policy"].split(",")} != set(topic.policy):
        yield f"cleanup.policy = {config['cleanup.policy']}; takes {','.join(topic.policy)}"
    if retention != FOREVER and (topic.retention_ms == FOREVER or retention < topic.retention_ms):
        takes = "-1, for ever" if topic.retention_ms == FOREVER else f"{topic.retention_ms} or more"
        yield f"retention.ms = {retention}; takes {takes}"
    if int(config["retention.bytes"]) != FOREVER:
        yield f"retention.bytes = {config['retention.bytes']}; takes -1"
    if size < MAX_REQUEST_BYTES:
        yield f"max.message.bytes = {size}; takes {MAX_REQUEST_BYTES} or more"
    if config["compression.type"] in UNREADABLE_CODECS:
        yield f"compression.type = {config['compression.type']}; takes producer, zstd, gzip or uncompressed"
