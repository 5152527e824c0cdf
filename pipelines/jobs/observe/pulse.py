"""Whether a loop still turns."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from pipelines.jobs.loop import Step
from pipelines.jobs.observe.metrics import Metrics
from schemas.errors import Unavailable

ALIVE_FOR_S = 180.0
"""Longer than the longest wait between tries (30 s), and than the slowest lawful batch: 8 MiB of text at the 19 ms per
10 KB that the worst one took."""


class Pulse:
    """Notes when a loop last came round, and what kept its last step from working.

    Args:
        metrics: Counts steps.
        clock: Monotonic seconds.
    """

    def __init__(self, metrics: Metrics, clock: Callable[[], float] = time.monotonic) -> None:
        self._metrics, self._clock = metrics, clock
        self._lock = threading.Lock()
        self._last = clock()
        self._trouble: str | None = "no step has ended yet"

    def watched(self, step: Step) -> Step:
        """The same step, noted."""

        def noted(now: datetime) -> timedelta:
            with self._lock:
                self._last = self._clock()
            try:
                wait = step(now)
            except Unavailable as error:
                self.beat("unavailable", str(error))
                raise
            except BaseException as error:
                self.beat("error", repr(error))
                raise
            self.beat("ok", None)
            return wait

        return noted

    def beat(self, outcome: str, trouble: str | None) -> None:
        """A step has ended."""
        with self._lock:
            self._last, self._trouble = self._clock(), trouble
        self._metrics.steps.labels(outcome).inc()
        self._metrics.stepped.set_to_current_time()

    def alive(self) -> str | None:
        """What is wrong with the loop itself, else None."""
        with self._lock:
            silent = self._clock() - self._last
        return f"no step has begun or ended for {silent:.0f} s" if silent > ALIVE_FOR_S else None

    def trouble(self) -> str | None:
        """What kept the last step from working, else None."""
        with self._lock:
            return self._trouble
