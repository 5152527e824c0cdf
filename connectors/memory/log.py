"""A log with named readers: what the logs of articles and developments have in common."""

from collections.abc import Callable, Hashable, Sequence
from threading import RLock
from typing import Generic, TypeVar

from schemas.ports import Entry, InFlight

T = TypeVar("T")


class MemoryLog(Generic[T]):
    """Entries by offset, one for each key, and how far each reader has come."""

    def __init__(self, lock: RLock, key: Callable[[T], Hashable]) -> None:
        self._lock, self._key = lock, key
        self._entries: dict[int, T] = {}
        self._offsets: dict[Hashable, int] = {}
        self._end = 0
        self._positions: dict[str, int] = {}
        self._in_flight: dict[str, InFlight] = {}

    def add(self, records: Sequence[T], *, again: bool = False) -> None:
        """Adds those whose key is not there yet; with `again`, the others move to the end."""
        with self._lock:
            for key in map(self._key, records) if again else ():
                self._entries.pop(self._offsets.pop(key, 0), None)
            for record in records:
                key = self._key(record)
                if key not in self._offsets:
                    self._end += 1
                    self._entries[self._end] = record
                    self._offsets[key] = self._end

    def after(self, offset: int, limit: int) -> Sequence[Entry[T]]:
        """Up to `limit` entries after `offset`, in order."""
        with self._lock:
            found = [place for place in self._entries if place > offset][:limit]
            return [Entry(place, self._entries[place]) for place in found]

    def end(self) -> int:
        """The offset of the last entry, gone or not, else 0."""
        return self._end

    def drop(self, gone: Callable[[T], bool]) -> int:
        """Deletes entries that are `gone` and that every reader has passed; returns how many."""
        with self._lock:
            passed = min(self._positions.values(), default=self._end)
            dropped = [place for place, record in self._entries.items() if place <= passed and gone(record)]
            for place in dropped:
                del self._offsets[self._key(self._entries.pop(place))]
            return len(dropped)

    def reader(self, name: str) -> "MemoryReader[T]":
        """A reader of this name, at its stored position."""
        with self._lock:
            self._positions.setdefault(name, 0)
        return MemoryReader(self, name)

    def lag(self, name: str) -> int:
        """How many entries a reader has not committed."""
        with self._lock:
            return sum(place > self.position(name) for place in self._entries)

    def forget(self, name: str) -> None:
        """Forgets a reader."""
        with self._lock:
            self._positions.pop(name, None)
            self._in_flight.pop(name, None)

    def position(self, name: str) -> int:
        """The offset that a reader has last committed, else 0."""
        return self._positions.get(name, 0)

    def commit(self, name: str, offset: int) -> None:
        """Moves a reader, never back, and forgets what it had in flight."""
        with self._lock:
            self._positions[name] = max(offset, self.position(name))
            self._in_flight.pop(name, None)

    def begin(self, name: str, first: int, last: int) -> InFlight:
        """Notes what a reader works on; says how often these very entries were begun."""
        with self._lock:
            before = self._in_flight.get(name)
            again = before is not None and (before.first, before.last) == (first, last)
            begun = InFlight(first, last, before.attempts + 1 if before is not None and again else 1)
            self._in_flight[name] = begun
            return begun

    def in_flight(self, name: str) -> InFlight | None:
        """What a reader has begun and not committed."""
        return self._in_flight.get(name)


class MemoryReader(Generic[T]):
    """A named reader of one log; its position lives as long as the log."""

    def __init__(self, log: MemoryLog[T], name: str) -> None:
        self._log, self._name = log, name

    def read(self, limit: int) -> Sequence[Entry[T]]:
        """Up to `limit` entries after the position, in order."""
        return self._log.after(self._log.position(self._name), limit)

    def begin(self, first: int, last: int) -> InFlight:
        """Notes that entries first to last are being worked on; says how often these very entries were begun."""
        return self._log.begin(self._name, first, last)

    def in_flight(self) -> InFlight | None:
        """What was begun and not committed."""
        return self._log.in_flight(self._name)

    def commit(self, offset: int) -> None:
        """Moves the position to `offset` (never back) and forgets what was in flight."""
        self._log.commit(self._name, offset)

    def position(self) -> int:
        """The offset last committed, else 0."""
        return self._log.position(self._name)

    def lag(self) -> int:
        """How many entries of the log are not committed."""
        return self._log.lag(self._name)

    def missed(self) -> int:
        """None, ever: what a reader has yet to pass does not expire."""
        return 0


class MemoryFollower(MemoryReader[T]):
    """A reader that never passes another one."""

    def __init__(self, log: MemoryLog[T], name: str, leader: str) -> None:
        super().__init__(log, name)
        self._leader = leader

    def read(self, limit: int) -> Sequence[Entry[T]]:
        """Up to `limit` entries after the position that the leader has committed, in order."""
        passed = self._log.position(self._leader)
        return [entry for entry in super().read(limit) if entry.offset <= passed]

    def lag(self) -> int:
        """How many entries the leader has committed and this one has not."""
        return self._log.lag(self._name) - self._log.lag(self._leader)

    def leader_works(self) -> bool:
        """Whether the leader has begun what it has not committed."""
        return self._log.in_flight(self._leader) is not None
