"""What goes wrong while the database is in use."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sqlite import Adapters, Database, database, open_database, opening
from connectors.sqlite.reader import READ_BYTES
from schemas.errors import Misconfigured, Unavailable
from schemas.ports import Position, Unreadable
from tests.integration.contract.records import MINUTE, NOON, aggregate, article, development, letter, view


@pytest.fixture
def adapters(tmp_path: Path) -> Iterator[Adapters]:
    """The adapters of a new database."""
    with open_database(tmp_path / "treatywire.db") as database:
        yield Adapters(database)


def _pages(database: Database, limit: int | None = None) -> int:
    """How many pages there are; with a limit, the disk is full after so many more."""
    pages: int = database.connection().execute("PRAGMA page_count").fetchone()[0]
    if limit is not None:
        database.connection().execute(f"PRAGMA max_page_count = {pages + limit}").fetchall()
    return pages


def test_a_full_disk_loses_nothing_and_a_retry_is_safe(adapters: Adapters) -> None:
    """The write that does not fit is not there in part; once there is room the same call does it all."""
    adapters.articles.append([article(1)])
    adapters.articles.reader("detect").begin(1, 1)
    long = article(2, text="x" * 1_000_000)
    _pages(adapters.database, limit=20)
    with pytest.raises(Unavailable, match=r"database or disk is full \(SQLITE_FULL\)"):
        adapters.articles.append([article(3), long, article(4)])

    def save() -> None:
        views = [view("evt-long", headline="x" * 1_000_000)]
        adapters.events.save([aggregate("agg-1")], views, failed=[letter(1)], position=Position("detect", 1))

    with pytest.raises(Unavailable):
        save()
    assert [entry.record for entry in adapters.articles.reader("detect").read(9)] == [article(1)]
    assert dict(adapters.events.load(["agg-1"])) == {}
    assert list(adapters.dead_letters.list()) == []
    adapters.database.connection().execute("PRAGMA max_page_count = 1000000").fetchall()
    adapters.articles.append([article(3), long, article(4)])
    save()
    assert [entry.record for entry in adapters.articles.reader("detect").read(9)] == [article(3), long, article(4)]
    assert dict(adapters.events.load(["agg-1"])) == {"agg-1": aggregate("agg-1", version=1)}


# A limit on the size of files is the nearest thing to a full disk that any user can have.
FILL = """
import resource, sys
from pathlib import Path
from connectors.sqlite import Adapters, open_database
from schemas.errors import Unavailable
from tests.integration.contract.records import article
database = open_database(Path(sys.argv[1]))
articles, number = Adapters(database).articles, 0
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
try:
    while True:
        articles.append([article(number, text="x" * 10_000)])
        number += 1
