"""Input that could not be used."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from threading import RLock

from msgspec.structs import replace

from schemas.dead_letter import DeadLetter
from schemas.vocabulary import Stage


class MemoryDeadLetters:
    """The dead letters as a dict, in the order of their first coming."""

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._letters: dict[str, DeadLetter] = {}

    def add(self, letters: Sequence[DeadLetter]) -> None:
        """Adds letters; one that is there already has its attempts added up and its reason replaced."""
        with self._lock:
            for letter in letters:
                known = self._letters.get(letter.id)
                if known is not None:
                    letter = replace(known, attempts=known.attempts + letter.attempts, reason=letter.reason)
                self._letters[letter.id] = letter

    def list(self, stage: Stage | None = None, limit: int = 100) -> Sequence[DeadLetter]:
        """The latest by `recorded`, newest first."""
        with self._lock:
            letters = [letter for letter in reversed(self._letters.values()) if stage in (None, letter.stage)]
        return sorted(letters, key=lambda letter: letter.recorded, reverse=True)[:limit]

    def remove(self, ids: Iterable[str]) -> None:
        """Forgets letters that were replayed; unknown ids are no error."""
        with self._lock:
            for name in ids:
                self._letters.pop(name, None)

    def expire(self, before: datetime) -> int:
        """Forgets letters recorded before then; returns how many."""
        with self._lock:
            gone = [id_ for id_, letter in self._letters.items() if letter.recorded < before]
            self.remove(gone)
            return len(gone)

    def count(self) -> Mapping[Stage, int]:
        """How many of each stage there are; a stage without any is absent."""
        with self._lock:
            return dict(Counter(letter.stage for letter in self._letters.values()))
