"""The loop around every job's step: waits, retries what is unavailable, stops when told."""

import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog

from schemas.errors import Unavailable

FIRST_RETRY = timedelta(seconds=0.5)
LONGEST_RETRY = timedelta(seconds=10)
DRAIN_S = 8.0
"""How long a job may take to finish what it is at, once it is told to stop."""
OVERDUE = 75
"""The exit code of one that took longer: what it left is done again, here or elsewhere (``EX_TEMPFAIL``)."""

T = TypeVar("T")
Step = Callable[[datetime], timedelta]
"""Does what there is to do at this time (UTC); returns how long to wait before the next step."""


def run_loop(name: str, step: Step, stop: threading.Event, *, until_idle: Callable[[], bool] | None = None) -> None:
    """Steps until `stop` is set, or until a step has nothing more to do at once and `until_idle` says yes.

    What is `Unavailable` is tried again with doubling waits; other errors are raised.
    """
    retry = FIRST_RETRY
    while not stop.is_set():
        try:
            wait = step(datetime.now(UTC))
            retry = FIRST_RETRY
            if until_idle is not None and wait > timedelta() and until_idle():
                return
        except Unavailable as error:
            retry, wait = _put_off(name, error, retry)
        if wait > timedelta():
            stop.wait(wait.total_seconds())


def until_available(name: str, attempt: Callable[[], T], stop: threading.Event) -> T | None:
    """What `attempt` gives, tried again with doubling waits while something is `Unavailable`; None if told to stop."""
    retry = FIRST_RETRY
    while not stop.is_set():
        try:
            return attempt()
        except Unavailable as error:
            retry, wait = _put_off(name, error, retry)
        stop.wait(wait.total_seconds())
    return None


def _put_off(name: str, error: Unavailable, retry: timedelta) -> tuple[timedelta, timedelta]:
    """The next wait but one, and the next."""
    log = structlog.get_logger(job=name)
    log.warning("unavailable", reason=str(error), next_try_seconds=retry.total_seconds())
    return min(2 * retry, LONGEST_RETRY), retry


def end_in_time(name: str, stop: threading.Event, seconds: float = DRAIN_S) -> None:
    """Ends the process so long after `stop` is set, should it be at work still, at a server that hangs say."""

    def watch() -> None:
        stop.wait()
        threading.Event().wait(seconds)
        structlog.get_logger(job=name).error("not finished in time; what is left is done again", seconds=seconds)
        os._exit(OVERDUE)

    threading.Thread(target=watch, daemon=True, name="drain-watch").start()


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
