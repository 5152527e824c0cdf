"""What every local server has in common: parts that are started in order, awaited, killed, started again, removed."""

import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from deploy.local.cache import locked
from deploy.local.errors import ServerFailed
from deploy.local.ports import free_ports
from deploy.local.processes import Process, tail
from deploy.local.state import State, read_state, write_state

READY_S = 180.0
"""Seconds until a part must answer: ten times what it takes on an idle machine."""
_PAUSE_S = 0.1


class NotReady(Exception):  # noqa: N818 - a state to wait out, not an error
    """A part does not answer, or not as it should; the message says what it does instead."""


@dataclass(frozen=True)
class Part:
    """One process of a server.

    Args:
        launch: Starts it.
        health: What it says of itself in a word or two; raises `NotReady` while it cannot be used.
        log: Where it writes what it does; its end is shown when it fails.
    """

    launch: Callable[[], Process]
    health: Callable[[], str]
    log: Path


class Server(ABC):
    """One server of an instance: files in ``folder/NAME``, logs in ``folder/*.log``, state in ``folder/NAME.json``.

    Its ports and data are the same from the first `up` to `down`, whatever is killed between.
    An object may be made over the folder of a server that another process has started.
    """

    name: ClassVar[str]
    ports: ClassVar[tuple[str, ...]]
    """Names of the ports it listens on."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder).absolute()
        self._file = self.folder / f"{self.name}.json"

    @abstractmethod
    def parts(self) -> Mapping[str, Part]:
        """Its processes, in the order in which they start."""

    @abstractmethod
    def prepare(self, home: Path, ports: dict[str, int]) -> dict[str, str]:
        """Fetches the programs, writes configuration into the home; the options that a restart needs."""

    @abstractmethod
    def addresses(self) -> dict[str, str]:
        """What a client needs to know, by name."""

    @property
    def exists(self) -> bool:
        """Whether it has been started in this folder, and not been taken down."""
        return self._file.exists()

    @property
    def state(self) -> State:
        """As it was last started.

        Raises:
            ServerFailed: It was never started in this folder, or has been taken down.
        """
        state = read_state(self._file)
        if state is None:
            raise ServerFailed(f"{self.name} is not up in {self.folder}")
        return state

    @property
    def pid(self) -> int:
        """The process id of its first part."""
        return self.pid_of(next(iter(self.parts())))

    def pid_of(self, part: str) -> int:
        """The process id of a part, as it was last started."""
        return self.state.processes[part].pid

    def alive(self, part: str) -> bool:
        """Whether the process of a part still runs."""
        process = self.state.processes.get(part)
        return process is not None and process.alive

    def up(self) -> None:
        """Starts whatever does not run, and returns when all of it answers.

        Raises:
            MissingTools: There is no Java, or no Maven to fetch the server with.
            NotFetched: The server could not be downloaded.
            ServerFailed: It did not start; nothing of it runs.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder):
            if not self.exists:
                self._prepare()
            self._start()

    def make_home(self) -> Path:
        """A new folder for data and configuration; what an interrupted start has left there is removed."""
        self.remove_home()
        home = self.folder / self.name
        home.mkdir()
        return home

    def kill(self, part: str | None = None) -> None:
        """Ends a part, or all, with SIGKILL, as a crash would; data and ports stay."""
        for process in self._processes(part):
            process.kill()

    def stop(self, part: str | None = None) -> None:
        """Ends a part, or all, in good order; data and ports stay."""
        for process in reversed(self._processes(part)):
            process.stop()

    def restart(self, part: str | None = None) -> None:
        """Ends what still runs of a part, or of all, starts it on the same ports and data, and waits until it answers.

        Raises:
            ServerFailed: It did not start again; nothing of it runs.
        """
        with locked(self.folder):
            self.stop(part)
            self._start()

    def down(self, *, keep_logs: bool = False) -> None:
        """Ends it, and removes its data, configuration and state, and its logs unless they are kept."""
        if not self.folder.exists():
            return
        with locked(self.folder):
            if self.exists:
                self.stop()
            self.remove_home()
            self._file.unlink(missing_ok=True)
            for part in self.parts().values() if not keep_logs else ():
                part.log.unlink(missing_ok=True)

    def remove_home(self) -> None:
        """Removes the folder that `make_home` made, if there is one."""
        shutil.rmtree(self.folder / self.name, ignore_errors=True)

    def health(self) -> dict[str, str]:
        """What each part says of itself; "down" where its process is gone."""
        return {name: self._word(name, part) for name, part in self.parts().items()}

    @property
    def healthy(self) -> bool:
        """Whether every part runs and can be used."""
        return all(self._answers(name, part) for name, part in self.parts().items())

    def _word(self, name: str, part: Part) -> str:
        if not self.alive(name):
            return "down"
        try:
            return part.health()
        except NotReady as reason:
            return f"not ready: {reason}"

    def _answers(self, name: str, part: Part) -> bool:
        try:
            return self.alive(name) and bool(part.health())
        except NotReady:
            return False

    def _processes(self, part: str | None) -> list[Process]:
        processes = self.state.processes
        return list(processes.values()) if part is None else [processes[part]] if part in processes else []

    def _prepare(self) -> None:
        home, ports = self.make_home(), free_ports(list(self.ports))
        try:
            options = self.prepare(home, ports)
        except BaseException:
            self.remove_home()
            raise
        write_state(self._file, State(str(home), ports, options=options))

    def _start(self) -> None:
        try:
            for name, part in self.parts().items():
                if not self.alive(name):
                    process, state = part.launch(), self.state
                    state.processes[name] = process
                    write_state(self._file, state)
                self._await(name, part)
        except BaseException:
            self.stop()
            raise

    def _await(self, name: str, part: Part) -> None:
        deadline = time.monotonic() + READY_S
        while True:
            try:
                part.health()
            except NotReady as reason:
                failure = "died while starting" if not self.alive(name) else None
                if time.monotonic() > deadline:
                    failure = f"is not ready after {READY_S:.0f} s ({reason})"
            else:
                return
            if failure:
                raise ServerFailed(f"{self.name}: {name} {failure}; its log {part.log}:\n{tail(part.log)}")
            time.sleep(_PAUSE_S)
