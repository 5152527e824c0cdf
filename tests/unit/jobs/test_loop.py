"""The loop around a job: what is away is tried again, what is done ends, and the end comes in time."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from pipelines.jobs import loop
from pipelines.jobs.loop import OVERDUE, run_loop, until_available
from schemas.errors import Misconfigured, Unavailable
from tests.process_tree import ROOT


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of a moment."""
    monkeypatch.setattr(loop, "FIRST_RETRY", timedelta(milliseconds=1))


def test_what_is_away_at_the_start_is_tried_again() -> None:
    """A job whose server comes up after it waits for it; what a person must change is raised."""
    given: Iterator[object] = iter([Unavailable("away"), Unavailable("away"), 7])

    def attempt() -> object:
        one = next(given)
        if isinstance(one, Exception):
            raise one
        return one

    assert until_available("detect", attempt, threading.Event()) == 7
    given = iter([Misconfigured("wrong")])
    with pytest.raises(Misconfigured):
        until_available("detect", attempt, threading.Event())
    stop = threading.Event()
    stop.set()
    assert until_available("detect", attempt, stop) is None


def test_until_idle_goes_on_while_there_is_work_that_has_not_come_yet() -> None:
    """A consumer group that is still giving out partitions gives nothing for a moment, and that is no end."""
    lags = [2, 1, 0]
    steps: list[datetime] = []

    def step(now: datetime) -> timedelta:
        steps.append(now)
        return timedelta(milliseconds=1)

    run_loop("detect", step, threading.Event(), until_idle=lambda: lags.pop(0) == 0)
    assert (len(steps), lags) == (3, [])


def test_a_process_that_hangs_after_it_was_told_to_stop_is_ended() -> None:
    """With an exit code of its own."""
    code = (
        "import threading; from pipelines.jobs.loop import end_in_time; stop = threading.Event();"
        "end_in_time('detect', stop, 0.2); stop.set(); threading.Event().wait(60)"
    )
    began = time.monotonic()
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == OVERDUE
    assert "not finished in time" in ended.stdout + ended.stderr
    assert time.monotonic() - began < 30