except Unavailable as error:
    print(number, articles.end(), error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
articles.append([article(number, text="x" * 10_000)])
"""


def test_a_disk_that_takes_no_more_loses_nothing(tmp_path: Path) -> None:
    """All that was acknowledged before is there, and the same process goes on once there is room."""
    command = [sys.executable, "-c", FILL, str(tmp_path / "treatywire.db")]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    acknowledged, end, error = said.split(maxsplit=2)
    assert int(acknowledged) == int(end) > 10
    assert "treatywire.db: disk I/O error" in error or "disk is full" in error
    with open_database(tmp_path / "treatywire.db") as database:
        assert Adapters(database).articles.end() == int(acknowledged) + 1
        assert database.connection().execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_writer_that_takes_too_long_makes_others_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written meanwhile; readers are not stopped, and the next try succeeds."""
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    with open_database(tmp_path / "treatywire.db") as opened:
        articles = Adapters(opened).articles
        articles.append([article(1)])
        reader = articles.reader("detect")
        other = sqlite3.connect(opened.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM articles")
        with pytest.raises(Unavailable, match=r"database is locked \(SQLITE_BUSY\)"):
            articles.append([article(2)])
        assert [entry.record for entry in reader.read(9)] == [article(1)]
        other.execute("ROLLBACK")
        other.close()
        articles.append([article(2)])
        assert [entry.record for entry in reader.read(9)] == [article(1), article(2)]


def test_an_error_of_the_caller_writes_nothing_and_is_no_excuse(adapters: Adapters) -> None:
    """A bug is raised as it is, and the connection goes on."""

    def write() -> None:
        with adapters.database.write() as connection:
            connection.execute("INSERT INTO readers (log, name) VALUES ('articles', 'ghost')")
            raise RuntimeError("bug")

    with pytest.raises(RuntimeError, match="bug"):
        write()
    with pytest.raises(sqlite3.OperationalError, match="no such table"), adapters.database.write() as connection:
        connection.execute("DELETE FROM nowhere")
    assert adapters.database.connection().execute("SELECT * FROM readers").fetchall() == []
    adapters.articles.append([article(1)])


def test_a_record_that_cannot_be_decoded_is_told_as_such(adapters: Adapters) -> None:
    """With its bytes and the reason, in its place, so that it can become a dead letter; others are not held up."""
    adapters.articles.append([article(1), article(2), article(3)])
    adapters.developments.append([development(1)])
    with adapters.database.write() as connection:
        connection.execute("UPDATE articles SET data = ? WHERE offset = 2", (b'{"id": \xff}',))
        connection.execute("UPDATE developments SET data = ?", (b'{"id": "dev-1"}',))
    first, broken, last = adapters.articles.reader("detect").read(9)
    assert (first.record, broken.offset, last.record) == (article(1), 2, article(3))
    assert isinstance(broken.record, Unreadable)
    assert broken.record.data == b'{"id": \xff}'
    assert "not a valid Article" in broken.record.reason
    (entry,) = adapters.developments.after(0, 9)
    assert isinstance(entry.record, Unreadable)
    assert "change" in entry.record.reason


def test_a_state_that_cannot_be_decoded_stops_the_process(adapters: Adapters) -> None:
    """It is named: to go on without it would overwrite it."""
    adapters.events.save([aggregate("agg-1")], [])
    with adapters.database.write() as connection:
        connection.execute("""UPDATE states SET data = '{"state": "aggregate"}'""")
    with pytest.raises(Misconfigured, match="agg-1: stored by another version, or damaged"):
        adapters.events.load(["agg-1"])


def test_a_batch_of_long_articles_ends_early(adapters: Adapters) -> None:
    """Memory is bounded; nothing is passed over, and one that is longer than the bound comes alone."""
    long = [article(number, text="x" * (READ_BYTES // 2)) for number in range(4)]
    huge = article(9, text="x" * (READ_BYTES + 1))
    adapters.articles.append([*long, huge, article(10)])
    reader = adapters.articles.reader("detect")
    batches = []
    while entries := reader.read(100):
        batches.append([entry.record for entry in entries])
        reader.commit(entries[-1].offset)
    assert batches == [long[:2], long[2:], [huge], [article(10)]]


def test_expired_articles_give_their_space_back(adapters: Adapters) -> None:
    """To the file system, though others write meanwhile."""
    adapters.articles.append([article(number, text="x" * 5_000) for number in range(1200)])
    adapters.articles.append([article(2000, fetched=NOON + MINUTE)])
    adapters.articles.reader("detect").commit(adapters.articles.end())
    before = _pages(adapters.database)
    assert adapters.articles.expire(NOON + MINUTE) == 1200
    assert _pages(adapters.database) < before / 10
    adapters.database.close()
    assert adapters.database.path.stat().st_size < 500_000


def test_the_write_ahead_log_stays_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is written, and though a reader stood in the way for a while."""
    monkeypatch.setattr(opening, "WAL_BYTES", 2_000_000)
    with open_database(tmp_path / "treatywire.db") as opened:
        wal = Path(f"{opened.path}-wal")
        articles = Adapters(opened).articles

        def write(first: int) -> int:
            for number in range(first, first + 60):
                articles.append([article(number, text="x" * 100_000)])
            return wal.stat().st_size

        assert write(0) < 6_000_000
        reader = sqlite3.connect(opened.path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchall()
        monkeypatch.setattr(database, "CHECKPOINT_SECONDS", 0.01)
        held = write(100)
        assert held > 6_000_000
        reader.close()
        assert write(200) < 6_000_000
