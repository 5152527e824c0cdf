"""The terminal of `treatywire run`: sets up, shows developments and a status line, stops."""

import fcntl
import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.status import Status

from app.commands.job import NAMES
from app.render import development_line
from pipelines.jobs.adapters import Adapters, open_adapters
from pipelines.jobs.loop import stop_on_signals
from pipelines.jobs.observe import Gathering, Observation, listening
from pipelines.jobs.supervise import Died, LogLine, Supervisor
from schemas.errors import Misconfigured, Unavailable
from schemas.ports import Unreadable
from schemas.settings import Settings
from schemas.vocabulary import Change, Origin

POLL_SECONDS = 0.2
STATUS_SECONDS = 1.0
READER = "terminal"
AT_ONCE = 200


def monitor(settings: Settings) -> None:
    """Runs one process of each job until SIGINT or SIGTERM.

    Prints each new development once, over all runs on these logs: a line whose run is killed between printing and
    noting it is printed again.

    Raises:
        Misconfigured: Somebody else runs on this data, or a job says that a person must change something.
        Unavailable: The data cannot be opened now.
    """
    stop = stop_on_signals()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(settings.data / "run.lock"):
        adapters = open_adapters(settings)
        try:
            adapters.check()
            _Monitor(settings, adapters, stop).run()
        finally:
            with suppress(Unavailable):
                adapters.close()


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds the lock file while the body runs; the system lets go of it whatever becomes of this process."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Misconfigured(
                f"`treatywire run` is at work in {path.parent} already; `treatywire watch '*'` shows what it finds"
            ) from None
        yield


class _Monitor:
    def __init__(self, settings: Settings, adapters: Adapters, stop: threading.Event) -> None:
        self._settings, self._adapters, self._stop = settings, adapters, stop
        self._out = Console(highlight=False, soft_wrap=True)
        self._notes = self._out if self._out.is_terminal else Console(stderr=True, highlight=False, soft_wrap=True)
        self._reader = adapters.developments.reader(READER)
        self._seen = Observation("run")
        self._jobs_seen = Gathering(self._seen.metrics, NAMES)
        # The lock makes it the only one of this name, and a later run takes up what this one held.
        self._holder = f"run:{socket.gethostname()}:{settings.data}"
        self._misuse: str | None = None

    def run(self) -> None:
        self._add_first_feeds()
        supervisor = Supervisor(NAMES, self._command)
        address = self._settings.metrics_listen
        try:
            with listening(address, self._jobs_seen, self._seen.health, self._jobs_seen.ready) as at:
                if at is not None:
                    self._note(f"metrics: http://{at}/metrics, beside /health and /ready")
                self._set_up(supervisor)
                self._follow(supervisor)
        finally:
            killed = supervisor.stop()
            if killed:
                self._note(f"killed, to be gone on with at the next start: {', '.join(killed)}")
        self._show_new()
        if self._misuse:
            raise Misconfigured(self._misuse)
        self._note(f"stopped; {self._status_text()}; `treatywire search '*'` shows what was found")

    def _command(self, name: str) -> list[str]:
        data = ["--data", str(self._settings.data)]
        return [sys.executable, "-m", "app", *data, "job", name, "--supervised", self._holder]

    def _happened(self, supervisor: Supervisor) -> list[LogLine | Died]:
        events = supervisor.poll()
        for event in events:
            self._jobs_seen.heard(event)
        self._seen.came_round()
        return events

    def _add_first_feeds(self) -> None:
        if self._adapters.feeds.list():
            return
        from connectors.feeds import default_feeds
        from samples import feeds as sample_feeds

        for feed in (*sample_feeds(), *default_feeds()):
            self._adapters.feeds.add(feed)

    def _set_up(self, supervisor: Supervisor) -> None:
        """Starts the jobs, with a bar that fills as each says that it is ready."""
        waiting = set(NAMES)
        bar = Progress(
            TextColumn("starting {task.fields[what]}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=self._notes,
            transient=True,
            disable=not self._notes.is_terminal,
        )
        with bar:
            task = bar.add_task("start", total=len(NAMES), what="")
            while waiting and not self._stop.is_set() and self._misuse is None:
                for event in self._happened(supervisor):
                    if isinstance(event, LogLine) and '"ready"' in event.text:
                        waiting.discard(event.job)
                    else:
                        self._tell(event)
                bar.update(task, completed=len(NAMES) - len(waiting), what=", ".join(sorted(waiting)))
                self._show_new()
                self._stop.wait(POLL_SECONDS / 4)

    def _follow(self, supervisor: Supervisor) -> None:
        status = Status("", console=self._out)
        told = 0.0
        if self._out.is_terminal:
            status.start()
        try:
            while not self._stop.is_set() and self._misuse is None:
                for event in self._happened(supervisor):
                    self._tell(event)
                self._show_new()
                if self._out.is_terminal and time.monotonic() - told >= STATUS_SECONDS:
                    status.update(self._status_text())
                    told = time.monotonic()
                self._stop.wait(POLL_SECONDS)
        finally:
            status.stop()

    def _show_new(self) -> None:
        """Prints the developments that are new, and notes how far it came."""
        try:
            while entries := self._reader.read(AT_ONCE):
                for entry in entries:
                    found = entry.record
                    if isinstance(found, Unreadable) or found.origin is Origin.REPLAY:
                        continue  # what an upgrade finds for the first time is in its report
                    if found.change is Change.NEW:
                        self._out.print(development_line(found), markup=False)
                self._reader.commit(entries[-1].offset)
        except Unavailable as error:
            self._note(str(error))

    def _status_text(self) -> str:
        try:
            return self._counts()
        except Unavailable as error:
            return str(error)

    def _counts(self) -> str:
        feeds = self._adapters.feeds.list()
        polled = sum(state.polled is not None for _, state in feeds)
        articles = sum(state.articles for _, state in feeds)
        failing = sum(state.error is not None for _, state in feeds)
        letters = sum(self._adapters.dead_letters.count().values())
        failures = f"{failing} feeds failing" + (f", {letters} dead letters" if letters else "")
        events = self._adapters.events.count(None)
        return f"{polled} of {len(feeds)} feeds polled · {articles} articles · {events} events · {failures}"

    def _tell(self, event: LogLine | Died) -> None:
        if isinstance(event, Died):
            if event.again_in is None:
                self._misuse = self._misuse or f"job {event.job} ended: see above"
            else:
                self._note(f"{event.job} died (exit {event.exit_code}); again in {event.again_in:g} s")
            return
        try:
            fields = json.loads(event.text)
            assert isinstance(fields, dict)
        except (ValueError, AssertionError):
            self._note(f"{event.job}: {event.text}")
            return
        if fields.get("level") in ("warning", "error", "critical"):
            self._note(f"{event.job}: {_sentence(fields)}")

    def _note(self, text: str) -> None:
        self._notes.print("".join(c if c.isprintable() or c == "\n" else " " for c in text), markup=False, style="dim")


def _sentence(fields: dict[str, object]) -> str:
    """A log event on one line: what happened, to which feed, why, when it is tried again, and what else is known."""
    known = {key: value for key, value in fields.items() if key not in ("job", "level", "timestamp") and value}
    what = str(known.pop("event", "")).replace("_", " ")
    parts = [str(known.pop(key)) for key in ("feed", "reason") if key in known]
    if "next_try" in known:
        parts.append(f"next try {str(known.pop('next_try')).replace('T', ' ').replace('+00:00', 'Z')}")
    parts += [f"{key} {value}" for key, value in known.items()]
    return ": ".join([what, "; ".join(parts)]) if parts else what
