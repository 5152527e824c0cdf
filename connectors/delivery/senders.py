"""Tries to deliver, side by side."""

import queue
import threading
import traceback
from datetime import datetime

import structlog
from msgspec import Struct

from connectors.delivery.channel import Channel, Outcome, TryAgain
from schemas.subscription import Alert, Subscription


class Ended(Struct, frozen=True):
    """How one try ended."""

    alert: Alert
    outcome: Outcome


class Senders:
    """A bounded number of threads, each with one try.

    They are daemons: a process that is told to stop leaves a hanging endpoint behind, and tries again after its next
    start. All else is done by the caller's thread.

    Args:
        channel: What sends.
        most: How many tries may be under way at once.
    """

    def __init__(self, channel: Channel, most: int) -> None:
        self._channel = channel
        self._most = most
        self._under_way = 0
        self._ended: queue.SimpleQueue[Ended] = queue.SimpleQueue()
        self._log = structlog.get_logger(job="deliver")

    @property
    def free(self) -> int:
        """How many more tries may begin now."""
        return self._most - self._under_way

    def begin(self, alert: Alert, subscription: Subscription, now: datetime) -> None:
        """Begins a try and returns at once; to be called while `free` is positive."""
        threading.Thread(target=self._send, args=(alert, subscription, now), daemon=True, name=alert.id).start()
        self._under_way += 1

    def _send(self, alert: Alert, subscription: Subscription, now: datetime) -> None:
        try:
            outcome = self._channel.send(alert, subscription, now)
        except Exception as error:
            # As text: a renderer of exceptions may show local variables, and with them the secret.
            self._log.error("a try could not be made", alert=alert.id, traceback=traceback.format_exc())
            outcome = TryAgain(f"could not be sent: {type(error).__name__}")
        self._ended.put(Ended(alert, outcome))

    def ended(self, timeout_s: float) -> list[Ended]:
        """Every try that has ended since the last call, waiting up to `timeout_s` for a first; in order of ending."""
        found: list[Ended] = []
        try:
            while self._under_way:
                found.append(self._ended.get(timeout=0.0 if found else max(timeout_s, 0.0)))
                self._under_way -= 1
        except queue.Empty:
            pass
        return found
