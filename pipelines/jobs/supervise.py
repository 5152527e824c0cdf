"""One process tree: starts the jobs as processes, restarts what dies, stops all at once."""

import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from typing import IO

from msgspec import Struct

FIRST_BACKOFF, LONGEST_BACKOFF = 0.5, 30.0
HEALTHY_AFTER = 30.0
"""Seconds of life after which a death counts as the first again."""
GRACE = 4.0
"""Seconds that the jobs have to finish what they are at; what they leave undone is done again after the next start."""
MISUSE = 2
"""The exit code of a process that a person must help: not started again."""


class LogLine(Struct, frozen=True):
    """One line that a job wrote to its standard error."""

    job: str
    text: str


class Died(Struct, frozen=True):
    """A job ended by itself. `again_in` is None where it will not be started again."""

    job: str
    exit_code: int
    again_in: float | None


class _Child:
    """One job's process."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command = name, command
        self.process: subprocess.Popen[str] | None = None
        self.started = 0.0
        self.due: float | None = 0.0
        self.backoff = FIRST_BACKOFF


class Supervisor:
    """Runs the named jobs until stopped.

    A job is told to stop by SIGTERM, and by the end of its standard input should this process be killed. Jobs have a
    process group of their own, so that Ctrl-C reaches this process alone: a second one ends no job that is finishing.
    """

    def __init__(self, names: Sequence[str], command: Callable[[str], Sequence[str]]) -> None:
        self._children = [_Child(name, command(name)) for name in names]
        self._lines: queue.SimpleQueue[LogLine] = queue.SimpleQueue()

    def poll(self) -> list[LogLine | Died]:
        """What happened since the last call, after starting what is due; call it a few times a second."""
        now = time.monotonic()
        events: list[LogLine | Died] = []
        for child in self._children:
            if child.process is not None and (code := child.process.poll()) is not None:
                events.append(self._note_death(child, code, now))
            if child.process is None and child.due is not None and now >= child.due:
                self._start(child, now)
        while not self._lines.empty():
            events.append(self._lines.get())
        return events

    def _start(self, child: _Child, now: float) -> None:
        child.process = subprocess.Popen(
            child.command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", process_group=0
        )
        child.started = now
        assert child.process.stderr is not None
        threading.Thread(target=self._collect, args=(child.name, child.process.stderr), daemon=True).start()

    def _collect(self, job: str, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(LogLine(job, line.rstrip("\n")))
        stream.close()

    def _note_death(self, child: _Child, code: int, now: float) -> Died:
        if now - child.started > HEALTHY_AFTER:
            child.backoff = FIRST_BACKOFF
        again_in = None if code == MISUSE else child.backoff
        child.due = None if again_in is None else now + again_in
        child.backoff = min(2 * child.backoff, LONGEST_BACKOFF)
        _close(child.process)
        child.process = None
        return Died(child.name, code, again_in)

    def processes(self) -> dict[str, int]:
        """Process ids of the jobs that run now, by name."""
        return {child.name: child.process.pid for child in self._children if child.process is not None}

    def stop(self) -> list[str]:
        """Stops all jobs within `GRACE`; returns the names of those that had to be killed."""
        running = [(child, child.process) for child in self._children if child.process is not None]
        for _, process in running:
            process.terminate()
        killed = []
        deadline = time.monotonic() + GRACE
        for child, process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed.append(child.name)
            _close(process)
            child.process = None
        for child in self._children:
            child.due = None
        return killed


def _close(process: "subprocess.Popen[str] | None") -> None:
    if process is not None and process.stdin is not None:
        process.stdin.close()


def stop_when_orphaned(stop: threading.Event) -> None:
    """Sets `stop` once standard input ends: the supervisor is gone."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        stop.set()

    threading.Thread(target=watch, daemon=True, name="orphan-watch").start()
