"""Who wants to hear of what, and what was sent to them."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from schemas.development import Development
from schemas.errors import Conflict
from schemas.identifiers import content_id


class Subscription(Struct, frozen=True, kw_only=True):
    """A query with a place to send its developments to. Times are UTC."""

    id: str
    query: str
    webhook: str
    """An http(s) address."""
    secret: str
    """Standard Webhooks signing secret, ``whsec_…``; never logged or listed."""
    owner: str = ""
    created: datetime
    position: int
    """Offset of the developments log at creation: only later developments are sent."""


class AlertStatus(StrEnum):
    """Where a delivery stands."""

    DELIVERED = "delivered"
    DUE = "due"
    FAILED = "failed"  # given up: each try is kept


class Attempt(Struct, frozen=True):
    """One try to deliver. `outcome` is an HTTP status or a sentence."""

    at: datetime
    outcome: str


class Alert(Struct, frozen=True, kw_only=True):
    """One delivery of one development to one subscription. Times are UTC."""

    id: str
    """Also the webhook-id of every try (`alert_id`)."""
    subscription: str
    development: Development
    status: AlertStatus = AlertStatus.DUE
    due: datetime
    """When to try (again)."""
    attempts: tuple[Attempt, ...] = ()

    def check_follows(self, recorded: "Alert") -> None:
        """Passes where every try that is recorded is among this one's, which began with it.

        Raises:
            Conflict: Another process has recorded a try meanwhile.
        """
        if self.attempts[: len(recorded.attempts)] != recorded.attempts:
            raise Conflict(f"alert {self.id}: another process has recorded try {len(recorded.attempts)} meanwhile")


def alert_id(subscription: str, development: str) -> str:
    """The same for the same development and subscription, so that it is sent once."""
    return content_id("alert", subscription, development)
