"""Processes that outlive the one that started them, and are known again by process id and start time."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

GRACE_S = 30.0
"""Seconds between SIGTERM and SIGKILL: a loaded machine needs some for a clean stop."""
_PAUSE_S = 0.05


class Process(Struct, frozen=True):
    """One process, never mistaken for a later one with the same id."""

    pid: int
    started: int
    """Clock ticks after boot."""

    @property
    def alive(self) -> bool:
        """Whether it still runs; a process that has ended and waits for its parent does not."""
        with suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)  # ours, if it has ended
        stat = _stat(self.pid)
        return stat is not None and stat.started == self.started and stat.state != "Z"

    def family(self) -> list["Process"]:
        """The process and those of its group, oldest first, that are alive."""
        leader = _stat(self.pid)
        if leader is not None and leader.started != self.started:
            return []  # all gone so long that the id is somebody else's
        numbers = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
        found = {number: _stat(number) for number in numbers}
        family = [
            Process(number, stat.started)
            for number, stat in found.items()
            if stat is not None and self.pid in (number, stat.group)
        ]
        return sorted((process for process in family if process.alive), key=lambda process: process.started)

    def kill(self) -> None:
        """Ends it and its group at once (SIGKILL), and returns when they are gone."""
        while family := self.family():
            for process in family:
                process.send(signal.SIGKILL)
            time.sleep(_PAUSE_S)

    def stop(self, grace_s: float = GRACE_S) -> None:
        """Asks it to end (SIGTERM), then ends what is left of it and its group; returns when they are gone."""
        self.send(signal.SIGTERM)
        deadline = time.monotonic() + grace_s
        while self.alive and time.monotonic() < deadline:
            time.sleep(_PAUSE_S)
        self.kill()

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to it alone, if it is alive."""
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


class _Stat(Struct, frozen=True):
    state: str
    group: int
    started: int


def _stat(pid: int) -> _Stat | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return _Stat(fields[0], int(fields[2]), int(fields[19]))


def known(pid: int) -> Process | None:
    """The process that has this id now, or None."""
    stat = _stat(pid)
    return None if stat is None else Process(pid, stat.started)


def spawn(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Process:
    """A new process in a session of its own, which Ctrl-C does not reach; what it prints is appended to the log."""
    outputs = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    env = os.environ if environment is None else environment
    pid = os.posix_spawn(command[0], list(command), env, file_actions=outputs, setsid=True, setsigmask=())
    started = known(pid)
    assert started is not None, "a child keeps its id until its parent has waited for it"
    return started


def tail(log: Path, lines: int = 30) -> str:
    """The last lines of a log, or a word that there are none."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return "\n".join(text.splitlines()[-lines:]) or "(nothing logged)"
