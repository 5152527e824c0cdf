"""`treatywire export` over a database of its own."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from connectors.sqlite import Adapters, open_database
from schemas.vocabulary import EventType
from tests.integration.contract.records import MINUTE, NOON, view
from tests.process_tree import ROOT, command, environment

EVENTS = 2_500
"""More than a page, so that a second one is asked for."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with ratifications, one of three first seen with the next, and one withdrawal before them."""
    folder = tmp_path_factory.mktemp("data")
    views = [view(f"evt-{n:08}", first_seen=NOON + (n // 3) * MINUTE, headline=f"{n}, “=x”") for n in range(EVENTS)]
    old = view("evt-old", first_seen=NOON - MINUTE, type=EventType.WITHDRAWAL, headline="=1+1")
    Adapters(open_database(folder / "treatywire.sqlite3")).events.save((), [*views, old])
    return folder


def test_csv_goes_to_standard_output_with_every_event_once(data: Path) -> None:
    """The latest first, ties by id, over several pages; the same twice."""
    done = command(data, "export", "--format", "csv")
    assert done.returncode == 0
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    numbers = sorted(range(EVENTS), key=lambda n: (-(n // 3), n))
    assert [row["id"] for row in rows] == [*(f"evt-{n:08}" for n in numbers), "evt-old"]
    assert (rows[-1]["headline"], rows[-1]["cameo"], rows[-1]["plover"]) == ("'=1+1", "161", "RETREAT")
    assert command(data, "export", "--format", "csv").stdout == done.stdout


def test_cameo_and_plover_take_a_query(data: Path) -> None:
    """One event, one line below the names; `-` is standard output."""
    for format_, code in (("cameo", "161"), ("plover", "RETREAT")):
        done = command(data, "export", "--format", format_, "type:withdrawal", "--output", "-")
        names, row = (line.split("\t") for line in done.stdout.splitlines())
        assert len(names) == len(row)
        assert code in row
        assert done.returncode == 0


def test_parquet_goes_through_a_pipe_as_into_a_file(data: Path, tmp_path: Path) -> None:
    """The bytes are the same; a file that was there is replaced, and says how many events it holds."""
    piped = subprocess.run(
        [sys.executable, "-m", "app", "export", "--format", "parquet"],
        env=environment(data), cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    table = pq.read_table(io.BytesIO(piped))
    assert table.num_rows == EVENTS + 1
    file = tmp_path / "events.parquet"
    file.write_text("old")
    done = command(data, "export", "--format", "parquet", "--output", str(file))
    assert done.stderr == f"{EVENTS + 1} events in {file}\n"
    assert file.read_bytes() == piped
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--format", "csv", "type:denial"), 1, "nothing found"),
        (("--format", "xml"), 2, "'xml' is not one of"),
        ((), 2, "Missing option '--format'"),
        (("--format", "csv", "type:("), 2, "query:"),
        (("--format", "csv", "--output", "/nowhere/at/all.csv"), 2, "cannot be written: No such file or directory"),
        (("--format", "csv", "--output", "/"), 2, "not a file"),
        (("--format", "csv", "--since", "yesterday"), 2, "a duration such as"),
    ],
)
def test_what_cannot_be_done_is_said(data: Path, arguments: tuple[str, ...], code: int, says: str) -> None:
    """With the exit code for nothing found, or for misuse."""
    done = command(data, "export", *arguments)
    assert done.returncode == code
    assert says in done.stderr


def test_a_failed_export_leaves_what_was_there(data: Path, tmp_path: Path) -> None:
    """Neither half a file nor a temporary one."""
    file = tmp_path / "events.csv"
    file.write_text("old")
    assert command(data, "export", "--format", "csv", "colour:red", "--output", str(file)).returncode == 2
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_reader_that_goes_away_ends_the_export_quietly(data: Path) -> None:
    """As `| head -1` does."""
    for format_ in ("csv", "cameo"):
        done = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m app export --format {format_} | head -1"],
            env=environment(data), cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.stderr == ""
        assert len(done.stdout.splitlines()) == 1
