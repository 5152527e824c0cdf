"""The alert job: developments log → alerts in the ledger."""

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from pipelines.matching import Audience, alerts
from schemas.codec import encode
from schemas.dead_letter import DeadLetter, dead_letter
from schemas.development import Development
from schemas.ports import DeadLetters, Entry, Ledger, Position, Reader, Subscriptions, Unreadable
from schemas.subscription import Alert, Subscription
from schemas.vocabulary import Stage

BATCH = 500
POLL = timedelta(seconds=0.25)


class AlertJob:
    """Notes who is to be sent what.

    At-least-once reading; an alert's id comes from subscription and development, and alerts are recorded with the
    reader's position at once, so that each is in the ledger exactly once. What cannot be read, or makes the matching
    raise, goes to dead letters, and the others go on.

    Args:
        developments: The reader of this job.
        subscriptions: Read anew for each batch, so that those of other processes count; indexed anew when they changed.
        ledger: Gets the alerts.
        dead_letters: Gets what could not be matched.
        name: The reader's.
        batch: Developments at once.
    """

    def __init__(
        self,
        developments: Reader[Development],
        subscriptions: Subscriptions,
        ledger: Ledger,
        dead_letters: DeadLetters,
        *,
        name: str = "alert",
        batch: int = BATCH,
    ) -> None:
        self._developments, self._subscriptions, self._ledger = developments, subscriptions, ledger
        self._dead_letters, self._name, self._batch = dead_letters, name, batch
        self._log = structlog.get_logger(job=name)
        self._known: Sequence[Subscription] = ()
        self._audience = Audience(())
        self._named: set[tuple[str, str]] = set()

    def step(self, now: datetime) -> timedelta:
        """Works on one batch; the wait is zero where there may be more.

        Subscriptions are read after the entries: whoever is added later has a position behind them, and misses nothing.
        """
        entries = self._developments.read(self._batch)
        if not entries:
            return POLL
        self._refresh()
        due: list[Alert] = []
        letters: list[DeadLetter] = []
        for entry in entries:
            if isinstance(entry.record, Unreadable):
                self._log.error("a development cannot be read", offset=entry.offset, reason=entry.record.reason)
                letters.append(_letter(entry, entry.record.data, entry.record.reason, now))
                continue
            try:
                due.extend(self._audience.alerts(entry.record, offset=entry.offset, now=now))
            except Exception:
                due.extend(self._one_by_one(entry.record, entry.offset, now))
                letters.append(_letter(entry, encode(entry.record), traceback.format_exc(), now))
        if letters:
            self._dead_letters.add(letters)
        self._ledger.record(due, Position(self._name, entries[-1].offset))
        return timedelta()

    def _refresh(self) -> None:
        """Indexes the subscriptions if they have changed; names each whose query no longer parses, once."""
        subscriptions = self._subscriptions.list()
        if subscriptions == self._known:
            return
        self._audience, self._known = Audience(subscriptions), subscriptions
        for subscription in subscriptions:
            error = self._audience.unusable.get(subscription.id)
            if error is not None and (subscription.id, subscription.query) not in self._named:
                self._named.add((subscription.id, subscription.query))
                self._log.error("a subscription hears nothing", subscription=subscription.id, reason=str(error))

    def _one_by_one(self, development: Development, offset: int, now: datetime) -> list[Alert]:
        """What subscriptions that do not make the matching raise are to be sent; names the others."""
        found: list[Alert] = []
        for subscription in self._known:
            try:
                found.extend(alerts((subscription,), development, offset=offset, now=now))
            except Exception as error:
                self._log.error(
                    "matching failed", subscription=subscription.id, development=development.id, error=repr(error)
                )
        return found


def _letter(entry: Entry[Development], data: bytes, reason: str, now: datetime) -> DeadLetter:
    return dead_letter(Stage.RECORD, data, source=f"developments log, offset {entry.offset}", reason=reason, now=now)
