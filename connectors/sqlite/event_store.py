"""States, projections and their search."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from connectors.sqlite import dead_letters, generation_tables, lookup, projections, reader, search, state_table
from connectors.sqlite.database import Database
from schemas.dead_letter import DeadLetter
from schemas.development import Development
from schemas.errors import Conflict
from schemas.event import EventView
from schemas.ports import Hit, Position
from schemas.query.tree import Query
from schemas.state import DossierState, State


class SqliteEventStore:
    """The event store as tables, with a full-text index beside them. One writer at a time, any number of readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._loaded: int | None = None  # the generation of the first load since the last save

    def alone(self) -> AbstractContextManager[None]:
        """Every save is one transaction: there is nothing to keep apart."""
        return nullcontext()

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist, by id."""
        with self._database.read() as connection:
            generation = self._generation(connection)
            self._loaded = generation if self._loaded is None else self._loaded
            return state_table.load(connection, ids)

    def save(
        self,
        states: Sequence[State],
        views: Sequence[EventView],
        retired: Iterable[str] = (),
        failed: Sequence[DeadLetter] = (),
        position: Position | None = None,
        basis: Sequence[State] = (),
    ) -> None:
        """Writes all of it in one transaction, durable on return; the position is one in the articles log.

        Raises:
            Conflict: The stored version of a state, or of one of the basis, is not its `version`, or another generation
                serves since it was loaded, whose versions tell nothing of it; nothing was written.
        """
        loaded, self._loaded = self._loaded, None
        with self._database.write() as connection:
            generation = self._generation(connection)
            if (states or basis) and loaded not in (None, generation):
                raise Conflict("another generation serves since these states were loaded")
            state_table.check(connection, basis)
            state_table.save(connection, states)
            projections.retire(connection, list(retired))
            projections.save(connection, views)
            dead_letters.add(connection, failed)
            if position is not None:
                reader.move(connection, "articles", position)

    def unpublished(self, limit: int) -> Sequence[tuple[str, Development]]:
        """(state id, development) of outbox entries that are not marked, the longest there first."""
        with self._database.read() as connection:
            self._generation(connection)
            return state_table.unpublished(connection, limit)

    def mark_published(self, entries: Sequence[tuple[str, str]]) -> None:
        """Takes (state id, development id) out of the outboxes; entries that are out already are no error."""
        with self._database.write() as connection:
            self._generation(connection)
            state_table.mark_published(connection, entries)

    def search(
        self,
        query: Query | None,
        *,
        since: datetime | None = None,
        sort: str = "date",
        limit: int = 20,
        offset: int = 0,
    ) -> Sequence[Hit]:
        """Events that match, best first: by `date` or `seen` (latest first), or by `score`; ties by id."""
        with self._database.read() as connection:
            found = search.search(connection, query, since=since, sort=sort, limit=limit, offset=offset)
            events = projections.load(connection, [event for event, _ in found])
        return [Hit(events[event], score) for event, score in found]

    def count(self, query: Query | None, *, since: datetime | None = None) -> int:
        """How many events match."""
        with self._database.read() as connection:
            return search.count(connection, query, since=since)

    def event(self, id: str) -> EventView | None:
        """The event of this id, alias, or unique beginning of one (at least 4 characters after the dash)."""
        with self._database.read() as connection:
            found = lookup.event(connection, id)
            return projections.load(connection, [found])[found] if found else None

    def dossier(self, id: str) -> DossierState | None:
        """The dossier of this id, alias or unique beginning of one; an id that became an alias leads to the other."""
        with self._database.read() as connection:
            found = lookup.dossier(connection, id)
            state = state_table.load(connection, [found]).get(found) if found else None
        return state if isinstance(state, DossierState) else None

    def events_of(self, dossier: str) -> Sequence[EventView]:
        """All events of a dossier, by date (undated by first_seen) then id."""
        with self._database.read() as connection:
            return projections.of_dossier(connection, dossier)

    def _generation(self, connection: sqlite3.Connection) -> int:
        """The number of the generation that is read and written; raises where it is not ours to write any longer."""
        return generation_tables.serving(connection)
