"""What only a store knows, asked every few seconds; whether it answers tells whether the job's servers do."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from pipelines.jobs.adapters import Adapters
from pipelines.jobs.observe.metrics import Metrics
from schemas.ports import Reader

EVERY_S = 10.0
STALE_S = 45.0
"""An answer older than this is none: every ten seconds one is asked for, and a client may try for thirty."""

Question = Callable[[], None]
"""Asks a port and sets what it says; raises what the port raises."""


class Sampler:
    """Asks in a thread of its own, so that neither a scrape nor the job waits for a server.

    Args:
        questions: By the name of what they ask.
        every_s: How often.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        questions: Mapping[str, Question],
        *,
        every_s: float = EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._questions, self._every_s, self._clock = questions, every_s, clock
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._answered = clock()
        self._trouble: str | None = "not asked yet"
        self._thread = threading.Thread(target=self._run, daemon=True, name="sampler")

    def start(self) -> None:
        """Begins to ask."""
        self._thread.start()

    def stop(self) -> None:
        """Asks no more; a question under way is not waited for longer than a second."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def ask(self) -> None:
        """Asks each question once."""
        trouble = None
        for name, question in self._questions.items():
            try:
                question()
            except Exception as error:  # whatever it is, it is what /ready is there to tell
                trouble = trouble or f"{name}: {error}"
        with self._lock:
            self._answered, self._trouble = self._clock(), trouble

    def trouble(self) -> str | None:
        """What is wrong with the servers, else None."""
        with self._lock:
            if self._trouble is not None:
                return self._trouble
            age = self._clock() - self._answered
        return f"no answer for {age:.0f} s" if age > STALE_S else None

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.ask()
            self._stopping.wait(self._every_s)


def questions(component: str, adapters: Adapters, metrics: Metrics) -> Mapping[str, Question]:
    """What to ask for this job; each of the servers that it needs is asked something.

    `fetch` tells of the lag of both logs: it does so too when nobody is left who reads them.
    """

    def feeds() -> None:
        states = [state for _, state in adapters.feeds.list()]
        failing = sum(state.error is not None for state in states)
        new = sum(state.error is None and state.polled is None for state in states)
        for state, count in (("ok", len(states) - failing - new), ("failing", failing), ("new", new)):
            metrics.feeds.labels(state).set(count)

    missed: dict[str, int] = {}

    def ask_reader(log: str, reader: Reader[object]) -> None:
        metrics.lag.labels(log).set(reader.lag())
        now = reader.missed()
        metrics.missed.labels(log).inc(now - missed.get(log, 0))
        missed[log] = now

    def articles() -> None:
        ask_reader("articles", adapters.articles.reader("detect"))

    def developments() -> None:
        ask_reader("developments", adapters.developments.reader("alert"))

    def events() -> None:
        metrics.events.set(adapters.events.count(None))

    def ledger() -> None:
        now = datetime.now(UTC)
        due = adapters.ledger.due(now, 1)
        metrics.overdue.set(max(0.0, (now - due[0].due).total_seconds()) if due else 0.0)

    return {
        "fetch": {"articles log": articles, "developments log": developments, "feeds": feeds},
        "detect": {"articles log": articles, "index": events},
        "alert": {"developments log": developments, "ledger": lambda: void(adapters.ledger.due(datetime.now(UTC), 1))},
        "deliver": {"ledger": ledger},
        "upgrade": {
            "articles log": lambda: void(adapters.articles.end()),
            "index": lambda: void(adapters.events.count(None)),
        },
    }[component]


def void(_: object) -> None:
    """Only whether there was an answer is of interest."""
