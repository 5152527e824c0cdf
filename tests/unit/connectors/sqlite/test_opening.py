"""Opening the database file."""

import os
import pickle
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

import pytest

from connectors.sqlite import Adapters, Database, open_database
from connectors.sqlite.migrations import MIGRATIONS
from connectors.sqlite.opening import APPLICATION_ID
from schemas.errors import Misconfigured
from tests.integration.contract.records import article

VERSION = len(MIGRATIONS)
NOBODY = 65534


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database in a directory of its own."""
    with open_database(tmp_path / "data" / "treatywire.db") as database:
        yield database


def _pragma(path: Path, name: str) -> object:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        connection.close()


def test_a_new_file_is_made_with_its_directory(database: Database) -> None:
    """At the current version, ours by its application id, with a write-ahead log and space that can be given back."""
    path = database.path
    found = {name: _pragma(path, name) for name in ("user_version", "application_id", "journal_mode", "auto_vacuum")}
    assert found == {"user_version": VERSION, "application_id": APPLICATION_ID, "journal_mode": "wal", "auto_vacuum": 2}
    assert database.connection().execute("PRAGMA synchronous").fetchone() == (2,)


def test_all_files_are_for_their_owner_alone(database: Database) -> None:
    """Whatever the umask: the database, its write-ahead log and the index of that; the directory too."""
    Adapters(database).articles.append([article(1)])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in database.path.parent.iterdir()}
    assert modes == {"treatywire.db": 0o600, "treatywire.db-wal": 0o600, "treatywire.db-shm": 0o600}
    assert stat.S_IMODE(database.path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_may_read_is_closed_to_them(database: Database) -> None:
    """A copy that was put back with the usual rights holds secrets all the same; and so do the files beside it."""
    database.close()
    database.path.chmod(0o644)
    Adapters(database).articles.append([article(1)])
    assert {stat.S_IMODE(path.stat().st_mode) for path in database.path.parent.iterdir()} == {0o600}


def test_an_existing_file_is_opened_as_it_is(database: Database) -> None:
    """Opening changes nothing; what was written is there."""
    Adapters(database).articles.append([article(1)])
    database.close()
    before = database.path.read_bytes()
    with open_database(database.path) as again:
        assert [entry.record for entry in Adapters(again).articles.reader("new").read(10)] == [article(1)]
    with open_database(database.path):
        pass
    assert len(database.path.read_bytes()) == len(before)


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    """So the next start repairs a crash between the making of the file and its first table."""
    path = tmp_path / "treatywire.db"
    path.touch()
    with open_database(path) as database:
        assert Adapters(database).articles.end() == 0
    assert _pragma(path, "auto_vacuum") == 2


def test_a_copy_without_write_ahead_log_gets_one(database: Database, tmp_path: Path) -> None:
    """`VACUUM INTO` makes a backup in another journal mode."""
    copy = tmp_path / "copy.db"
    database.connection().execute("VACUUM INTO ?", (str(copy),))
    with open_database(copy):
        assert _pragma(copy, "journal_mode") == "wal"


def test_a_newer_version_is_refused(database: Database) -> None:
    """Naming both versions, and leaving the file as it is."""
    database.connection().execute(f"PRAGMA user_version = {VERSION + 41}")
    database.close()
    with pytest.raises(Misconfigured, match=rf"version {VERSION + 41}, .* up to version {VERSION}; upgrade"):
        open_database(database.path)
    assert _pragma(database.path, "user_version") == VERSION + 41


@pytest.mark.parametrize("content", [b"x", b"id,name\n1,feed\n" * 1000, b"\0" * 5000], ids=["a byte", "text", "zeros"])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    """And left as it is."""
    path = tmp_path / "treatywire.db"
    path.write_bytes(content)
    with pytest.raises(Misconfigured, match=r"treatywire\.db: it is no SQLite database"):
        open_database(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "made_by",
    ["CREATE TABLE theirs (a)", "PRAGMA application_id = 252006674", "PRAGMA user_version = 1"],
)
def test_a_database_of_another_program_is_refused(tmp_path: Path, made_by: str) -> None:
    """And left as it is, in its own journal mode and with its rights."""
    path = tmp_path / "theirs.db"
    connection = sqlite3.connect(path)
    connection.execute(made_by)
    connection.close()
    path.chmod(0o644)
    content = path.read_bytes()
    with pytest.raises(Misconfigured, match="belongs to another program"):
        open_database(path)
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_damaged_database_is_refused(database: Database) -> None:
    """With what a person can do about it."""
    Adapters(database).articles.append([article(number) for number in range(500)])
    database.close()
    content = database.path.read_bytes()
    database.path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(Misconfigured, match="it is damaged; restore a copy"), open_database(database.path) as damaged:
        Adapters(damaged).articles.append([article(1000)])


def test_a_directory_is_refused(tmp_path: Path) -> None:
    """A file must be named."""
    with pytest.raises(Misconfigured, match="it is a directory"):
        open_database(tmp_path)


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    """There can be no such file."""
    (tmp_path / "file").touch()
    with pytest.raises(Misconfigured, match="name a file"):
        open_database(tmp_path / "file" / "treatywire.db")


OPEN_AS_SOMEBODY = """
import os, sys
from pathlib import Path
from connectors.sqlite import open_database
from schemas.errors import Misconfigured
if os.geteuid() == 0:
    os.setuid(int(sys.argv[2]))
