"""The readers of one process: one object for each name, since the name is the reader."""

import threading
from contextlib import ExitStack
from typing import Any, TypeVar

from connectors.kafka.client import Client
from connectors.kafka.cloud_event import Format
from connectors.kafka.reader import KafkaReader, group_of

T = TypeVar("T")


class Readers:
    """Makes each reader once, so that two who ask for a name are one member of its group, and not rivals."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._made: dict[str, KafkaReader[Any]] = {}

    def reader(self, topic: str, name: str, format: Format[T]) -> KafkaReader[T]:
        """The reader of this name on this topic."""
        with self._lock:
            group = group_of(topic, name)
            if group not in self._made:
                self._made[group] = KafkaReader(self._client, topic, name, format)
            return self._made[group]

    def close(self) -> None:
        """Leaves all groups."""
        with ExitStack() as closing:
            for reader in list(self._made.values()):
                closing.callback(reader.close)
