"""Writing to a topic."""

from collections.abc import Sequence
from typing import Any

from connectors.kafka.client import WAIT_S, Client
from connectors.kafka.cloud_event import Message
from connectors.kafka.library import KafkaProducer
from schemas.errors import TreatywireError


def append(client: Client, topic: str, messages: Sequence[Message]) -> None:
    """Durable on return: every replica in sync has every message, in order within each key.

    Nothing is known of a call that raises: a retry may write some of it twice, and never out of order.

    Raises:
        Unavailable: The brokers did not acknowledge all of it in time.
        Misconfigured: There is no such topic, or we may not write to it.
        BadRecord: The topic takes no message that long.
    """
    pairs = [(message.key, message.value, message.headers) for message in messages]
    _send(client, topic, [{"key": key, "value": value, "headers": headers} for key, value, headers in pairs])


def bury(client: Client, topic: str, keys: Sequence[bytes]) -> None:
    """Appends a tombstone for each key, durable on return: what the key stood for is gone."""
    _send(client, topic, [{"key": key, "value": None} for key in keys])


def _send(client: Client, topic: str, sendings: Sequence[dict[str, Any]]) -> None:
    if not sendings:
        return
    client.require(topic)
    try:
        with client.errors(f"append to {topic}"):
            producer = client.producer()
            futures = [producer.send(topic, **sending) for sending in sendings]
            producer.flush(timeout=WAIT_S + 1)
            for future in futures:
                future.get(timeout=0)
    except TreatywireError:
        # What is still in the producer's queues might be written after the caller's retry: it goes with the producer.
        client.drop(KafkaProducer)
        raise
