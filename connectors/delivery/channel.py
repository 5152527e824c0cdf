"""What a way of sending alerts is, and how a try can end."""

from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from msgspec import Struct

from schemas.subscription import Alert, Subscription


class Delivered(Struct, frozen=True):
    """The other side has it."""

    outcome: str
    """The HTTP status, 200 to 299."""
    delivered: ClassVar[bool] = True


class GivenUp(Struct, frozen=True):
    """No further try makes sense."""

    outcome: str
    """An HTTP status, or a sentence."""
    delivered: ClassVar[bool] = False


class TryAgain(Struct, frozen=True):
    """Not delivered, as far as is known; a later try may be."""

    outcome: str
    """An HTTP status, or a sentence."""
    retry_after: timedelta | None = None
    """How long the other side asks to be left alone; not negative."""
    delivered: ClassVar[bool] = False


Outcome = Delivered | GivenUp | TryAgain


class Channel(Protocol):
    """One way of sending alerts. Safe to use from several threads at once."""

    def send(self, alert: Alert, subscription: Subscription, now: datetime) -> Outcome:
        """How one try ended, within a bounded time. At least once: a try without an answer may have arrived."""
