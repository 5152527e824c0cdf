"""States of consolidation and their outboxes, inside the caller's transaction."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from schemas.codec import decode, encode
from schemas.development import Development
from schemas.errors import Conflict, Misconfigured
from schemas.state import Aggregate, ArticleState, DossierState, State

_STATE: msgspec.json.Decoder[State] = msgspec.json.Decoder(State)


def load(connection: sqlite3.Connection, ids: Iterable[str]) -> dict[str, State]:
    """The states that exist, by id, each with what is left in its outbox, in the order in which it was saved."""
    wanted = json.dumps(list(ids))
    rows = connection.execute(
        "SELECT id, version, data FROM states WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
    )
    states = {name: _decode(name, version, data) for name, version, data in rows}
    outboxes: dict[str, list[Development]] = {}
    for name, data in connection.execute(
        "SELECT state, data FROM outbox WHERE state IN (SELECT value FROM json_each(?)) ORDER BY state, place",
        (wanted,),
    ):
        outboxes.setdefault(name, []).append(decode(data, Development))
    for name, outbox in outboxes.items():
        state = states[name]
        if isinstance(state, Aggregate | DossierState):
            states[name] = replace(state, outbox=tuple(outbox))
    return states


def check(connection: sqlite3.Connection, states: Iterable[State]) -> None:
    """Looks whether each state is still stored at its `version`.

    Raises:
        Conflict: The stored version is another; the caller must roll back.
    """
    expected = {state.id: state.version for state in states}
    if not expected:
        return
    wanted = json.dumps(list(expected))
    found = dict(
        connection.execute("SELECT id, version FROM states WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
    )
    for name, version in expected.items():
        if found.get(name, 0) != version:
            raise _conflict(name, version)


def save(connection: sqlite3.Connection, states: Sequence[State]) -> None:
    """Writes each state at its `version` + 1, its outbox apart: an entry is then taken out without a rewrite.

    Raises:
        Conflict: The stored version is another; the caller must roll back.
    """
    for state in states:
        outbox: tuple[Development, ...] = ()
        stored = state
        if isinstance(state, Aggregate | DossierState):
            outbox = state.outbox
            stored = replace(state, outbox=()) if outbox else state
        kind = str(state.__struct_config__.tag)
        if state.version:
            written = connection.execute(
                "UPDATE states SET version = version + 1, data = ? WHERE id = ? AND version = ?",
                (encode(stored), state.id, state.version),
            ).rowcount
        else:
            written = connection.execute(
                "INSERT INTO states (id, kind, version, data) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING",
                (state.id, kind, encode(stored)),
            ).rowcount
        if not written:
            raise _conflict(state.id, state.version)
        if isinstance(state, Aggregate | DossierState):
            _save_outbox(connection, state.id, outbox, new=not state.version)
        if isinstance(state, DossierState):
            _save_aliases(connection, state, new=not state.version)


def unpublished(connection: sqlite3.Connection, limit: int) -> list[tuple[str, Development]]:
    """(state id, development) of what is in outboxes, the longest there first."""
    rows = connection.execute("SELECT state, data FROM outbox ORDER BY number LIMIT ?", (limit,))
    return [(state, decode(data, Development)) for state, data in rows]


def mark_published(connection: sqlite3.Connection, entries: Sequence[tuple[str, str]]) -> None:
    """Takes (state id, development id) out of the outboxes."""
    connection.executemany("DELETE FROM outbox WHERE state = ? AND development = ?", entries)


def articles(connection: sqlite3.Connection, after: str, limit: int) -> list[ArticleState]:
    """The states of articles whose ids come after this one, by id."""
    rows = connection.execute(
        "SELECT id, version, data FROM states WHERE kind = ? AND id > ? ORDER BY id LIMIT ?",
        (str(ArticleState.__struct_config__.tag), after, limit),
    )
    states = (_decode(name, version, data) for name, version, data in rows)
    return [state for state in states if isinstance(state, ArticleState)]


def _save_outbox(connection: sqlite3.Connection, state: str, outbox: tuple[Development, ...], *, new: bool) -> None:
    """Makes a stored outbox what it is now; an entry that stays keeps its age."""
    if not new:
        connection.execute(
            "DELETE FROM outbox WHERE state = ? AND development NOT IN (SELECT value FROM json_each(?))",
            (state, json.dumps([development.id for development in outbox])),
        )
    connection.executemany(
        "INSERT INTO outbox (state, place, development, data) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET place = excluded.place, data = excluded.data",
        [(state, place, development.id, encode(development)) for place, development in enumerate(outbox)],
    )


def _save_aliases(connection: sqlite3.Connection, dossier: DossierState, *, new: bool) -> None:
    if not new:
        connection.execute("DELETE FROM dossier_aliases WHERE dossier = ?", (dossier.id,))
    connection.executemany(
        "INSERT INTO dossier_aliases (alias, dossier) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(alias, dossier.id) for alias in dossier.aliases],
    )


def _decode(name: str, version: int, data: bytes) -> State:
    try:
        return replace(_STATE.decode(data), version=version)
    except msgspec.DecodeError as error:
        raise Misconfigured(f"state {name}: stored by another version, or damaged: {error}") from error


def _conflict(name: str, version: int) -> Conflict:
    return Conflict(f"state {name}: its stored version is no longer {version}")
