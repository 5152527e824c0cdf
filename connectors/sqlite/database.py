"""The one file: its connections, transactions and errors."""

import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from connectors.sqlite import opening
from connectors.sqlite.failures import translation

CHECKPOINT_SECONDS = 1.0
PAGES_AT_ONCE = 1000
"""So many pages are given back in one transaction, so that nobody waits long."""


class Database:
    """One SQLite file, with a connection for each thread of each process that asks for one.

    May be pickled and sent to a process started by spawn; after a fork the child opens its own connections.

    A transaction is durable when it returns: write-ahead log with ``synchronous=FULL``, one fsync a commit, so that
    neither kill -9 nor a loss of power takes back what was acknowledged. (NORMAL would survive the first only, and a
    webhook already sent would be sent again under a ledger that forgot it. Work is committed in batches: the fsync is
    noise.)
    """

    def __init__(self, path: Path, connections: type[opening.Connection] = opening.Connection) -> None:
        self.path, self._factory = path.absolute(), connections
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._local = threading.local()
        self._connections: weakref.WeakSet[sqlite3.Connection] = weakref.WeakSet()
        self._wal_left = 0  # what the last forced checkpoint could not empty, in bytes

    def __getstate__(self) -> Path:
        if self._factory is not opening.Connection:
            raise TypeError("connections to a generation that does not serve are for the process that made them")
        return self.path

    def __setstate__(self, path: Path) -> None:
        self.__init__(path)  # type: ignore[misc]

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, opened at the first call.

        Raises:
            Misconfigured: The file is read-only, damaged, foreign, of a newer version, or no database.
            Unavailable: It is locked, or the disk is full or failing.
        """
        if self._process != os.getpid():
            self._inherited = (self._local, self._connections)  # kept: a child must not close its parent's connections
            self._begin()
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with self.errors():
                connection = opening.connect(self.path, self._factory)
            self._local.connection = connection
            self._connections.add(connection)
        return connection

    def close(self) -> None:
        """Closes the connections of all threads of this process; nobody may be using one. The next use opens anew."""
        for connection in list(self._connections):
            connection.close()
        self._begin()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the database throughout; it neither waits for writers nor stops them.

        Raises:
            Unavailable: The disk fails.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A connection inside ``BEGIN IMMEDIATE``: all or nothing is written, durably, when the block ends.

        Raises:
            Unavailable: Another process wrote for 30 s, or the disk is full or failing; nothing was written.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection
        self._bound_wal(connection)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        connection = self.connection()
        with self.errors():
            try:
                connection.execute(begin)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk has rolled back already
                    connection.execute("ROLLBACK")
                raise

    def give_back(self) -> None:
        """Gives the space of what was deleted back to the file system, where auto-vacuum keeps it for that."""
        connection = self.connection()
        with self.errors():
            (free,) = connection.execute("PRAGMA freelist_count").fetchone()
            for _ in range(0, free, PAGES_AT_ONCE):
                # Not `execute`, which takes one step, that is one page, of a statement without columns.
                connection.executescript(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")

    def _bound_wal(self, connection: sqlite3.Connection) -> None:
        """Empties a write-ahead log that has grown because somebody was always reading.

        SQLite starts the log anew only in a moment without readers. Past the bound we wait for such a moment, for a
        second; where a reader stays longer, we try again when the log has grown by as much again.
        """
        size = _size(Path(f"{self.path}-wal"))
        if size < self._wal_left + opening.WAL_BYTES:
            self._wal_left = min(self._wal_left, size)
            return
        connection.execute(f"PRAGMA busy_timeout = {int(CHECKPOINT_SECONDS * 1000)}")
        with suppress(sqlite3.OperationalError):  # a full disk, perhaps; what was written is durable all the same
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        connection.execute(f"PRAGMA busy_timeout = {int(opening.BUSY_SECONDS * 1000)}")
        self._wal_left = _size(Path(f"{self.path}-wal"))

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Raises what SQLite says as Unavailable or Misconfigured; errors of the caller (SQL, types) as they are."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            translated = translation(error, self.path)
            if translated is None:
                raise
            raise translated from error


def open_database(path: Path) -> Database:
    """The database in this file, created where there is none, at the current version.

    Files are readable by their owner alone, the write-ahead log and its index too.

    Raises:
        Misconfigured: The file is read-only, damaged, foreign, of a newer version, or no database.
        Unavailable: It is locked, or the disk is full or failing.
    """
    database = Database(path)
    database.connection()
    return database


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
