"""Projections: event views with their aliases, inside the caller's transaction."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from connectors.sqlite import search
from schemas.codec import decode, encode
from schemas.event import EventView


def save(connection: sqlite3.Connection, views: Sequence[EventView]) -> None:
    """Writes and indexes each view but those that are older than the stored one."""
    for view in views:
        written = connection.execute(
            "INSERT INTO events (id, dossier, revision, happened, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
            " SET dossier = excluded.dossier, revision = excluded.revision, happened = excluded.happened,"
            " data = excluded.data WHERE excluded.revision >= revision",
            (view.id, view.dossier, view.revision, happened(view), encode(view)),
        ).rowcount
        if not written:
            continue
        connection.execute("DELETE FROM event_aliases WHERE event = ?", (view.id,))
        connection.executemany(
            "INSERT INTO event_aliases (alias, event) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(alias, view.id) for alias in view.aliases],
        )
        search.index_view(connection, view)


def retire(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    """Forgets events that are no more, or are only an alias of another now."""
    if not ids:
        return
    connection.executemany("DELETE FROM events WHERE id = ?", [(event,) for event in ids])
    connection.executemany("DELETE FROM event_aliases WHERE event = ?", [(event,) for event in ids])
    search.unindex(connection, ids)


def load(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, EventView]:
    """The views that exist, by id."""
    rows = connection.execute(
        "SELECT id, data FROM events WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    )
    return {event: decode(data, EventView) for event, data in rows}


def after(connection: sqlite3.Connection, name: str, limit: int) -> list[EventView]:
    """The views whose ids come after this one, by id."""
    rows = connection.execute("SELECT data FROM events WHERE id > ? ORDER BY id LIMIT ?", (name, limit))
    return [decode(data, EventView) for (data,) in rows]


def of_dossier(connection: sqlite3.Connection, dossier: str) -> list[EventView]:
    """The views of a dossier, by date (undated by first_seen) then id."""
    rows = connection.execute("SELECT data FROM events WHERE dossier = ? ORDER BY happened, id", (dossier,))
    return [decode(data, EventView) for (data,) in rows]


def happened(view: EventView) -> str:
    """What a dossier's events are ordered by: the date, else the day on which the event was first seen."""
    return view.date or view.first_seen.date().isoformat()
