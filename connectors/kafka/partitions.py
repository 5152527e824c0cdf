"""A topic by its partitions, for a runner that keeps its own place in each."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import structlog

from connectors.kafka.client import WAIT_MS, Client
from connectors.kafka.cloud_event import Format
from connectors.kafka.in_flight import Begun, from_metadata, metadata
from connectors.kafka.library import EARLIEST, OffsetAndMetadata, TopicPartition, kafka_errors
from connectors.kafka.reader import group_of
from schemas.ports import Entry, InFlight, Portion, Standing

T = TypeVar("T")

POLL_MS = 5
"""How long to wait for entries: the library fetches them ahead, on a thread of its own."""
ASK_EVERY_S = 5.0
"""How often a broker that sends nothing is asked whether it is there; a consumer that has lost its own says nothing."""
COUNT_EVERY_S = 10.0
"""How soon partitions that were added are noticed."""


@dataclass
class _Place:
    """One partition's consumer; for one thread at a time."""

    consumer: Any
    lock: threading.Lock = field(default_factory=threading.Lock)
    heard: float = 0.0
    """When the broker was last known to be there; `time.monotonic()`."""


class KafkaPartitions(Generic[T]):
    """The partitions of one topic, each read through a consumer of its own that belongs to no group.

    Where a reader stands is kept as its consumer group's offset, with what it had begun in the metadata, as
    `KafkaReader` does: so a member of the group goes on where a runner has stopped, and the other way round. While the
    group has members the broker refuses to move it.

    May be shared by threads.
    """

    def __init__(self, client: Client, topic: str, format: Format[T]) -> None:
        self._client, self._topic, self._format = client, topic, format
        self._lock = threading.Lock()
        self._places: dict[int, _Place] = {}
        self._counted: tuple[float, int] | None = None
        self._log = structlog.get_logger(topic=topic)

    def count(self) -> int:
        """How many there are; asked again every 10 s."""
        if self._counted is None or time.monotonic() - self._counted[0] > COUNT_EVERY_S:
            self._counted = time.monotonic(), self._client.partitions(self._topic)
        return self._counted[1]

    def read(self, partition: int, offset: int, limit: int) -> Portion[T]:
        """Up to `limit` entries from `offset` on; none where there are none now.

        What retention has deleted is passed over, counted and logged; a topic that was made anew is read from its
        start.

        Raises:
            Unavailable: The broker has not answered for a while.
        """
        at = TopicPartition(self._topic, partition)
        with self._client.errors(f"read {self._topic}"):
            place = self._place(at)
            with place.lock:
                if place.consumer.position(at, timeout_ms=WAIT_MS) != offset:
                    place.consumer.seek(at, offset)
                records = place.consumer.poll(timeout_ms=POLL_MS, max_records=limit).get(at, [])
                if records:
                    place.heard = time.monotonic()
                    begins, ends = records[0].offset, records[-1].offset + 1
                else:
                    self._ask(place, partition)
                    position = place.consumer.position(at, timeout_ms=WAIT_MS)
                    begins = ends = offset if position is None else position
        if begins > offset:
            self._log.error("entries expired before they were read", partition=partition, entries=begins - offset)
        elif begins < offset:
            self._log.error("the topic was made anew; it is read from its start", partition=partition, offset=offset)
        return Portion([self._entry(record) for record in records], ends, max(0, begins - offset))

    def standing(self, name: str, partition: int) -> Standing:
        """What the group has committed, else the first entry that is there."""
        committed = self._client.committed(group_of(self._topic, name), self._topic, [partition])
        if partition not in committed:
            return Standing(self._client.ends_of(self._topic, [partition], EARLIEST)[partition])
        offset, note = committed[partition]
        begun = from_metadata(note)
        return Standing(offset, InFlight(begun.first, begun.last, begun.attempts) if begun else None)

    def stand(self, name: str, partition: int, standing: Standing) -> None:
        """Commits for the group.

        Raises:
            Unavailable: The group has members, or its broker does not answer.
        """
        begun = standing.begun
        note = metadata(Begun(begun.first, begun.last, begun.attempts) if begun else None)
        at = TopicPartition(self._topic, partition)
        group = group_of(self._topic, name)
        with self._client.errors(f"commit as {group}"):
            committed = {at: OffsetAndMetadata(standing.offset, note, -1)}
            error = self._client.administrator().alter_group_offsets(group, committed)[at]
            if error is not kafka_errors.NoError:
                raise error(f"{at.topic} {at.partition}")

    def close(self) -> None:
        """Ends the connections; the next use makes others."""
        with self._lock:
            places, self._places = self._places, {}
        for place in places.values():
            with self._client.errors(f"leave {self._topic}"):
                place.consumer.close(autocommit=False, timeout_ms=2000)

    def _place(self, at: TopicPartition) -> _Place:
        with self._lock:
            if at.partition not in self._places:
                self._client.require(self._topic)
                consumer = self._client.consumer()
                consumer.assign([at])
                consumer.seek(at, 0)  # a position of its own would be asked of the broker
                self._places[at.partition] = _Place(consumer)
            return self._places[at.partition]

    def _ask(self, place: _Place, partition: int) -> None:
        if time.monotonic() - place.heard > ASK_EVERY_S:
            self._client.ends_of(self._topic, [partition])
            place.heard = time.monotonic()

    def _entry(self, record: Any) -> Entry[T]:
        where = f"{self._topic}, partition {record.partition}, offset {record.offset}"
        return Entry(record.offset + 1, self._format.read(record.key, record.value, record.headers, where))
