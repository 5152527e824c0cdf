"""The supervisor, with real processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from pipelines.jobs.supervise import GRACE, Died, LogLine, Supervisor
from tests.waiting import until

UP = "import signal, sys, threading; e = threading.Event(); "
WAITS = UP + "signal.signal(15, lambda *_: e.set()); print('up', file=sys.stderr, flush=True); e.wait(60)"
DEAF = UP + "signal.signal(15, signal.SIG_IGN); print('up', file=sys.stderr, flush=True); e.wait(60)"


def events_until(
    supervisor: Supervisor, enough: Callable[[list[LogLine | Died]], bool], seconds: float = 20
) -> list[LogLine | Died]:
    """All events up to the one that makes it enough."""
    events: list[LogLine | Died] = []

    def poll() -> bool:
        events.extend(supervisor.poll())
        return enough(events)

    until(poll, seconds)
    return events


@pytest.fixture
def python() -> Callable[[str], list[str]]:
    """The command that runs a line of Python."""
    return lambda code: [sys.executable, "-S", "-c", code]


def test_lines_of_jobs_arrive_and_all_are_stopped(python: Callable[[str], list[str]]) -> None:
    """Each job's standard error is passed on; a deaf one is killed, and named."""
    supervisor = Supervisor(["good", "deaf"], lambda name: python(WAITS if name == "good" else DEAF))
    events = events_until(supervisor, lambda events: len(events) == 2)
    assert sorted(events, key=str) == sorted([LogLine("good", "up"), LogLine("deaf", "up")], key=str)
    pids = supervisor.processes()
    assert supervisor.stop() == ["deaf"]
    assert not any(psutil.pid_exists(pid) for pid in pids.values())


def test_jobs_stop_at_once_and_not_one_after_the_other(python: Callable[[str], list[str]]) -> None:
    """Three that take half of the grace each are all given the time that they need."""
    slow = (
        UP
        + f"signal.signal(15, lambda *_: (e.wait({GRACE / 2}), sys.exit(0))); print('up', file=sys.stderr); e.wait(60)"
    )
    supervisor = Supervisor(["one", "two", "three"], lambda _: python(slow))
    events_until(supervisor, lambda events: len(events) == 3)
    began = time.monotonic()
    assert supervisor.stop() == []
    assert time.monotonic() - began < GRACE


def test_a_job_that_dies_is_started_again_after_a_growing_wait(python: Callable[[str], list[str]]) -> None:
    """Deaths are told with their exit code and the next start."""
    supervisor = Supervisor(["dies"], lambda _: python("raise SystemExit(7)"))
    deaths = events_until(supervisor, lambda events: len(events) == 3)
    assert deaths == [Died("dies", 7, 0.5), Died("dies", 7, 1.0), Died("dies", 7, 2.0)]
    assert supervisor.stop() == []


def test_a_killed_job_is_started_again(python: Callable[[str], list[str]]) -> None:
    """A kill -9 is a death like any other."""
    supervisor = Supervisor(["job"], lambda _: python(WAITS))
    events_until(supervisor, lambda events: LogLine("job", "up") in events)
    first = supervisor.processes()["job"]
    os.kill(first, signal.SIGKILL)
    events = events_until(supervisor, lambda events: LogLine("job", "up") in events)
    assert events[0] == Died("job", -9, 0.5)
    assert supervisor.processes()["job"] != first
    supervisor.stop()


def test_a_job_that_needs_a_person_is_not_started_again(python: Callable[[str], list[str]]) -> None:
    """Exit code 2 is misuse: starting again would not help."""
    supervisor = Supervisor(["job"], lambda _: python("raise SystemExit(2)"))
    assert events_until(supervisor, lambda events: len(events) == 1) == [Died("job", 2, None)]
    assert supervisor.poll() == []
    assert supervisor.processes() == {}


def test_jobs_stop_when_their_supervisor_is_killed() -> None:
    """The end of a job's standard input tells it that it is an orphan."""
    job = (
        "import threading; from pipelines.jobs.supervise import stop_when_orphaned;"
        "e=threading.Event(); stop_when_orphaned(e); e.wait(60)"
    )
    parent = (
        "import sys; from pipelines.jobs.supervise import Supervisor;"
        f"s=Supervisor(['job'], lambda _: [sys.executable, '-c', {job!r}]); s.poll();"
        "print(s.processes()['job'], flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    child = psutil.Process(int(process.stdout.readline()))
    process.kill()
    process.wait()
    process.stdout.close()
    assert process.stdin is not None
    process.stdin.close()
    child.wait(20)
