"""How long a request is tried again before its failure is told to the caller."""

import random
from collections.abc import Iterator

from msgspec import Struct

FIRST, LONGEST = 0.1, 2.0


class Patience(Struct, frozen=True):
    """Exponential backoff with jitter; the client's own ``max_retries`` has none.

    A bundle that fails in spite of it is tried again by its job, so this is for hiccups: a full queue, an election, a
    node that restarts behind a load balancer.
    """

    seconds: float = 5.0
    """In all, without what the requests themselves take."""

    def pauses(self) -> Iterator[float]:
        """Seconds to wait before each next try."""
        left, pause = self.seconds, FIRST
        while left > 0:
            waited = min(left, pause * random.uniform(0.5, 1.0))
            left -= waited
            yield waited
            pause = min(LONGEST, 2 * pause)
