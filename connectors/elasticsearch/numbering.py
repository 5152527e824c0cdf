"""Numbers that tell what came first."""

import threading
import time
from collections.abc import Callable


class Numbering:
    """Ascending numbers: microseconds since 1970, one more where the clock has not moved on.

    Among processes the order is that of their clocks; nothing depends on it but which of two entries comes first.

    Args:
        nanoseconds: A clock.
    """

    def __init__(self, nanoseconds: Callable[[], int] = time.time_ns) -> None:
        self._nanoseconds = nanoseconds
        self._lock = threading.Lock()
        self._last = 0

    def now(self) -> int:
        """The clock's own number, which may be given to others too."""
        return self._nanoseconds() // 1000

    def next(self) -> int:
        """A number greater than any given out before."""
        with self._lock:
            self._last = max(self._last + 1, self.now())
            return self._last
