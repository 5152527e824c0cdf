"""Named readers: how far each has come in a log, and what it had begun when it died."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Generic, Literal, TypeVar

from connectors.sqlite.database import Database
from schemas.article import Article
from schemas.codec import decode
from schemas.errors import BadRecord
from schemas.ports import Entry, InFlight, Position, Unreadable

T = TypeVar("T")
Log = Literal["articles", "developments"]

READ_BYTES = 8 * 1024 * 1024
"""A batch ends early once it holds so much, so that a hundred articles of 5 MB are not read at once."""

_AFTER: dict[Log, str] = {
    "articles": "SELECT offset, data FROM articles WHERE offset > ? ORDER BY offset LIMIT ?",
    "developments": "SELECT offset, data FROM developments WHERE offset > ? ORDER BY offset LIMIT ?",
}
_WAITING: dict[Log, str] = {
    "articles": "SELECT count(*) FROM articles WHERE offset > ?",
    "developments": "SELECT count(*) FROM developments WHERE offset > ?",
}


class SqliteReader(Generic[T]):
    """A named reader of one log; at least once. Any number of names; one process at a time under each."""

    def __init__(self, database: Database, log: Log, name: str, type_: type[T]) -> None:
        self._database, self._log, self._name, self._type = database, log, name, type_

    def read(self, limit: int) -> Sequence[Entry[T]]:
        """Up to `limit` entries after the position, in order, and not much more than 8 MiB of them."""
        with self._database.read() as connection:
            return entries(connection, self._log, position(connection, self._log, self._name), limit, self._type)

    def begin(self, first: int, last: int) -> InFlight:
        """Notes durably that entries first to last are being worked on; says how often these very entries were."""
        with self._database.write() as connection:
            attempts: int = connection.execute(
                "INSERT INTO readers (log, name, first, last, attempts) VALUES (?, ?, ?, ?, 1)"
                " ON CONFLICT DO UPDATE SET first = excluded.first, last = excluded.last,"
                " attempts = CASE WHEN first IS excluded.first AND last IS excluded.last THEN attempts ELSE 0 END + 1"
                " RETURNING attempts",
                (self._log, self._name, first, last),
            ).fetchone()[0]
        return InFlight(first, last, attempts)

    def in_flight(self) -> InFlight | None:
        """What was begun and not committed."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT first, last, attempts FROM readers WHERE log = ? AND name = ? AND first IS NOT NULL",
                (self._log, self._name),
            ).fetchone()
        return InFlight(*row) if row else None

    def commit(self, offset: int) -> None:
        """Moves the position to `offset` (never back) and forgets what was in flight, durably."""
        with self._database.write() as connection:
            move(connection, self._log, Position(self._name, offset))

    def position(self) -> int:
        """The offset last committed, else 0."""
        with self._database.read() as connection:
            return position(connection, self._log, self._name)

    def lag(self) -> int:
        """How many entries of the log are not committed."""
        with self._database.read() as connection:
            passed = position(connection, self._log, self._name)
            waiting: int = connection.execute(_WAITING[self._log], (passed,)).fetchone()[0]
        return waiting

    def missed(self) -> int:
        """None, ever: what a reader has yet to pass does not expire."""
        return 0


class SqliteFollower(SqliteReader[Article]):
    """A reader of the articles log that never passes another one."""

    def __init__(self, database: Database, name: str, leader: str) -> None:
        super().__init__(database, "articles", name, Article)
        self._leader = leader

    def read(self, limit: int) -> Sequence[Entry[Article]]:
        """Up to `limit` entries after the position that the leader has committed, in order."""
        with self._database.read() as connection:
            passed = position(connection, self._log, self._leader)
            found = entries(connection, self._log, position(connection, self._log, self._name), limit, self._type)
        return [entry for entry in found if entry.offset <= passed]

    def lag(self) -> int:
        """How many entries the leader has committed and this one has not."""
        with self._database.read() as connection:
            return between(connection, self._name, self._leader)

    def leader_works(self) -> bool:
        """Whether the leader has begun what it has not committed."""
        return SqliteReader(self._database, self._log, self._leader, Article).in_flight() is not None


def between(connection: sqlite3.Connection, follower: str, leader: str) -> int:
    """How many articles one reader has passed and another has not."""
    from_, to = (position(connection, "articles", name) for name in (follower, leader))
    waiting: int = connection.execute(
        "SELECT count(*) FROM articles WHERE offset > ? AND offset <= ?", (from_, to)
    ).fetchone()[0]
    return waiting


def forget(connection: sqlite3.Connection, log: Log, name: str) -> None:
    """Forgets a reader."""
    connection.execute("DELETE FROM readers WHERE log = ? AND name = ?", (log, name))


def register(connection: sqlite3.Connection, log: Log, name: str) -> None:
    """Makes a reader known before its first commit, so that nothing expires which it has not read."""
    connection.execute("INSERT INTO readers (log, name) VALUES (?, ?) ON CONFLICT DO NOTHING", (log, name))


def known(connection: sqlite3.Connection, log: Log, name: str) -> bool:
    """Whether a reader of this name has been registered or has committed."""
    found = connection.execute("SELECT 1 FROM readers WHERE log = ? AND name = ?", (log, name)).fetchone()
    return found is not None


def position(connection: sqlite3.Connection, log: Log, name: str) -> int:
    """The offset that a reader has last committed, else 0."""
    row = connection.execute("SELECT position FROM readers WHERE log = ? AND name = ?", (log, name)).fetchone()
    return row[0] if row else 0


def move(connection: sqlite3.Connection, log: Log, to: Position) -> None:
    """Commits a reader's position inside the caller's transaction: never back, and nothing is in flight any more."""
    connection.execute(
        "INSERT INTO readers (log, name, position) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
        " position = max(position, excluded.position), first = NULL, last = NULL, attempts = 0",
        (log, to.reader, to.offset),
    )


def entries(connection: sqlite3.Connection, log: Log, after: int, limit: int, type_: type[T]) -> list[Entry[T]]:
    """Up to `limit` entries of a log after an offset, in order; at least one where there is one."""
    found: list[Entry[T]] = []
    size = 0
    with closing(connection.execute(_AFTER[log], (after, limit))) as rows:
        for offset, data in rows:
            found.append(Entry(offset, _record(data, type_)))
            size += len(data)
            if size >= READ_BYTES:
                break
    return found


def end(connection: sqlite3.Connection, log: Log) -> int:
    """The offset of the last entry that a log ever had, else 0."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (log,)).fetchone()
    return row[0] if row else 0


def _record(data: bytes, type_: type[T]) -> T | Unreadable:
    try:
        return decode(data, type_)
    except BadRecord as error:
        return Unreadable(data, str(error))
