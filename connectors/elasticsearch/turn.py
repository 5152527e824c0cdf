"""Whose turn it is to merge, among all processes that write states."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.leases import ElasticsearchLeases
from schemas.errors import Conflict, Unavailable
from schemas.ports import Lease

NAME = "states"
TTL = timedelta(seconds=10)
"""So long others wait for one that died in its turn."""
PATIENCE_S = 30.0
LONGEST_PAUSE_S = 0.05


class Turn:
    """A lease that a process holds while it loads, merges and saves.

    Args:
        cluster: Where.
        clock: UTC.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        cluster: Cluster,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._leases, self._clock, self._sleep = ElasticsearchLeases(cluster), clock, sleep
        self._holder = f"{NAME} {uuid4()}"
        self._threads = threading.Lock()
        self._lease: Lease | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Waits for the turn, and gives it back.

        Raises:
            Unavailable: The others take turns for half a minute, or the cluster does not answer.
        """
        with self._threads:
            self._lease = self._wait()
            try:
                yield
            finally:
                lease, self._lease = self._lease, None
                with suppress(Unavailable):  # it runs out by itself
                    self._leases.release(lease)

    def keep(self) -> None:
        """Before each step of a save: makes the turn longer where half of it has passed; no turn, nothing to keep.

        Raises:
            Conflict: It ran out meanwhile, and another has it, or had it: what was loaded may be of the past.
        """
        if self._lease is not None and self._lease.until - self._clock() < TTL / 2:
            before, lease = self._lease, self._acquired()
            self._lease = lease or before
            if lease is None or lease.token != before.token:
                raise Conflict("this process was so slow that another has its turn, or had it")

    def _wait(self) -> Lease:
        waited = 0.0
        while (lease := self._acquired()) is None:
            if waited >= PATIENCE_S:
                raise Unavailable(f"other processes have been merging for {PATIENCE_S:.0f} s")
            pause = random.uniform(0, LONGEST_PAUSE_S)
            self._sleep(pause)
            waited += pause
        return lease

    def _acquired(self) -> Lease | None:
        return self._leases.acquire(NAME, self._holder, TTL, self._clock())
