"""Input that could not be used."""

import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from msgspec import Struct
from msgspec.structs import replace

from connectors.kafka.appending import append, bury
from connectors.kafka.client import Client
from connectors.kafka.cloud_event import DEAD_LETTER
from connectors.kafka.tail import Tail
from schemas.dead_letter import DeadLetter
from schemas.ports import Unreadable
from schemas.vocabulary import Stage

SCAN = 500
SCAN_BYTES = 16 * 1024 * 1024


class _Known(Struct, frozen=True):
    """What is kept in memory of a letter; not its bytes."""

    offset: int
    """Where it stands now."""
    added: int
    """Where it stood first: the order of coming among letters of one moment."""
    stage: Stage
    source: str
    attempts: int
    recorded: datetime


class KafkaDeadLetters:
    """A topic compacted by the letter's id: a tombstone forgets a letter. Any number of writers.

    Each call first reads what the topic got since the last call; the first one reads all of it. An index of it, without
    the letters' bytes, stays in memory, about 500 bytes a letter: fine for tens of thousands, at most 350 kB each to
    read once. Two processes that add one letter at the same moment may count one of the two attempts.
    """

    def __init__(self, client: Client, tail: Tail) -> None:
        self._client, self._tail = client, tail
        self._topic = client.settings.dead_letters
        self._lock = threading.RLock()
        self._known: dict[str, _Known] = {}
        self._next = 0
        self._log = structlog.get_logger(topic=self._topic)

    def add(self, letters: Sequence[DeadLetter]) -> None:
        """Durable on return; a letter that is there already has its attempts added up and its reason replaced."""
        with self._lock:
            self._refresh()
            merged: dict[str, DeadLetter] = {}
            for letter in letters:
                before = merged.get(letter.id) or self._known.get(letter.id)
                if before is not None:
                    attempts = before.attempts + letter.attempts
                    letter = replace(letter, source=before.source, recorded=before.recorded, attempts=attempts)
                merged[letter.id] = letter
            append(self._client, self._topic, [DEAD_LETTER.written(letter) for letter in merged.values()])

    def list(self, stage: Stage | None = None, limit: int = 100) -> Sequence[DeadLetter]:
        """The latest by `recorded`, newest first, in one moment the later added first."""
        with self._lock:
            self._refresh()
            wanted = [one for one in self._known.values() if stage in (None, one.stage)]
            wanted.sort(key=lambda one: (one.recorded, one.added), reverse=True)
            places = [one.offset for one in wanted[:limit]]
            found = self._at(frozenset(places))
            return [found[place] for place in places if place in found]

    def remove(self, ids: Iterable[str]) -> None:
        """Forgets letters that were replayed; unknown ids are no error."""
        with self._lock:
            self._refresh()
            bury(self._client, self._topic, [name.encode() for name in ids if name in self._known])

    def expire(self, before: datetime) -> int:
        """Forgets letters recorded before then; returns how many."""
        with self._lock:
            self._refresh()
            gone = [name for name, one in self._known.items() if one.recorded < before]
            self.remove(gone)
            return len(gone)

    def count(self) -> Mapping[Stage, int]:
        """How many of each stage there are; a stage without any is absent."""
        with self._lock:
            self._refresh()
            return dict(Counter(one.stage for one in self._known.values()))

    def _refresh(self) -> None:
        """Reads to the end."""
        while records := self._tail.read(self._next, SCAN, SCAN_BYTES):
            for record in records:
                self._learn(record)
                self._next = record.offset + 1

    def _learn(self, record: Any) -> None:
        name = (record.key or b"").decode(errors="replace")
        if record.value is None:
            self._known.pop(name, None)
            return
        letter = self._decoded(record)
        if letter is None:
            return
        before = self._known.get(name)
        added = before.added if before else record.offset
        self._known[name] = _Known(record.offset, added, letter.stage, letter.source, letter.attempts, letter.recorded)

    def _decoded(self, record: Any) -> DeadLetter | None:
        place = f"{self._topic}, offset {record.offset}"
        letter = DEAD_LETTER.read(record.key, record.value, record.headers, place)
        if isinstance(letter, Unreadable):
            self._log.error("a dead letter cannot be read; it stays where it is", reason=letter.reason)
            return None
        return letter

    def _at(self, places: Collection[int]) -> dict[int, DeadLetter]:
        """The letters at these offsets, read in one go; those that retention took meanwhile are absent."""
        found: dict[int, DeadLetter] = {}
        place, last = min(places, default=0), max(places, default=-1)
        while place <= last and (records := self._tail.read(place, SCAN, SCAN_BYTES)):
            for record in records:
                letter = self._decoded(record) if record.offset in places and record.value is not None else None
                if letter is not None:
                    found[record.offset] = letter
            place = records[-1].offset + 1
        return found
