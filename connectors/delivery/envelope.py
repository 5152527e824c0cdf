"""The bodies of webhooks: what is posted, by the specification's recommendation."""

from datetime import datetime

from msgspec import Struct

from schemas.codec import encode
from schemas.development import Development
from schemas.subscription import Subscription


class DevelopmentEnvelope(Struct, frozen=True, kw_only=True):
    """A development, whole; `type` names the schema of `data`."""

    type: str = "treatywire.development"
    timestamp: datetime
    """When the development was found out (UTC), the same on each try; the time of the try is a header."""
    data: Development


class TryOut(Struct, frozen=True, kw_only=True):
    """Which subscription a person tries out."""

    subscription: str
    query: str


class TryOutEnvelope(Struct, frozen=True, kw_only=True):
    """What a person has sent to see whether it arrives."""

    type: str = "treatywire.test"
    timestamp: datetime
    """When it was sent (UTC)."""
    data: TryOut


def envelope(development: Development) -> bytes:
    """JSON in UTF-8, on one line; the same bytes on each try."""
    return encode(DevelopmentEnvelope(timestamp=development.recorded, data=development))


def try_out_envelope(subscription: Subscription, now: datetime) -> bytes:
    """The same form, for a try-out; without the secret."""
    return encode(TryOutEnvelope(timestamp=now, data=TryOut(subscription=subscription.id, query=subscription.query)))
