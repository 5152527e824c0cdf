"""Waiting on a condition with a deadline: tests never sleep for luck."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_PAUSE = threading.Event()


def until(condition: Callable[[], T | None], seconds: float = 30, *, every: float = 0.02) -> T:
    """The first true value of the condition, asked every so often; fails the test once the deadline has passed."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        _PAUSE.wait(every)
