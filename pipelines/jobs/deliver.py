"""The deliver job: alerts due in the ledger → channels."""

import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from connectors.delivery.channel import Channel, GivenUp, TryAgain
from connectors.delivery.retry import after_try
from connectors.delivery.senders import Ended, Senders
from schemas.errors import Conflict, FencedOff
from schemas.ports import Lease, Leases, Ledger, Subscriptions
from schemas.subscription import Alert, AlertStatus, Subscription

AT_ONCE = 32
"""Tries under way at once: as many endpoints may hang before others have to wait."""
BATCH = 200
PATIENCE_S = 0.25
"""How long a step waits for answers before it looks for new work."""
POLL = timedelta(seconds=0.25)
LEASE = timedelta(seconds=10)
"""How long the subscriptions of a process that died wait for another; renewed while a try is under way."""
LONGEST_REST = timedelta(minutes=1)
"""How long the other alerts of a subscription rest, at most, after one has failed."""
FOREIGN_REST = timedelta(seconds=1)

Lines = Mapping[str, deque[Alert]]
"""Alerts to try, by subscription, the next one first."""


class DeliverJob:
    """Sends what is due: one try at a time for each subscription, in the order of the developments log.

    At least once, under the same id. A try is recorded when it has ended: a crash repeats those that were under way. An
    alert that fails does not hold up later ones for longer than a minute, so after failures the order is that of first
    tries. Any number of processes share the work by leases on subscriptions, each checked before the ledger is changed;
    and the ledger takes no try that knows nothing of one which is recorded.

    Args:
        ledger: Where alerts are due, and each try is recorded.
        subscriptions: Read anew whenever something is due. Alerts of a removed one are given up.
        channel: What sends.
        leases: Who delivers to which subscription.
        holder: The name of this process among those that share the leases; no other may have it.
        at_once: How many tries may be under way.
        batch: How many due alerts are read at once.
        patience_s: Seconds that a step waits for answers.
    """

    def __init__(
        self,
        ledger: Ledger,
        subscriptions: Subscriptions,
        channel: Channel,
        leases: Leases,
        holder: str,
        *,
        at_once: int = AT_ONCE,
        batch: int = BATCH,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._ledger, self._subscriptions, self._leases, self._holder = ledger, subscriptions, leases, holder
        self._senders = Senders(channel, at_once)
        self._batch, self._patience_s = batch, patience_s
        self._held: dict[str, Lease] = {}
        self._under_way: set[str] = set()
        self._ended: deque[Ended] = deque()
        self._not_before: dict[str, datetime] = {}
        self._log = structlog.get_logger(job="deliver")

    def step(self, now: datetime) -> timedelta:
        """Sends for a moment; the wait is zero where something was sent or is under way."""
        recorded = self._record(now, 0.0)
        self._forget(now)
        lines = self._take(now)
        known = {subscription.id: subscription for subscription in self._subscriptions.list()} if lines else {}
        until = time.monotonic() + self._patience_s
        while True:
            recorded += self._begin(lines, known, now)
            left = until - time.monotonic()
            if not self._under_way or left <= 0:
                break
            recorded += self._record(now, left)
        return timedelta() if recorded or self._under_way else POLL

    def close(self, now: datetime, grace_s: float = 0.5) -> None:
        """Records the tries that end within `grace_s`, and gives the leases back; others under way will be repeated."""
        until = time.monotonic() + grace_s
        while True:
            left = until - time.monotonic()
            self._record(now, left)
            if not self._under_way or left <= 0:
                break
        for lease in self._held.values():
            self._leases.release(lease)
        self._held.clear()

    def _take(self, now: datetime) -> Lines:
        """The due alerts of up to as many leased subscriptions as tries may begin.

        Read after the leases were taken, so that nothing is among them that another holder has delivered.
        """
        while self._senders.free:
            resting = self._under_way | self._not_before.keys()
            due = self._ledger.due(now, self._batch, without=resting)
            taken, fresh = self._lease(dict.fromkeys(alert.subscription for alert in due), now)
            if fresh:
                due = self._ledger.due(now, self._batch, without=resting)
            if taken or not due:
                return _lines(due, taken)
        return {}

    def _lease(self, subscriptions: Iterable[str], now: datetime) -> tuple[set[str], bool]:
        """Those, of as many as tries may begin, that nobody else delivers to; and whether any of the leases is new."""
        taken: set[str] = set()
        fresh = False
        for key in subscriptions:
            if len(taken) == self._senders.free:
                break
            held = self._held.get(key)
            if held is None or held.until - now < LEASE / 2:
                lease = self._leases.acquire(_lease_name(key), self._holder, LEASE, now)
                if lease is None:
                    self._held.pop(key, None)
                    self._not_before[key] = now + FOREIGN_REST
                    continue
                fresh = fresh or held is None or held.token != lease.token
                self._held[key] = lease
            taken.add(key)
        return taken, fresh

    def _begin(self, lines: Lines, known: Mapping[str, Subscription], now: datetime) -> int:
        """Begins the next try of each subscription; gives up what is due to removed ones, and says how many."""
        given_up = 0
        for key, line in lines.items():
            if key in self._under_way or key in self._not_before or key not in self._held:
                continue
            if key not in known:
                while line and key in self._held:
                    self._note(Ended(line.popleft(), GivenUp("the subscription was removed")), now)
                    given_up += 1
            elif line and self._senders.free:
                self._senders.begin(line.popleft(), known[key], now)
                self._under_way.add(key)
        return given_up

    def _record(self, now: datetime, timeout_s: float) -> int:
        """Records tries that have ended; what cannot be recorded now is kept for the next call."""
        self._ended.extend(self._senders.ended(timeout_s))
        recorded = 0
        while self._ended:
            self._note(self._ended[0], now)
            self._under_way.discard(self._ended.popleft().alert.subscription)
            recorded += 1
        return recorded

    def _note(self, ended: Ended, now: datetime) -> None:
        key = ended.alert.subscription
        alert = after_try(ended.alert, ended.outcome, now)
        log = self._log.bind(alert=alert.id, subscription=key, tries=len(alert.attempts))
        try:
            self._leases.check(self._held[key])
            self._ledger.update(alert)
        except (FencedOff, Conflict):  # the lease may pass on after the check, too
            del self._held[key]
            log.warning("the lease was lost during a try; its holder tries again")
            return
        if isinstance(ended.outcome, TryAgain):
            rest = max(min(alert.due - now, LONGEST_REST), ended.outcome.retry_after or timedelta())
            self._not_before[key] = now + rest
        if alert.status is AlertStatus.FAILED:
            log.error("given up", outcome=alert.attempts[-1].outcome)
        elif alert.status is AlertStatus.DUE:
            log.warning("not delivered", outcome=alert.attempts[-1].outcome, next_try=alert.due.isoformat())
        else:
            log.debug("delivered", outcome=alert.attempts[-1].outcome)

    def _forget(self, now: datetime) -> None:
        """Renews the leases of tries under way; forgets those that ran out and rests that are over."""
        self._not_before = {key: until for key, until in self._not_before.items() if now < until}
        for key, lease in list(self._held.items()):
            if key not in self._under_way:
                if lease.until <= now:
                    del self._held[key]
            elif lease.until - now < LEASE / 2:
                self._renew(lease, key, now)

    def _renew(self, lease: Lease, key: str, now: datetime) -> None:
        renewed = self._leases.acquire(lease.name, self._holder, LEASE, now)
        if renewed is not None and renewed.token == lease.token:
            self._held[key] = renewed


def _lease_name(subscription: str) -> str:
    return f"deliver/{subscription}"


def _lines(due: Sequence[Alert], subscriptions: set[str]) -> Lines:
    lines: dict[str, deque[Alert]] = {}
    for alert in due:
        if alert.subscription in subscriptions:
            lines.setdefault(alert.subscription, deque()).append(alert)
    return lines
