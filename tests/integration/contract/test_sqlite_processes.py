"""The SQLite adapters under several processes, and under processes that are killed."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.sqlite import Adapters, open_database
from schemas.ports import InFlight
from schemas.state import Aggregate
from tests.integration.contract.records import aggregate, article, development, letter, view
from tests.integration.contract.sqlite_writer import BATCH

ROOT = Path(__file__).parents[3]
MODULE = "tests.integration.contract.sqlite_writer"


def _start(path: Path, task: str, *arguments: str) -> "subprocess.Popen[str]":
    """A writer that begins when it reads a line."""
    command = [sys.executable, "-m", MODULE, task, str(path), *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _say_go(writer: "subprocess.Popen[str]") -> None:
    assert writer.stdin is not None
    writer.stdin.write("\n")
    writer.stdin.flush()


def _killed_after(writer: "subprocess.Popen[str]", lines: int) -> list[list[str]]:
    """What it had acknowledged when it was killed, at some moment after so many acknowledgements."""
    assert writer.stdout is not None
    said = [writer.stdout.readline() for _ in range(lines + 1)]
    writer.kill()
    said += writer.stdout.readlines()
    writer.communicate(timeout=60)
    return [line.split() for line in said if line.endswith("\n")]


@pytest.mark.parametrize("seed", range(3))
def test_what_was_acknowledged_survives_kill_and_nothing_is_torn(tmp_path: Path, seed: int) -> None:
    """A writer is killed at arbitrary moments, again and again over one file; the next goes on where it stopped."""
    path, chance, next_round = tmp_path / "treatywire.db", random.Random(seed), 0
    for _ in range(6):
        writer = _start(path, "append", str(next_round))
        _say_go(writer)
        said = _killed_after(writer, chance.randrange(12))
        with open_database(path) as database:
            adapters = Adapters(database)
            assert database.connection().execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            appended = [entry.record for entry in adapters.articles.reader("all").read(10_000)]
            assert appended == [article(number, text="x" * 2_000) for number in range(len(appended))]
            assert len(appended) % BATCH == 0
            rounds = len(appended) // BATCH
            saved = adapters.articles.reader("detect").position() // BATCH
            assert rounds > max([int(line[1]) for line in said if line[0] == "appended"], default=-1)
            assert saved > max([int(line[1]) for line in said if line[0] == "saved"], default=-1)
            assert rounds - saved in (0, 1)
            _assert_saved(adapters, saved)
            begun = InFlight(saved * BATCH, saved * BATCH + BATCH - 1, 1)
            assert adapters.articles.reader("detect").in_flight() in (None, begun)
        next_round = saved
    assert next_round > 0


def _assert_saved(adapters: Adapters, rounds: int) -> None:
    """Everything of so many rounds is there, and nothing of the next."""
    last = rounds - 1
    states = dict(adapters.events.load(["agg-1"]))
    if rounds == 0:
        assert states == {}
        return
    assert states == {"agg-1": aggregate("agg-1", version=rounds, outbox=(development(last),), cells=last % 5)}
    assert list(adapters.events.unpublished(10)) == [("agg-1", development(last))]
    assert adapters.events.count(None) == rounds + 1
    assert adapters.events.event("evt-once") == view("evt-once", revision=last)
    assert adapters.events.event(f"evt-x{last:08}") is not None
    assert adapters.events.event(f"evt-x{rounds:08}") is None
    assert {one.id: one.attempts for one in adapters.dead_letters.list(limit=100_000)} == {
        letter(number).id: 1 for number in range(rounds)
    }


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Neither loses a write of the other: conflicts are merged again, nothing and no token comes twice."""
    path, rounds = tmp_path / "treatywire.db", 150
    writers = [_start(path, "add", name, str(rounds)) for name in "ab"]
    for writer in writers:
        _say_go(writer)
    said = [writer.communicate(timeout=120)[0].splitlines() for writer in writers]
    assert [lines[-1] for lines in said] == ["done", "done"]
    tokens = sorted(int(line.split()[1]) for lines in said for line in lines if line.startswith("token"))
    assert tokens == list(range(1, 2 * rounds + 1))
    with open_database(path) as database:
        adapters = Adapters(database)
        state = adapters.events.load(["agg-1"])["agg-1"]
        assert isinstance(state, Aggregate)
        assert set(state.announced) == {f"{name} {number}" for name in "ab" for number in range(rounds)}
        assert state.version == 2 * rounds
        assert [one.attempts for one in adapters.dead_letters.list()] == [2 * rounds]
        records = [entry.record for entry in adapters.articles.reader("all").read(10_000)]
        expected = [article(number, revision=revision) for number in range(rounds) for revision in (1, 2, 3)]
        assert sorted(records, key=repr) == sorted(expected, key=repr)


def test_processes_that_start_at_once_make_one_database(tmp_path: Path) -> None:
    """Whoever comes first makes the file; the others wait for it, and all write."""
    path = tmp_path / "data" / "treatywire.db"
    writers = [_start(path, "add", name, "1") for name in "abcd"]
    for writer in writers:
        _say_go(writer)
    assert [writer.communicate(timeout=120)[0].splitlines()[-1] for writer in writers] == ["done"] * 4
    assert [writer.returncode for writer in writers] == [0] * 4
    with open_database(path) as database:
        assert Adapters(database).events.load(["agg-1"])["agg-1"].version == 4
