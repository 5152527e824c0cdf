"""Who wants to hear of what."""

from collections.abc import Sequence
from threading import RLock

from connectors.memory.ledger import MemoryLedger
from schemas.subscription import Subscription


class MemorySubscriptions:
    """The subscriptions as a dict."""

    def __init__(self, lock: RLock, ledger: MemoryLedger) -> None:
        self._lock, self._ledger = lock, ledger
        self._subscriptions: dict[str, Subscription] = {}

    def add(self, subscription: Subscription) -> None:
        """Adds it; the same id again replaces it."""
        with self._lock:
            self._subscriptions[subscription.id] = subscription

    def list(self) -> Sequence[Subscription]:
        """All, by creation then id."""
        with self._lock:
            return sorted(self._subscriptions.values(), key=lambda one: (one.created, one.id))

    def remove(self, id: str) -> bool:
        """Whether it was there. What is due to it is given up, at once."""
        with self._lock:
            self._ledger.give_up(id)
            return self._subscriptions.pop(id, None) is not None
