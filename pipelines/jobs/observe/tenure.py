"""Which leases this process holds."""

import re
import threading
from datetime import UTC, datetime, timedelta

from pipelines.jobs.observe.metrics import Metrics
from schemas.ports import Lease


class Tenure:
    """Counts leases by kind (the first word of the name), until they are given back or run out."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._lock = threading.Lock()
        self._held: dict[str, dict[str, datetime]] = {}
        """Kind → name → until."""

    def acquired(self, lease: Lease | None, name: str, holder: str, ttl: timedelta, now: datetime) -> None:
        """`Leases.acquire`."""
        del holder, ttl, now
        kind = re.split(r"\W", name, maxsplit=1)[0]
        with self._lock:
            if kind not in self._held:
                self._held[kind] = {}
                self._metrics.leases.labels(kind).set_function(lambda: self._count(kind))
            if lease is None:
                self._held[kind].pop(name, None)
            else:
                self._held[kind][name] = lease.until

    def released(self, _: None, lease: Lease) -> None:
        """`Leases.release`."""
        with self._lock:
            for names in self._held.values():
                names.pop(lease.name, None)

    def _count(self, kind: str) -> int:
        now = datetime.now(UTC)
        with self._lock:
            return sum(until > now for until in self._held[kind].values())
