"""A reader of the articles topic that never passes another one: by one process, of all partitions, in no group."""

import time
from collections.abc import Sequence

from connectors.kafka.client import Client
from connectors.kafka.in_flight import from_metadata
from connectors.kafka.library import kafka_errors
from connectors.kafka.partitions import KafkaPartitions
from connectors.kafka.reader import READ_BYTES, STUCK_S, group_of
from schemas.article import Article
from schemas.codec import encode
from schemas.errors import Unavailable
from schemas.ports import Entry, InFlight, Standing, Unreadable

Place = tuple[int, int]
"""Partition, and the broker's offset in it."""


class KafkaFollower:
    """Reads, in each partition, up to where the leader's group has committed.

    Where it stands itself is kept as the offsets of a group that has no members. Entries have ascending numbers of this
    object's own; those that a process before had begun come first. For one thread.

    Args:
        client: For the offsets of groups.
        partitions: The topic.
        topic: Its name.
        name: The reader's.
        leader: Whom it never passes.
    """

    def __init__(
        self, client: Client, partitions: KafkaPartitions[Article], topic: str, name: str, leader: str
    ) -> None:
        self._client, self._partitions, self._topic = client, partitions, topic
        self._name, self._leader = name, leader
        self._given: dict[int, tuple[Place, Entry[Article]]] = {}
        self._last = self._position = self._missed = 0
        count = partitions.count()
        standings = {part: partitions.standing(name, part) for part in range(count)}
        self._committed = {part: one.offset for part, one in standings.items()}
        self._begun = {part: one.begun for part, one in standings.items() if one.begun}
        self._next = dict(self._committed)

    def read(self, limit: int) -> Sequence[Entry[Article]]:
        """Up to `limit` entries that are not committed, and not much more than 8 MiB of them.

        Raises:
            Unavailable: There are some, and the broker gives none.
        """
        deadline = time.monotonic() + STUCK_S
        size = sum(_size(entry) for _, entry in self._given.values())
        ends = self._ends()
        for part in sorted(ends, key=lambda part: (part not in self._begun, part)):
            while len(self._given) < limit and size < READ_BYTES and self._next[part] < ends[part]:
                wanted = min(limit - len(self._given), ends[part] - self._next[part])
                portion = self._partitions.read(part, self._next[part], wanted)
                if portion.next == self._next[part] and time.monotonic() > deadline:
                    raise Unavailable(f"{self._topic}: there are entries, and none came within {STUCK_S:.0f} s")
                for entry in portion.entries:
                    self._last += 1
                    size += _size(entry)
                    self._given[self._last] = (part, entry.offset - 1), Entry(self._last, entry.record)
                self._missed += portion.lost
                self._next[part] = portion.next
        return [entry for _, entry in self._given.values()][:limit]

    def begin(self, first: int, last: int) -> InFlight:
        """Notes durably that these entries are worked on; says how often these very ones were begun."""
        attempts = []
        for part, (from_, to) in self._spans(first, last).items():
            before = self._begun.get(part)
            again = before is not None and (before.first, before.last) == (from_, to)
            begun = InFlight(from_, to, before.attempts + 1 if before is not None and again else 1)
            self._stand(part, Standing(self._committed[part], begun))
            attempts.append(begun.attempts)
        return InFlight(first, last, min(attempts, default=1))

    def in_flight(self) -> InFlight | None:
        """What was begun and not committed; of a process before, as the entries that come first."""
        if not self._begun:
            return None
        attempts = max(begun.attempts for begun in self._begun.values())
        numbers = [number for number, (place, _) in self._given.items() if self._was_begun(place)]
        if numbers:
            return InFlight(min(numbers), max(numbers), attempts)
        entries = sum(begun.last + 1 - begun.first for begun in self._begun.values())
        return InFlight(self._last + 1, self._last + entries, attempts)

    def commit(self, offset: int) -> None:
        """Moves the position behind every entry given up to this one; forgets what was in flight."""
        ends = {part: to + 1 for part, (_, to) in self._spans(0, offset).items()}
        for part in ends.keys() | self._begun.keys():
            self._stand(part, Standing(ends.get(part, self._committed[part])))
        self._given = {number: one for number, one in self._given.items() if number > offset}
        self._position = max(self._position, offset)

    def position(self) -> int:
        """The number last committed, else 0."""
        return self._position

    def lag(self) -> int:
        """How many entries the leader has committed and this one has not."""
        return sum(max(0, end - self._done(part)) for part, end in self._ends().items())

    def missed(self) -> int:
        """How many entries the broker had deleted before this process came to them."""
        return self._missed

    def leader_works(self) -> bool:
        """Whether the leader has begun what it has not committed."""
        return any(from_metadata(note) is not None for _, note in self._leads().values())

    def _ends(self) -> dict[int, int]:
        """Up to where the leader has come in each partition; new partitions are read from their start."""
        ends = {part: offset for part, (offset, _) in self._leads().items()}
        for part in ends.keys() - self._next.keys():
            standing = self._partitions.standing(self._name, part)
            self._committed[part] = self._next[part] = standing.offset
        return ends

    def _leads(self) -> dict[int, tuple[int, str]]:
        group = group_of(self._topic, self._leader)
        return dict(self._client.committed(group, self._topic, range(self._partitions.count())))

    def _done(self, part: int) -> int:
        """Up to where nothing is left to do: also over entries that had expired before they were read."""
        waiting = [place for (in_, place), _ in self._given.values() if in_ == part]
        return min(waiting, default=self._next[part])

    def _spans(self, first: int, last: int) -> dict[int, tuple[int, int]]:
        spans: dict[int, tuple[int, int]] = {}
        for number, ((part, offset), _) in self._given.items():
            if first <= number <= last:
                from_, _ = spans.get(part, (offset, offset))
                spans[part] = (from_, offset)
        return spans

    def _was_begun(self, place: Place) -> bool:
        begun = self._begun.get(place[0])
        return begun is not None and begun.first <= place[1] <= begun.last

    def _stand(self, part: int, standing: Standing) -> None:
        self._partitions.stand(self._name, part, standing)
        self._committed[part] = standing.offset
        if standing.begun is None:
            self._begun.pop(part, None)
        else:
            self._begun[part] = standing.begun


class KafkaFollowed:
    """The articles topic, to be read behind another reader. The broker expires by age, whoever has yet to read."""

    def __init__(self, client: Client, partitions: KafkaPartitions[Article], topic: str) -> None:
        self._client, self._partitions, self._topic = client, partitions, topic

    def follow(self, name: str, leader: str) -> KafkaFollower:
        """A reader of this name that gives only what `leader` has committed."""
        return KafkaFollower(self._client, self._partitions, self._topic, name, leader)

    def forget(self, name: str) -> None:
        """Deletes the offsets of a reader."""
        group = group_of(self._topic, name)
        with self._client.errors(f"forget {group}"):
            answer = self._client.administrator().delete_groups([group])[group]
        if answer not in ("OK", kafka_errors.GroupIdNotFoundError.__name__):
            raise Unavailable(f"forget {group}: {answer}")


def _size(entry: Entry[Article]) -> int:
    record = entry.record
    return len(record.data) if isinstance(record, Unreadable) else len(record.text) or len(encode(record))
