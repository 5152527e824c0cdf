"""The partitions that are ours, and how far each has come."""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from connectors.kafka.client import WAIT_S, Client
from connectors.kafka.in_flight import Begun, from_metadata, metadata
from connectors.kafka.library import EARLIEST, OffsetAndMetadata, kafka_errors
from connectors.kafka.membership import Membership

REBALANCE_S = 0.25
"""How long a poll waits in a rebalance. kafka-python 3.0.12 takes note of the end of one inside a poll alone, and
begins another where it came in between."""


@dataclass
class Owned:
    """A partition of ours; offsets are the broker's."""

    committed: int
    """The next one to be committed: everything before it is done."""
    next: int
    """The next one to be given."""
    begun: Begun | None
    here: bool = False
    """Whether it was begun by us, not by who had it before."""
    first_until: int = -1
    """Up to here its entries come before those of other partitions: a process died of them, perhaps."""


class Ownership:
    """What a member owns, kept in step with its group.

    Args:
        client: Connects to the cluster.
        topic: What is read.
        group: The reader's.
        lost: Told of partitions that are ours no longer.
    """

    def __init__(self, client: Client, topic: str, group: str, lost: Callable[[Collection[int]], None]) -> None:
        self._client, self._topic, self._group, self._lost = client, topic, group, lost
        self.member = Membership(client, topic, group)
        self.owned: dict[int, Owned] = {}
        self._arriving: set[int] = set()
        self._held: set[int] = set()
        self._log = structlog.get_logger(topic=topic, group=group)

    @property
    def settled(self) -> bool:
        """Whether the group is through with giving out partitions."""
        return self.member.settled and not self._arriving

    def readable(self) -> frozenset[int]:
        """Which partitions may give entries: those in which somebody died first, else all."""
        first = {partition for partition, one in self.owned.items() if one.next <= one.first_until}
        return frozenset((first or self.owned.keys()) - self._held)

    def poll(self, partitions: Collection[int], limit: int, wait_s: float) -> list[Any]:
        """Records of these partitions; takes part in a rebalance and learns what came and went."""
        records = self.member.poll(partitions, limit, wait_s if self.settled else max(wait_s, REBALANCE_S))
        for gone in self.member.lost():
            self._forget(gone)
        assigned = self.member.assigned
        self._forget(self.owned.keys() - assigned)
        self._arriving = set(assigned - self.owned.keys())
        # Of one that went and came back, what was polled is of the time before.
        given = [record for record in records if record.partition in self.owned]
        if self._arriving:
            try:
                self._arrive()
            except BaseException:
                for partition in {record.partition for record in given}:
                    self.member.seek(partition, self.owned[partition].next)  # nobody got it: it is to come again
                raise
        return given

    def release(self) -> None:
        """Lets partitions give entries that came with work in flight."""
        self._held.clear()

    def begun_here(self) -> list[int]:
        """Partitions in which we have begun something and not committed."""
        return [partition for partition, one in self.owned.items() if one.here]

    def store(self, places: Mapping[int, int], begun: Mapping[int, Begun | None]) -> None:
        """Commits these offsets, each with what is in flight there, of the partitions that are still ours.

        Raises:
            Unavailable: The broker, or a rebalance under way, does not come to an end in time.
        """
        deadline = time.monotonic() + WAIT_S
        while wanted := {partition: place for partition, place in places.items() if partition in self.owned}:
            notes = {partition: begun.get(partition) for partition in wanted}
            try:
                self.member.commit(
                    {part: OffsetAndMetadata(place, metadata(notes[part]), -1) for part, place in wanted.items()}
                )
            except (kafka_errors.RebalanceInProgressError, kafka_errors.CommitFailedError) as error:
                if not _rebalancing(error):
                    self._log.warning("was taken for dead; others work on what was ours", reason=str(error))
                    self._forget(frozenset(self.owned))
                    return
                if time.monotonic() > deadline:
                    raise
                self.poll((), 0, 0.05)
                continue
            for partition, place in wanted.items():
                one = self.owned[partition]
                one.committed, one.begun, one.here = place, notes[partition], notes[partition] is not None
                if place > one.next:  # committed without having been given
                    one.next = place
                    self.member.seek(partition, place)
            return

    def _forget(self, partitions: Collection[int]) -> None:
        gone = set(partitions)
        if not gone:
            return
        for partition in gone:
            self.owned.pop(partition, None)
        self._arriving -= gone
        self._held -= gone
        self._lost(gone)

    def _arrive(self) -> None:
        """Learns where new partitions stand; until that is known they give nothing, and the next poll asks again."""
        committed = self._client.committed(self._group, self._topic, self._arriving)
        starts = self._client.ends_of(self._topic, self._arriving - committed.keys(), EARLIEST)
        for partition in sorted(self._arriving):
            place, note = committed[partition] if partition in committed else (starts[partition], "")
            begun = from_metadata(note)
            self.member.seek(partition, place)
            self.owned[partition] = Owned(place, place, begun, first_until=begun.last if begun else -1)
            if begun:
                self._held.add(partition)
        self._arriving.clear()


def _rebalancing(error: Exception) -> bool:
    """Whether partitions are being given out anew while we still belong to the group."""
    reasons = (error, *error.args)
    return any(isinstance(reason, kafka_errors.RebalanceInProgressError) for reason in reasons)
