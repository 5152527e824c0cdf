"""Named readers: members of a consumer group that commit after their effects."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

import structlog

from connectors.kafka.client import Client
from connectors.kafka.cloud_event import Format
from connectors.kafka.in_flight import Begun
from connectors.kafka.library import EARLIEST
from connectors.kafka.numbering import Given, Numbering
from connectors.kafka.ownership import Ownership
from schemas.errors import Unavailable
from schemas.ports import Entry, InFlight

T = TypeVar("T")

READ_BYTES = 8 * 1024 * 1024
"""A batch ends early once it holds so much."""
FIRST_S = 0.05
"""How long to wait for the first entry where there is none; the broker answers at once when one comes."""
FILL_S = 0.1
"""How long to gather more, where some have come."""
STUCK_S = 8.0
JOIN_S = 2.0
"""How long to wait for the other members before saying that there is nothing for us yet."""


class KafkaReader(Generic[T]):
    """A named reader of one topic; at least once. Any number of processes under one name share its partitions.

    It joins its group at the first call that works on entries (`read`, `begin`, `in_flight`, `commit`); before,
    `position` asks the broker, so that a status page takes nobody's partitions. Entries have numbers of `Numbering`.

    Entries whose partition has gone to another member in mid-work are read there again: `commit` leaves them out, since
    their new owner commits them. `read` raises `Unavailable` within 10 s where the broker does not answer, and goes on
    by itself within about a second of its coming back.

    May be shared by threads, which then wait for each other.
    """

    def __init__(self, client: Client, topic: str, name: str, format: Format[T]) -> None:
        self._client, self._topic, self._format = client, topic, format
        self._group = group_of(topic, name)
        self._lock = threading.RLock()
        self._log = structlog.get_logger(topic=topic, reader=name)
        self._ours: Ownership | None = None
        self._numbers: Numbering[T] = Numbering(0, 0)
        self._position = self._missed = 0

    def read(self, limit: int) -> Sequence[Entry[T]]:
        """Up to `limit` entries that are not committed, in the order of their numbers, and not much more than 8 MiB.

        Where a partition came over from a process that died in mid-work, its entries come in no call before the next,
        so that `in_flight` can be asked first, and then before those of other partitions.
        """
        with self._working("read") as ours:
            ready = self._fill(ours, limit)
            ours.release()
            if not ready:
                return []
            size, batch = 0, []
            for one in self._numbers.given[:limit]:
                batch.append(one.entry)
                size += one.size
                if size >= READ_BYTES:
                    break
            return batch

    def begin(self, first: int, last: int) -> InFlight:
        """Notes durably, beside the committed offsets, what is worked on; says how often these very entries were."""
        with self._working("begin") as ours:
            spans = {part: span for part, span in self._numbers.spans(first, last).items() if part in ours.owned}
            begun: dict[int, Begun | None] = dict.fromkeys(ours.begun_here())
            for partition, (from_, to) in spans.items():
                before = ours.owned[partition].begun
                again = before is not None and (before.first, before.last) == (from_, to)
                begun[partition] = Begun(from_, to, before.attempts + 1 if before and again else 1)
            ours.store({part: ours.owned[part].committed for part in begun}, begun)
            return InFlight(first, last, min((one.attempts for one in begun.values() if one), default=1))

    def in_flight(self) -> InFlight | None:
        """What was begun and not committed in the partitions that are ours now, by us or by who had them before."""
        with self._working("in_flight") as ours:
            ours.poll((), 0, 0)
            ours.release()
            begun = {partition: one.begun for partition, one in ours.owned.items() if one.begun}
            if not begun:
                return None
            attempts = max(one.attempts for one in begun.values())
            if self._numbers.single:
                return InFlight(begun[0].first + 1, begun[0].last + 1, attempts)
            given = [
                one.entry.offset
                for one in self._numbers.given
                if one.partition in begun and begun[one.partition].first <= one.offset <= begun[one.partition].last
            ]
            to_come = sum(max(0, one.last + 1 - ours.owned[part].next) for part, one in begun.items())
            last = self._numbers.last + to_come if to_come else max(given, default=self._position)
            return InFlight(min([*given, self._numbers.last + 1]), last, attempts)

    def commit(self, offset: int) -> None:
        """Moves the position behind every entry that was given up to this one; forgets what was in flight."""
        with self._working("commit") as ours:
            ends = {part: last + 1 for part, (_, last) in self._numbers.spans(0, offset).items() if part in ours.owned}
            places = {part: ours.owned[part].committed for part in ours.begun_here()}
            places |= {part: max(end, ours.owned[part].committed) for part, end in ends.items()}
            ours.store(places, {})
            self._numbers.done(offset)
            self._position = max(self._position, offset)

    def position(self) -> int:
        """The number last committed; of a reader that works nowhere in this process, how many its group has passed."""
        with self._lock:
            if self._ours is not None and self._ours.owned:
                return self._ours.owned[0].committed if self._numbers.single else self._position
            return sum(offset for offset, _ in self._committed().values())

    def lag(self) -> int:
        """How many entries of the whole topic the group has not committed."""
        ends = self._client.ends(self._topic)
        starts = self._client.ends_of(self._topic, ends, EARLIEST)
        passed = {part: offset for part, (offset, _) in self._committed().items()}
        return sum(max(0, end - max(passed.get(part, 0), starts[part])) for part, end in ends.items())

    def missed(self) -> int:
        """How many entries the broker had deleted before this process came to them."""
        return self._missed

    def close(self) -> None:
        """Leaves the group; what was given and not committed is read again by others. The next call joins anew."""
        with self._lock:
            ours, self._ours = self._ours, None
            if ours is not None:
                with self._client.errors(f"leave {self._group}"):
                    ours.member.close()

    def _committed(self) -> Mapping[int, tuple[int, str]]:
        return self._client.committed(self._group, self._topic, range(self._client.partitions(self._topic)))

    @contextmanager
    def _working(self, doing: str) -> Iterator[Ownership]:
        with self._lock, self._client.errors(f"{doing} as {self._group}"):
            if self._ours is None:
                self._join()
            assert self._ours is not None
            yield self._ours

    def _join(self) -> None:
        partitions = self._client.partitions(self._topic)
        self._position = sum(offset for offset, _ in self._committed().values())
        self._numbers = Numbering(partitions, self._position)
        ours = Ownership(self._client, self._topic, self._group, self._numbers.forget)
        deadline = time.monotonic() + JOIN_S
        while not (ours.settled and ours.owned) and time.monotonic() < deadline:
            ours.poll((), 0, FIRST_S)
        self._ours = ours

    def _fill(self, ours: Ownership, limit: int) -> bool:
        """Takes more until there are enough, or no more now; False while the group gives out partitions anew.

        Work that is begun then could not be committed before every member has ended its own.
        """
        started = time.monotonic()
        while True:
            size = sum(one.size for one in self._numbers.given)
            missing = limit - len(self._numbers.given) if size < READ_BYTES else 0
            wanted = ours.readable() if missing > 0 else frozenset[int]()
            came = ours.poll(wanted, missing, 0 if self._numbers.given else FIRST_S)
            for record in came:
                self._take(ours, record)
            spent = time.monotonic() - started
            if not ours.settled:
                if spent < JOIN_S:
                    continue
                self._caught_up(ours)  # or the broker is gone
                return False
            if missing <= 0 or (self._numbers.given and spent > FILL_S) or (not came and self._caught_up(ours)):
                return True
            if spent > STUCK_S:
                raise Unavailable(f"{self._topic}: there are entries, and none came within {STUCK_S:.0f} s")

    def _caught_up(self, ours: Ownership) -> bool:
        # Asked on another connection, since a broker answers behind the long wait for entries on this one. Nothing else
        # tells that a broker is gone: a consumer that has lost its own says nothing for as long as it lasts.
        wanted = ours.readable()
        ends = self._client.ends_of(self._topic, wanted or {0})
        return all(ours.owned[partition].next >= ends[partition] for partition in wanted)

    def _take(self, ours: Ownership, record: Any) -> None:
        partition, offset = record.partition, record.offset
        owned = ours.owned[partition]
        if offset > owned.next:
            self._missed += offset - owned.next
            self._log.error("entries expired before they were read", partition=partition, entries=offset - owned.next)
        elif offset < owned.next:
            self._log.error("the topic was made anew; it is read from its start", partition=partition, offset=offset)
            owned.committed = offset
        owned.next = offset + 1
        place = f"{self._topic}, partition {partition}, offset {offset}"
        read = self._format.read(record.key, record.value, record.headers, place)
        entry = Entry(self._numbers.number(partition, offset), read)
        self._numbers.given.append(Given(entry, partition, offset, len(record.value or b"")))


def group_of(topic: str, name: str) -> str:
    """The consumer group of a reader: one for each topic, so that a name on two logs is two readers."""
    return f"{topic}.{name}"