try:
    open_database(Path(sys.argv[1]))
except Misconfigured as error:
    print(error)
"""


@pytest.mark.parametrize(("file", "directory"), [(0o444, 0o755), (0o666, 0o555)], ids=["file", "directory"])
def test_a_read_only_database_is_refused(file: int, directory: int) -> None:
    """Whether the file or its directory may not be written, in words that say what to do."""
    with tempfile.TemporaryDirectory() as place:  # where nobody may come too, unlike pytest's
        with open_database(Path(place) / "treatywire.db") as database:
            path = database.path
        path.chmod(file)
        Path(place).chmod(directory)
        command = [sys.executable, "-c", OPEN_AS_SOMEBODY, str(path), str(NOBODY)]
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
        Path(place).chmod(0o700)
    assert "treatywire.db: it is read-only; make the file and its directory writable" in said


def test_a_write_that_is_refused_names_the_reason(database: Database) -> None:
    """Also where the file became read-only after it was opened."""
    database.connection().execute("PRAGMA query_only = ON")
    with pytest.raises(Misconfigured, match="it is read-only"):
        Adapters(database).articles.append([article(1)])


def test_each_thread_has_a_connection_and_all_are_closed(tmp_path: Path) -> None:
    """Closed by the last one, the database leaves no other file."""
    with open_database(tmp_path / "treatywire.db") as database, ThreadPoolExecutor(4) as pool:
        articles = Adapters(database).articles
        list(pool.map(lambda number: articles.append([article(number)]), range(200)))
        assert len(articles.reader("all").read(500)) == 200
    assert [path.name for path in tmp_path.iterdir()] == ["treatywire.db"]


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    """One of them makes it; to none of the others does it look foreign or locked while that is under way."""
    together, rounds = Barrier(4), 60

    def start(number: int) -> None:
        for each in range(rounds):
            together.wait(60)
            try:
                with open_database(tmp_path / str(each) / "treatywire.db") as database:
                    Adapters(database).articles.append([article(number)])
            except BaseException:
                together.abort()
                raise

    with ThreadPoolExecutor(together.parties) as pool:
        list(pool.map(start, range(together.parties)))
    for each in range(rounds):
        with open_database(tmp_path / str(each) / "treatywire.db") as database:
            assert Adapters(database).articles.end() == together.parties


def test_a_closed_database_opens_anew_when_used(database: Database) -> None:
    """So an owner may close early, and whoever comes late does no harm."""
    articles = Adapters(database).articles
    database.close()
    articles.append([article(1)])
    assert articles.end() == 1


def _append_one(adapters: Adapters) -> None:
    adapters.articles.append([article(1)])
    adapters.database.close()


def test_adapters_may_be_sent_to_a_spawned_process(database: Database) -> None:
    """It opens a connection of its own."""
    process = get_context("spawn").Process(target=_append_one, args=(Adapters(database),))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert Adapters(database).articles.end() == 1
    assert pickle.loads(pickle.dumps(database)).path == database.path


def test_a_forked_process_leaves_the_connection_of_its_parent_alone(database: Database) -> None:
    """SQLite forbids to carry one over; both go on writing."""
    adapters = Adapters(database)
    adapters.articles.append([article(1)])
    child = os.fork()
    if child == 0:
        try:
            adapters.articles.append([article(2)])
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    adapters.articles.append([article(3)])
    assert [entry.record for entry in adapters.articles.reader("all").read(9)] == [article(1), article(2), article(3)]


def test_importing_the_adapters_is_light() -> None:
    """`treatywire search` pays for neither the pipeline nor the network."""
    command = [sys.executable, "-c", "import sys, connectors.sqlite; print(*sys.modules)"]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.split()
    assert not {"apache_beam", "feedparser", "httpx", "luqum", "lxml", "rich", "structlog"} & set(loaded)
