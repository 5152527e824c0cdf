"""What is on the topics, read by one who knows the CloudEvents specification and nothing of us."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from connectors.kafka import KafkaAdapters, KafkaSettings
from schemas.vocabulary import Stage
from tests.integration.contract.records import article, development, letter
from tests.integration.kafka.conftest import Connect, Install

REQUIRED = {"specversion", "id", "source", "type"}


def foreign(bootstrap: str, topic: str) -> list[dict[str, Any]]:
    """The events of a topic by the CloudEvents Kafka binding 1.0, section 3.2, and of a tombstone the key alone."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    end, events = consumer.end_offsets([partition])[partition], []
    while consumer.position(partition) < end:
        for record in consumer.poll(1000).get(partition, []):
            headers = {name: value.decode("utf-8") for name, value in record.headers}
            event: dict[str, Any] = {"key": record.key.decode()}
            if record.value is not None:
                event |= {name[3:]: value for name, value in headers.items() if name.startswith("ce_")}
                assert event.keys() >= REQUIRED
                assert not headers["content-type"].startswith("application/cloudevents")  # so: binary mode
                assert headers["content-type"] == "application/json"
                assert all(re.fullmatch("[a-z0-9]+", name) for name in event)
                event["data"] = json.loads(record.value)
            events.append(event)
    consumer.close()
    return events


@pytest.fixture
def settings(install: Install) -> KafkaSettings:
    """An installation."""
    return install()


@pytest.fixture
def adapters(settings: KafkaSettings, connect: Connect) -> KafkaAdapters:
    """Its adapters."""
    return connect(settings)


def test_an_article_is_a_cloud_event(settings: KafkaSettings, adapters: KafkaAdapters) -> None:
    """Keyed by its id; each revision an event of its own."""
    adapters.articles.append([article(1, text="Ü"), article(1, revision=2)])
    first, second = foreign(settings.bootstrap, settings.articles)
    assert {name: first[name] for name in ("key", "specversion", "id", "source", "type", "time")} == {
        "key": "art-000000000000000000000001",
        "specversion": "1.0",
        "id": "art-000000000000000000000001.1",
        "source": "urn:treatywire:articles",
        "type": "treatywire.article.v1",
        "time": "2026-05-21T12:00:00Z",
    }
    assert first["data"]["text"] == "Ü"
    assert second["id"] == "art-000000000000000000000001.2"


def test_a_development_is_a_cloud_event(settings: KafkaSettings, adapters: KafkaAdapters) -> None:
    """Keyed by its dossier."""
    adapters.developments.append([development(1)])
    (event,) = foreign(settings.bootstrap, settings.developments)
    assert (event["key"], event["id"]) == ("dos-one", development(1).id)
    assert (event["source"], event["type"]) == ("urn:treatywire:developments", "treatywire.development.v1")
    assert datetime.fromisoformat(event["time"]) == development(1).recorded
    assert event["data"]["change"] == "new"


def test_a_dead_letter_is_a_cloud_event_and_its_end_a_tombstone(
    settings: KafkaSettings, adapters: KafkaAdapters
) -> None:
    """Keyed by its id, so that compaction keeps the latest."""
    one = letter(1, stage=Stage.RECORD)
    adapters.dead_letters.add([one])
    adapters.dead_letters.remove([one.id])
    event, tombstone = foreign(settings.bootstrap, settings.dead_letters)
    assert (event["key"], event["type"], event["data"]["stage"]) == (one.id, "treatywire.dead-letter.v1", "record")
    assert tombstone == {"key": one.id}
