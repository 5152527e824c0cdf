"""The loop around every job's step: waits, retries what is unavailable, stops when told."""

import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from schemas.errors import Unavailable

FIRST_RETRY = timedelta(seconds=0.5)
LONGEST_RETRY = timedelta(seconds=30)

Step = Callable[[datetime], timedelta]
"""Does what there is to do at this time (UTC); returns how long to wait before the next step."""


def run_loop(name: str, step: Step, stop: threading.Event, *, until_idle: bool = False) -> None:
    """Steps until `stop` is set, or, with `until_idle`, until a step has nothing more to do at once.

    What is `Unavailable` is tried again with doubling waits; other errors are raised.
    """
    log = structlog.get_logger(job=name)
    retry = FIRST_RETRY
    while not stop.is_set():
        try:
            wait = step(datetime.now(UTC))
            retry = FIRST_RETRY
            if until_idle and wait > timedelta():
                return
        except Unavailable as error:
            log.warning("unavailable", reason=str(error), next_try_seconds=retry.total_seconds())
            wait, retry = retry, min(2 * retry, LONGEST_RETRY)
        if wait > timedelta():
            stop.wait(wait.total_seconds())


def stop_on_signals() -> threading.Event:
    """An event that SIGINT and SIGTERM set; a second one of them ends the process at once."""
    stop = threading.Event()

    def handle(number: int, _: object) -> None:
        if stop.is_set():
            raise SystemExit(128 + number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    return stop
