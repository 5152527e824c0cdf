"""What SQLite's errors mean to the others."""

import sqlite3
from pathlib import Path

from schemas.errors import Misconfigured, TreatywireError, Unavailable

_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOLFS,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
    }
)
WRONG = {
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore a copy, or move it away to begin anew",
    sqlite3.SQLITE_NOTADB: "it is no SQLite database; name another file, or move it away to begin anew",
    sqlite3.SQLITE_PERM: "this user may not use it; give it to this user",
    sqlite3.SQLITE_READONLY: "it is read-only; make the file and its directory writable for this user",
}
"""What is wrong with the file by SQLite's word, and what a person can do."""


def translation(error: sqlite3.DatabaseError, path: Path) -> TreatywireError | None:
    """The error as callers know it; None where it is a bug of the caller's (SQL, types)."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if code in WRONG:
        return Misconfigured(f"database {path}: {WRONG[code]} (SQLite: {error})")
    if code in _AWAY:
        return Unavailable(f"database {path}: {error} ({getattr(error, 'sqlite_errorname', 'SQLite')})")
    return None
