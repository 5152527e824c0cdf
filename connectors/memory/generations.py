"""Generations of findings."""

from collections.abc import Sequence
from datetime import datetime
from threading import RLock

from msgspec.structs import replace

from connectors.memory.article_log import MemoryArticleLog
from connectors.memory.dead_letters import MemoryDeadLetters
from connectors.memory.event_store import Contents, MemoryEventStore
from schemas.errors import Conflict, Misconfigured
from schemas.event import EventView
from schemas.ports import Findings, Generation
from schemas.state import ArticleState


class MemoryFindings(MemoryEventStore):
    """An event store over the contents of one generation."""

    def views(self, after: str, limit: int) -> Sequence[EventView]:
        """Events whose ids come after this one, by id."""
        with self._lock:
            return [self._now.views[name] for name in sorted(self._now.views) if name > after][:limit]

    def heard(self, after: str, limit: int) -> Sequence[ArticleState]:
        """States of articles whose ids come after this one, by id."""
        with self._lock:
            states = [state for state in self._now.states.values() if isinstance(state, ArticleState)]
        return sorted((state for state in states if state.id > after), key=lambda state: state.id)[:limit]


class MemoryGenerations:
    """Generations as dicts; a switch gives the serving store other contents."""

    def __init__(
        self, lock: RLock, articles: MemoryArticleLog, dead_letters: MemoryDeadLetters, serving: MemoryEventStore
    ) -> None:
        self._lock, self._articles, self._dead_letters, self._store = lock, articles, dead_letters, serving
        self._last = 1
        self._serving = Generation(1)
        self._building: tuple[Generation, MemoryFindings] | None = None
        self._leaving: tuple[Generation, MemoryFindings] | None = None

    def serving(self) -> Generation:
        """The one that every search reads."""
        return self._serving

    def building(self) -> Generation | None:
        """The one that was begun, and does not serve yet."""
        return self._building[0] if self._building else None

    def leaving(self) -> Generation | None:
        """The one that served before the last switch, until `finish`."""
        return self._leaving[0] if self._leaving else None

    def wrote(self, detector: str) -> None:
        """Notes that a detector writes into the serving generation."""
        with self._lock:
            if detector not in self._serving.detectors:
                self._serving = replace(self._serving, detectors=(*self._serving.detectors, detector))

    def begin(self, detector: str) -> Generation:
        """The one that is being built by this detector.

        Raises:
            Misconfigured: Another detector's is being built, or the last switch is not finished.
        """
        with self._lock:
            if self._leaving:
                raise Misconfigured("the last switch of generations is not finished; finish it first")
            if self._building is None:
                self._last += 1
                self._building = Generation(self._last, (detector,)), self._findings(Contents())
            generation = self._building[0]
            if generation.detectors != (detector,):
                raise Misconfigured(f"generation {generation.number} is being built by {generation.detectors[0]}")
            return generation

    def findings(self, generation: Generation) -> Findings:
        """What is in this generation."""
        with self._lock:
            for known in (self._building, self._leaving):
                if known and known[0].number == generation.number:
                    return known[1]
            if generation.number != self._serving.number:
                raise Misconfigured(f"there is no generation {generation.number}")
            return self._findings(self._store.contents())

    def hold(self, until: datetime | None) -> None:
        """Asks detect jobs to begin nothing before then."""
        with self._lock:
            self._serving = replace(self._serving, held_until=until)

    def switch(self, follower: str, leader: str) -> None:
        """Lets the new generation serve.

        Raises:
            Conflict: The readers stand at different entries, or something is unpublished.
            Misconfigured: None is being built, or it has no events while the old one has some.
        """
        with self._lock:
            if self._building is None:
                raise Misconfigured("no new generation was begun")
            generation, findings = self._building
            if self._articles.follow(follower, leader).lag() or self._store.unpublished(1):
                raise Conflict("articles or developments came meanwhile")
            if not findings.count(None) and self._store.count(None):
                raise Misconfigured(f"generation {generation.number} has no events, and the one that serves has some")
            self._leaving = self._serving, self._findings(self._store.contents())
            self._store.show(findings.contents())
            self._serving, self._building = generation, None

    def finish(self) -> None:
        """Deletes the generation that served before."""
        self._leaving = None

    def abandon(self) -> bool:
        """Deletes the one that is being built."""
        with self._lock:
            there, self._building = self._building is not None, None
            return there

    def _findings(self, contents: Contents) -> MemoryFindings:
        return MemoryFindings(self._lock, self._articles, self._dead_letters, contents)
