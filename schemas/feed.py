"""A feed that is watched."""

from datetime import datetime, timedelta

from msgspec import Struct


class Feed(Struct, frozen=True, kw_only=True):
    """Where articles come from."""

    url: str
    """http(s), or ``file:`` where added locally."""
    name: str = ""
    """The outlet's name; where empty, the feed's own title is used."""
    poll_every: timedelta = timedelta(minutes=5)


class FeedState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of a feed. Times are UTC."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    polled: datetime | None = None
    """When it last answered, changed or not."""
    due: datetime | None = None
    """When to ask next; None is at once."""
    failures: int = 0
    """In a row."""
    error: str | None = None
    """What the last failure said; None after a success."""
    articles: int = 0
    """Appended in all."""
    moved_to: str | None = None
    """Where a permanent redirect led; asked there from then on."""
    body_hash: str | None = None
    """Of the last body: equal bytes are not parsed again."""
