"""Bringing a database file to the current version."""

import sqlite3
from pathlib import Path

import pytest

from connectors.sqlite import Adapters, Database, open_database, opening
from connectors.sqlite.migrations import MIGRATIONS
from schemas.errors import Unavailable
from schemas.ports import Generation
from tests.integration.contract.records import article

NEXT = """
CREATE TABLE later (a TEXT DEFAULT 'one; two');
-- A comment; and a trigger, whose statements end in the middle of it.
CREATE TRIGGER later_only AFTER INSERT ON later BEGIN
    DELETE FROM later WHERE a IS NULL;
END;
INSERT INTO later SELECT id FROM articles;
"""


def _later(database: Database) -> list[str]:
    return [row[0] for row in database.connection().execute("SELECT a FROM later ORDER BY a")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database of the version before the next, with one article."""
    path = tmp_path / "treatywire.db"
    with open_database(path) as current:
        Adapters(current).articles.append([article(1)])
    return path


def test_an_older_file_is_brought_to_the_current_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what it holds, once."""
    monkeypatch.setattr(opening, "MIGRATIONS", (*MIGRATIONS, NEXT))
    for _ in range(2):
        with open_database(path) as newer:
            assert newer.connection().execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
            assert _later(newer) == [article(1).id]
            assert Adapters(newer).articles.end() == 1


def test_a_new_file_gets_every_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first on."""
    monkeypatch.setattr(opening, "MIGRATIONS", (*MIGRATIONS, NEXT))
    with open_database(tmp_path / "new.db") as newer:
        assert _later(newer) == []


@pytest.mark.parametrize("used", [False, True])
def test_a_file_from_before_generations_serves_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, used: bool
) -> None:
    """As the work of an unknown detector, if there is any."""
    path = tmp_path / "first.db"
    with monkeypatch.context() as first:
        first.setattr(opening, "MIGRATIONS", MIGRATIONS[:1])
        with open_database(path) as older:
            if used:
                older.connection().execute("INSERT INTO states VALUES ('kin-1', 'kin', 1, '{}')")
    with open_database(path) as newer:
        expected = Generation(1, ("unknown",) if used else ())
        assert Adapters(newer).generations.serving() == expected


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what went before it in the same start; the older program reads on."""
    with monkeypatch.context() as newer:
        newer.setattr(opening, "MIGRATIONS", (*MIGRATIONS, NEXT, "INSERT INTO nowhere VALUES (1);"))
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            open_database(path)
    with open_database(path) as older:
        assert older.connection().execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        with pytest.raises(sqlite3.OperationalError, match="later"):
            _later(older)
        assert Adapters(older).articles.end() == 1


def test_a_running_older_process_is_told_to_stop(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that opens a connection after the file was upgraded under it refuses to use it."""
    older = Database(path)
    with monkeypatch.context() as newer:
        newer.setattr(opening, "MIGRATIONS", (*MIGRATIONS, NEXT))
        open_database(path).close()
    with pytest.raises(Exception, match="upgrade Treatywire"):
        Adapters(older).articles.append([article(2)])


def test_a_start_waits_while_another_process_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And says that the file is locked where that takes too long."""
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(opening, "MIGRATIONS", (*MIGRATIONS, NEXT))
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match=r"database is locked \(SQLITE_BUSY\)"):
        open_database(path)
    writer.execute("ROLLBACK")
    writer.close()
    with open_database(path) as newer:
        assert _later(newer) == [article(1).id]
