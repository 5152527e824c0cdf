"""States, projections and their search."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock

from msgspec.structs import replace

from connectors.memory import lookup
from connectors.memory.article_log import MemoryArticleLog
from connectors.memory.dead_letters import MemoryDeadLetters
from schemas.dead_letter import DeadLetter
from schemas.development import Development
from schemas.errors import Conflict
from schemas.event import EventView
from schemas.ports import Hit, Position
from schemas.query.evaluate import matches
from schemas.query.tree import Query
from schemas.state import Aggregate, DossierState, State


@dataclass
class Contents:
    """The findings of one generation."""

    states: dict[str, State] = field(default_factory=dict)
    views: dict[str, EventView] = field(default_factory=dict)
    outbox: dict[tuple[str, str], Development] = field(default_factory=dict)


class MemoryEventStore:
    """The event store as dicts; a search looks at every event."""

    def __init__(
        self,
        lock: RLock,
        articles: MemoryArticleLog,
        dead_letters: MemoryDeadLetters,
        contents: Contents | None = None,
    ) -> None:
        self._lock, self._articles, self._dead_letters = lock, articles, dead_letters
        self._now = contents or Contents()
        self._loaded: Contents | None = None  # from which a save must be made up again once another generation serves

    def contents(self) -> Contents:
        """What is stored."""
        return self._now

    def show(self, contents: Contents) -> None:
        """Has other contents from now on."""
        self._now = contents

    def alone(self) -> AbstractContextManager[None]:
        """Every save is one transaction: there is nothing to keep apart."""
        return nullcontext()

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist, by id."""
        with self._lock:
            self._loaded = self._loaded or self._now
            return {name: self._now.states[name] for name in ids if name in self._now.states}

    def save(
        self,
        states: Sequence[State],
        views: Sequence[EventView],
        retired: Iterable[str] = (),
        failed: Sequence[DeadLetter] = (),
        position: Position | None = None,
        basis: Sequence[State] = (),
    ) -> None:
        """Writes all of it at once; the position is one in the articles log.

        Raises:
            Conflict: The stored version of a state, or of one of the basis, is not its `version`; nothing was written.
        """
        with self._lock:
            loaded, self._loaded = self._loaded, None
            if (states or basis) and loaded is not None and loaded is not self._now:
                raise Conflict("another generation serves since these states were loaded")
            for state in (*states, *basis):
                stored = self._now.states.get(state.id)
                if state.version != (stored.version if stored else 0):
                    raise Conflict(f"state {state.id}: its stored version is no longer {state.version}")
            for state in states:
                self._save_state(state)
            for event in retired:
                self._now.views.pop(event, None)
            for view in views:
                known = self._now.views.get(view.id)
                if known is None or view.revision >= known.revision:
                    self._now.views[view.id] = view
            self._dead_letters.add(failed)
            if position is not None:
                self._articles.commit(position.reader, position.offset)

    def _save_state(self, state: State) -> None:
        self._now.states[state.id] = replace(state, version=state.version + 1)
        if isinstance(state, Aggregate | DossierState):
            now = {(state.id, development.id): development for development in state.outbox}
            for key in [key for key in self._now.outbox if key[0] == state.id and key not in now]:
                del self._now.outbox[key]
            self._now.outbox.update(now)

    def unpublished(self, limit: int) -> Sequence[tuple[str, Development]]:
        """(state id, development) of outbox entries that are not marked, the longest there first."""
        with self._lock:
            return [(state, development) for (state, _), development in self._now.outbox.items()][:limit]

    def mark_published(self, entries: Sequence[tuple[str, str]]) -> None:
        """Takes (state id, development id) out of the outboxes; entries that are out already are no error."""
        with self._lock:
            for name, development in entries:
                if self._now.outbox.pop((name, development), None) is not None:
                    state = self._now.states[name]
                    assert isinstance(state, Aggregate | DossierState)
                    left = tuple(one for one in state.outbox if one.id != development)
                    self._now.states[name] = replace(state, outbox=left)

    def search(
        self,
        query: Query | None,
        *,
        since: datetime | None = None,
        sort: str = "date",
        limit: int = 20,
        offset: int = 0,
    ) -> Sequence[Hit]:
        """Events that match, best first: by `date` or `seen` (latest first), or by `score`, all alike; ties by id."""
        found = sorted(self._matching(query, since), key=lambda view: view.id)
        if sort == "date":
            found.sort(key=_happened, reverse=True)
        elif sort == "seen":
            found.sort(key=lambda view: view.first_seen, reverse=True)
        return [Hit(view, 1.0) for view in found[offset : offset + limit]]

    def count(self, query: Query | None, *, since: datetime | None = None) -> int:
        """How many events match."""
        return len(self._matching(query, since))

    def event(self, id: str) -> EventView | None:
        """The event of this id, alias, or unique beginning of one (at least 4 characters after the dash)."""
        with self._lock:
            found = lookup.event(self._now.views, id)
            return self._now.views[found] if found else None

    def dossier(self, id: str) -> DossierState | None:
        """The dossier of this id, alias or unique beginning of one; an id that became an alias leads to the other."""
        with self._lock:
            dossiers = {name: state for name, state in self._now.states.items() if isinstance(state, DossierState)}
        found = lookup.dossier(dossiers, id)
        return dossiers[found] if found else None

    def events_of(self, dossier: str) -> Sequence[EventView]:
        """All events of a dossier, by date (undated by first_seen) then id."""
        with self._lock:
            views = [view for view in self._now.views.values() if view.dossier == dossier]
        return sorted(views, key=lambda view: (_happened(view), view.id))

    def _matching(self, query: Query | None, since: datetime | None) -> list[EventView]:
        with self._lock:
            views = [view for view in self._now.views.values() if since is None or view.first_seen >= since]
        return views if query is None else [view for view in views if matches(query, view)]


def _happened(view: EventView) -> str:
    return view.date or view.first_seen.date().isoformat()
