"""Kafka as `deploy.local` runs it."""

from pathlib import Path

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic

from deploy.local import Kafka, kafka_server


def write(kafka: Kafka, topic: str, *values: bytes) -> None:
    """Makes a topic of one partition, and returns when every record is acknowledged."""
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
    admin.close()
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    for sent in [producer.send(topic, value) for value in values]:
        sent.get(timeout=60)
    producer.close()


def read(kafka: Kafka, topic: str, count: int) -> list[bytes]:
    """The first records of a topic; fewer than asked for when no more come for a minute."""
    consumer = KafkaConsumer(
        topic, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest", consumer_timeout_ms=60_000
    )
    values = [record.value for _, record in zip(range(count), consumer, strict=False)]
    consumer.close()
    return values


def topics(kafka: Kafka) -> set[str]:
    """The names of all topics."""
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    names = set(admin.list_topics())
    admin.close()
    return names


def test_what_is_produced_is_consumed_in_order(kafka: Kafka) -> None:
    """As soon as the server is up, without a wait."""
    assert kafka.health() == {"broker": "answers"}
    write(kafka, "order", b"one", b"two", b"three")
    assert read(kafka, "order", 3) == [b"one", b"two", b"three"]


def test_a_killed_broker_comes_back_at_its_address_with_its_records(kafka: Kafka) -> None:
    """What was acknowledged before a SIGKILL is there after it."""
    write(kafka, "kept", b"kept")
    bootstrap, killed = kafka.bootstrap, kafka.pid
    kafka.kill()
    assert kafka.health() == {"broker": "down"}
    kafka.restart()
    assert kafka.bootstrap == bootstrap
    assert kafka.pid != killed
    assert read(kafka, "kept", 1) == [b"kept"]


def test_a_server_that_is_up_stays_as_it_is(kafka: Kafka) -> None:
    """A second `up`, by an object that knows nothing but the folder, finds the same process at the same address."""
    again = Kafka(kafka.folder)
    again.up()
    assert (again.pid, again.bootstrap) == (kafka.pid, kafka.bootstrap)


def test_two_instances_know_nothing_of_each_other(kafka: Kafka, tmp_path: Path) -> None:
    """Neither has the other's topics, and the end of one is not that of the other."""
    with kafka_server(tmp_path) as other:
        write(other, "other", b"other")
        write(kafka, "mine", b"mine")
        assert topics(other) == {"other"}
        assert "other" not in topics(kafka)
    assert not other.exists
    assert kafka.healthy
    assert read(kafka, "mine", 1) == [b"mine"]
