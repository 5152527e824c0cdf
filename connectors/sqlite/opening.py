"""A connection to the file: made where there is none, checked, and brought to the current version."""

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from connectors.sqlite.failures import WRONG
from connectors.sqlite.migrations import MIGRATIONS
from schemas.errors import Misconfigured, Unavailable

APPLICATION_ID = 0x54725769  # "TrWi": how `file` and other programs tell it from any other SQLite database
BUSY_SECONDS = 30.0
OWNER_ONLY = 0o600
SMALLEST = 512
"""Bytes of the least SQLite database; a smaller file that is not empty SQLite would take for empty and write over."""
WAL_BYTES = 64 * 1024 * 1024
"""What is left of the write-ahead log once it begins anew."""

# Closing any descriptor of a file drops every POSIX lock that this process holds on it, SQLite's too. So the file is
# only ever opened by SQLite, but for its creation, and nobody in this process may connect while that is under way.
_CREATION = threading.Lock()


class Connection(sqlite3.Connection):
    """A connection that ends with its thread."""

    def __del__(self) -> None:
        self.close()


def connect(path: Path, factory: type[Connection] = Connection) -> sqlite3.Connection:
    """A connection to a database of ours, at the current version.

    Raises:
        Misconfigured: The file is read-only, foreign, of a newer version, or no database.
        Unavailable: The disk is full or failing.
        sqlite3.DatabaseError: What SQLite says.
    """
    _create_file(path)
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,  # transactions are begun by hand
        check_same_thread=False,  # so that `Database.close` may close those of other threads
        factory=factory,
    )
    try:
        version = _version(connection, path)
        _close_to_others(path)
        if version == 0:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")  # only heeded before the first table
        _use_wal(connection, path)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA secure_delete = FAST")  # zeroes only pages that are written anyway
        connection.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
        if version < len(MIGRATIONS):
            _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _create_file(path: Path) -> None:
    """Sees that there is a file that this user may write; a new one is for this user alone."""
    try:
        with _CREATION:
            if not path.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with suppress(FileExistsError):  # another process was first
                    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise Misconfigured(f"database {path}: it is a directory; name a file")
        if not (os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
            raise Misconfigured(f"database {path}: {WRONG[sqlite3.SQLITE_READONLY]}")
        if 0 < found.st_size < SMALLEST:
            raise Misconfigured(f"database {path}: {WRONG[sqlite3.SQLITE_NOTADB]}")
    except (FileExistsError, FileNotFoundError, NotADirectoryError, PermissionError) as error:
        raise Misconfigured(f"database {path}: {error.strerror}; name a file that this user may write") from error
    except OSError as error:
        raise Unavailable(f"database {path}: {error.strerror}") from error


def _close_to_others(path: Path) -> None:
    """Takes the rights of others from a file that turned out to be ours; SQLite makes its other files alike."""
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with suppress(FileNotFoundError, PermissionError):  # it may be another's, who let this user in
            if each.stat().st_mode & 0o077:
                each.chmod(OWNER_ONLY)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the file's schema, 0 for an empty file; all of it seen in one moment."""
    outside = not connection.in_transaction
    if outside:
        connection.execute("BEGIN")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    used = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if outside:
        connection.execute("COMMIT")
    if application != APPLICATION_ID:
        if version or application or used:
            raise Misconfigured(
                f"database {path}: it belongs to another program (application_id {application:#x}, not "
                f"{APPLICATION_ID:#x}); name another file"
            )
    elif version > len(MIGRATIONS):
        raise Misconfigured(
            f"database {path}: it is of version {version}, written by a newer Treatywire; this one reads up to version "
            f"{len(MIGRATIONS)}; upgrade Treatywire, or name another file"
        )
    return version


def _use_wal(connection: sqlite3.Connection, path: Path) -> None:
    """Turns the write-ahead log on; nothing to do but in a new file, or in a copy made by ``VACUUM INTO``."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            break
        except sqlite3.OperationalError as error:
            # SQLite does not wait here where two processes turn it on at once.
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    if mode != "wal":
        raise Misconfigured(f"database {path}: its file system cannot share memory; use a local disk")


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Runs the scripts that this file has not had, all or none; another process may have done so meanwhile."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for script in MIGRATIONS[_version(connection, path) :]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, each of which ends at the end of a line; `executescript` would commit on its own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
