"""Topics are made as they must be, and refused where they would lose data."""

from typing import Any

import pytest
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient
from msgspec.structs import replace

from connectors.kafka import check, create
from connectors.kafka.client import Client
from schemas.errors import Misconfigured
from tests.integration.kafka.conftest import KEEP, Connect, Install
from tests.integration.kafka.server import GuardedKafka
from tests.waiting import until

WRONG = {
    "articles.v1": [
        ({"cleanup.policy": "compact"}, "cleanup.policy = compact; takes delete"),
        ({"retention.ms": "86400000"}, "retention.ms = 86400000; takes 7776000000 or more"),
        ({"retention.bytes": "1000000000"}, "retention.bytes = 1000000000; takes -1"),
        ({"max.message.bytes": "1048588"}, "max.message.bytes = 1048588; takes 12582912 or more"),
        ({"compression.type": "lz4"}, "compression.type = lz4; takes producer, zstd, gzip or uncompressed"),
        ({"min.insync.replicas": "2"}, "min.insync.replicas = 2, but there are 1 replicas: nothing can be written"),
        ({"unclean.leader.election.enable": "true"}, "unclean.leader.election.enable = true; takes false"),
    ],
    "developments.v1": [
        ({"retention.ms": "7776000000"}, "retention.ms = 7776000000; takes -1, for ever"),
        ({"cleanup.policy": "compact"}, "cleanup.policy = compact; takes delete"),
    ],
    "dead-letters.v1": [({"cleanup.policy": "delete"}, "cleanup.policy = delete; takes compact,delete")],
}


@pytest.mark.parametrize(
    ("topic", "number"), [(topic, number) for topic in WRONG for number in range(len(WRONG[topic]))]
)
def test_a_topic_that_would_lose_data_is_refused(
    topic: str, number: int, broker: GuardedKafka, install: Install, connect: Connect
) -> None:
    """With the setting that is wrong and what it takes; set right again, it passes."""
    config, problem = WRONG[topic][number]
    settings = install()
    name = f"{settings.prefix}.{topic}"
    administrator = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    client = connect(settings).client
    check(client, KEEP)
    administrator.alter_configs(_topic(name, config))
    said = until(lambda: refusal(client))
    assert said.splitlines() == ["kafka topics that would lose data:", f"  {name}: {problem}"]
    administrator.close()


def test_fewer_partitions_than_before_are_refused(broker: GuardedKafka, install: Install, connect: Connect) -> None:
    """What was in the others is gone; more are welcome."""
    settings = install(3)
    check(connect(replace(settings, article_partitions=2)).client, KEEP)
    with pytest.raises(Misconfigured, match="3 partitions, where 4 are set: what was in the others is gone"):
        check(connect(replace(settings, article_partitions=4)).client, KEEP)


def test_a_log_with_one_order_takes_one_partition(broker: GuardedKafka, install: Install, connect: Connect) -> None:
    """Two would give developments no order and subscriptions no position."""
    settings = install()
    administrator = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    administrator.create_partitions({settings.developments: 2})
    administrator.close()
    adapters = connect(settings)
    assert "2 partitions; takes 1, since its entries have one order" in until(lambda: refusal(adapters.client))
    with pytest.raises(Misconfigured, match="2 partitions; it takes 1"):
        adapters.developments.after(0, 1)


def test_create_makes_what_is_missing_and_touches_nothing_else(install: Install, connect: Connect) -> None:
    """Twice is as good as once, and a topic that was removed comes back alone."""
    settings = install()
    client = connect(settings).client
    assert create(client, KEEP) == []
    client.administrator().delete_topics([settings.dead_letters])
    until(lambda: settings.dead_letters not in client.administrator().list_topics())
    assert create(client, KEEP) == [settings.dead_letters]


def test_missing_topics_are_named(broker: GuardedKafka, connect: Connect) -> None:
    """All of them."""
    with pytest.raises(Misconfigured, match=r"no topic x\.articles\.v1, x\.dead-letters\.v1, x\.developments\.v1"):
        check(connect(broker.settings("x")).client, KEEP)


def test_more_replicas_than_brokers_are_refused(broker: GuardedKafka, connect: Connect) -> None:
    """With the setting's name."""
    settings = replace(broker.settings("many"), replication=3)
    with pytest.raises(Misconfigured, match="kafka replication = 3: the cluster has fewer brokers"):
        create(connect(settings).client, KEEP)


def refusal(client: Client) -> str:
    """What `check` has against the topics; a broker takes a moment to know what it was told."""
    try:
        check(client, KEEP)
    except Misconfigured as error:
        return str(error)
    return ""


def _topic(name: str, config: dict[str, str]) -> list[Any]:
    return [ConfigResource(ConfigResourceType.TOPIC, name, configs=config)]
