"""When a delivery is tried again, and when it is given up."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import msgspec

from connectors.delivery.channel import Delivered, GivenUp, Outcome, TryAgain
from schemas.identifiers import stable_hash
from schemas.subscription import Alert, AlertStatus, Attempt

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Between one failed try and the next; after ten tries in three days a delivery is given up.

The example schedule of Standard Webhooks 1.0.0, "Deliverability and reliability".
"""
JITTER = 0.1
"""The greatest part of a delay that is added to it, so that what failed together is not tried together again."""
LONGEST_RETRY_AFTER = timedelta(hours=24)


def after_try(alert: Alert, outcome: Outcome, now: datetime) -> Alert:
    """The alert with this try noted: delivered, due again, or failed for good.

    The other side's wish for rest is granted up to 24 hours and never brings a try forward. The same arguments give the
    same time: the jitter depends on the alert and the number of the try.
    """
    match outcome:
        case Delivered():
            return _noted(alert, outcome, AlertStatus.DELIVERED, alert.due, now)
        case GivenUp():
            return _noted(alert, outcome, AlertStatus.FAILED, alert.due, now)
        case TryAgain(_, retry_after):
            tries = len(alert.attempts)
            if tries >= len(DELAYS):
                return _noted(alert, outcome, AlertStatus.FAILED, alert.due, now)
            delay = DELAYS[tries] * (1 + JITTER * stable_hash(f"{alert.id} {tries}") / 2**64)
            wanted = min(retry_after or timedelta(), LONGEST_RETRY_AFTER)
            return _noted(alert, outcome, AlertStatus.DUE, now + max(delay, wanted), now)


def _noted(alert: Alert, outcome: Outcome, status: AlertStatus, due: datetime, now: datetime) -> Alert:
    attempts = (*alert.attempts, Attempt(now, outcome.outcome))
    return msgspec.structs.replace(alert, status=status, due=due, attempts=attempts)


def parse_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long a ``Retry-After`` header asks to wait, at most 24 hours; None where it says nothing that can be read."""
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:6])), LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return min(max(until - now, timedelta()), LONGEST_RETRY_AFTER)
