"""A channel that answers as a test says, and remembers."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from connectors.delivery.channel import Delivered, Outcome
from schemas.subscription import Alert, Subscription

DEADLINE_S = 30.0


class ScriptedChannel:
    """Answers 204, or what `outcome` says; holds back tries of subscriptions in `held` until `release` is called."""

    def __init__(
        self, outcome: Callable[[Alert], Outcome] = lambda _: Delivered("204"), held: frozenset[str] = frozenset()
    ):
        self._outcome, self._held = outcome, held
        self._released = threading.Event()
        self._changed = threading.Condition()
        self._now: Counter[str] = Counter()
        self.begun: list[tuple[str, str]] = []
        """(subscription, event) of each try, in order of beginning."""
        self.ids: list[str] = []
        """The alert of each try."""
        self.most_at_once: Counter[str] = Counter()
        """By subscription."""

    def send(self, alert: Alert, subscription: Subscription, now: datetime) -> Outcome:
        """Notes the try and answers."""
        assert alert.subscription == subscription.id
        with self._changed:
            self.begun.append((subscription.id, alert.development.event.id))
            self.ids.append(alert.id)
            self._now[subscription.id] += 1
            self.most_at_once[subscription.id] = max(self.most_at_once[subscription.id], self._now[subscription.id])
            self._changed.notify_all()
        if subscription.id in self._held:
            assert self._released.wait(DEADLINE_S)
        try:
            return self._outcome(alert)
        finally:
            with self._changed:
                self._now[subscription.id] -= 1

    def wait_for(self, tries: int) -> None:
        """Returns once so many tries have begun; fails after half a minute."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.begun) >= tries, DEADLINE_S)

    def release(self) -> None:
        """Lets held tries go on."""
        self._released.set()
