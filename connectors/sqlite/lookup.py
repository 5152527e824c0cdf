"""From what a person types to an id: the id itself, an alias, or the unique beginning of one."""

import sqlite3

AFTER_DASH = 4
"""Characters after an event id's dash without which it is not looked for."""


def event(connection: sqlite3.Connection, typed: str) -> str | None:
    """The id of an event; None where there is none, or more than one begins so."""
    if not _is_text(typed):
        return None
    if connection.execute("SELECT 1 FROM events WHERE id = ?", (typed,)).fetchone():
        return typed
    alias = connection.execute("SELECT min(event) FROM event_aliases WHERE alias = ?", (typed,)).fetchone()[0]
    if alias is not None:
        return str(alias)
    if len(typed.partition("-")[2]) < AFTER_DASH:
        return None
    begins = _range(typed)
    ids = connection.execute("SELECT id FROM events WHERE id >= ? AND id < ? LIMIT 2", begins).fetchall()
    if not ids:
        ids = connection.execute(
            "SELECT DISTINCT event FROM event_aliases WHERE alias >= ? AND alias < ? LIMIT 2", begins
        ).fetchall()
    return ids[0][0] if len(ids) == 1 else None


def dossier(connection: sqlite3.Connection, typed: str) -> str | None:
    """The id of a dossier; None where there is none, or more than one begins so."""
    if not _is_text(typed):
        return None
    resolved = _resolved(connection, typed)
    if resolved != typed or _is_dossier(connection, typed):
        return resolved
    if not typed:
        return None
    begins = _range(typed)
    found = connection.execute(
        "SELECT id FROM states WHERE kind = 'dossier' AND id >= ?1 AND id < ?2"
        " UNION SELECT alias FROM dossier_aliases WHERE alias >= ?1 AND alias < ?2",
        begins,
    )
    ids = {_resolved(connection, name) for (name,) in found}
    return ids.pop() if len(ids) == 1 else None


def _is_text(typed: str) -> bool:
    """Whether SQLite can be asked for it; a terminal's stray byte it cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in typed)


def _is_dossier(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM states WHERE id = ? AND kind = 'dossier'", (name,)).fetchone()
    return found is not None


def _resolved(connection: sqlite3.Connection, name: str) -> str:
    """The dossier that this one turned out to be, or itself. Aliases lead to lesser ids, so this ends."""
    while True:
        (least,) = connection.execute("SELECT min(dossier) FROM dossier_aliases WHERE alias = ?", (name,)).fetchone()
        if least is None or least >= name:
            return name
        name = least


def _range(beginning: str) -> tuple[str, str]:
    """From, and up to but without: between them lies all that begins so."""
    return beginning, beginning + "\U0010ffff"
