"""One member of a consumer group: which partitions are ours, and what is polled of them."""

from collections import deque
from collections.abc import Collection, Iterator
from typing import Any

from connectors.kafka.assignor import OwningAssignor
from connectors.kafka.client import WAIT_MS, Client
from connectors.kafka.library import (
    ConsumerRebalanceListener,
    MemberState,
    TopicPartition,
)

SESSION_S = 10
"""After so long without a heartbeat, the partitions of a member that was killed go to others."""
HEARTBEAT_S = 2
BATCH_S = 120
"""So long a batch may take. A member that does not read for longer is taken for stuck: others get its partitions."""


class Membership:
    """A member of a group over one topic, with cooperative rebalance; for one thread at a time.

    Partitions come and go in `poll` only, and a member keeps those that do not move. A new partition gives nothing
    before the caller has found it in `assigned`, has sought its place and polls it by name.
    """

    def __init__(self, client: Client, topic: str, group: str) -> None:
        self._topic = topic
        self._lost: deque[frozenset[int]] = deque()
        assignor = OwningAssignor()
        self._consumer = client.consumer(
            group_id=group,
            partition_assignment_strategy=[assignor],
            session_timeout_ms=SESSION_S * 1000,
            heartbeat_interval_ms=HEARTBEAT_S * 1000,
            max_poll_interval_ms=BATCH_S * 1000,
        )
        assignor.owned = self._consumer.assignment
        self._consumer.subscribe([topic], listener=_Listener(self._consumer, self._lost))
        # Without this, a member may join before it knows the topic's partitions, and give out none of them.
        self._consumer.partitions_for_topic(topic)

    @property
    def settled(self) -> bool:
        """Whether the group is through with giving out partitions, as far as we know."""
        return bool(self._consumer.group_metadata().state == MemberState.STABLE)

    @property
    def assigned(self) -> frozenset[int]:
        """The partitions that the group has given us."""
        return frozenset(place.partition for place in self._consumer.assignment())

    def poll(self, partitions: Collection[int], limit: int, wait_s: float) -> list[Any]:
        """Up to `limit` records of these partitions alone, each partition's in order; takes part in a rebalance."""
        assigned = self._consumer.assignment()
        self._consumer.pause(*(place for place in assigned if place.partition not in partitions))
        self._consumer.resume(*(place for place in assigned if place.partition in partitions))
        self._clear_slot()
        polled = self._consumer.poll(timeout_ms=int(wait_s * 1000), max_records=max(limit, 1))
        return [record for records in polled.values() for record in records]

    def _clear_slot(self) -> None:
        """Has the library give what it laid by of partitions that were paused.

        kafka-python 3.0.12 does so only while the place for the batch that is being given is empty, and leaves there
        one that has been given to its end: the partition then stands still for good.
        """
        fetcher = self._consumer._fetcher
        if not getattr(fetcher, "_next_partition_records", True):
            fetcher._next_partition_records = None

    def lost(self) -> Iterator[frozenset[int]]:
        """Partitions that went since the last call, perhaps to come back at once."""
        while self._lost:
            yield self._lost.popleft()

    def seek(self, partition: int, offset: int) -> None:
        """Where to go on in a partition of ours."""
        self._consumer.seek(TopicPartition(self._topic, partition), offset)

    def commit(self, offsets: dict[int, Any]) -> None:
        """Commits, durably on return; refused by the broker where a partition is ours no longer."""
        committed = {TopicPartition(self._topic, partition): offset for partition, offset in offsets.items()}
        self._consumer.commit(committed, timeout_ms=WAIT_MS)

    def close(self) -> None:
        """Leaves the group, so that others get the partitions at once."""
        self._consumer.close(autocommit=False, timeout_ms=2000)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes what comes and goes. Runs in the library's own thread, so it only notes."""

    def __init__(self, consumer: Any, lost: deque[frozenset[int]]) -> None:
        self._consumer, self._lost = consumer, lost

    def on_partitions_assigned(self, assigned: Collection[Any]) -> None:
        self._consumer.pause(*assigned)

    def on_partitions_revoked(self, revoked: Collection[Any]) -> None:
        self._lost.append(frozenset(place.partition for place in revoked))
