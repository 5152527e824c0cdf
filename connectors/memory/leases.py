"""Who does what."""

from datetime import datetime, timedelta
from threading import RLock

from schemas.errors import FencedOff
from schemas.ports import Lease


class MemoryLeases:
    """Leases as a dict; one that is given back leaves its token, so that tokens only ever grow."""

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._leases: dict[str, Lease] = {}
        self._tokens: dict[str, int] = {}

    def acquire(self, name: str, holder: str, ttl: timedelta, now: datetime) -> Lease | None:
        """A lease where nobody else holds one that has not run out; the holder's own is renewed under the same token.

        Whoever comes after a release, be it the one who released, gets a new token.
        """
        with self._lock:
            held = self._leases.get(name)
            mine = held is not None and held.holder == holder
            if held is not None and not mine and held.until > now:
                return None
            if not mine:
                self._tokens[name] = self._tokens.get(name, 0) + 1
            lease = Lease(name=name, holder=holder, token=self._tokens[name], until=now + ttl)
            self._leases[name] = lease
            return lease

    def check(self, lease: Lease) -> None:
        """Passes where no later token was given out.

        Raises:
            FencedOff: One was.
        """
        with self._lock:
            if self._tokens.get(lease.name, 0) > lease.token:
                held = self._leases.get(lease.name)
                now = repr(held.holder) if held else "another"
                raise FencedOff(f"lease {lease.name!r} has passed from {lease.holder!r} to {now}")

    def release(self, lease: Lease) -> None:
        """Gives it back; one that has passed on is no error."""
        with self._lock:
            if self._tokens.get(lease.name) == lease.token:
                self._leases.pop(lease.name, None)
