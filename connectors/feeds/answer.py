"""What comes of asking for a feed.

Fetched          bytes
NotModified      the same as at the last poll
FeedUnavailable  no usable answer now; ask again later (an error)
BadFeed          bytes that are no feed (an error, with the bytes)
"""

from datetime import timedelta

from msgspec import Struct

from schemas.errors import BadRecord, Unavailable


class Fetched(Struct, frozen=True, kw_only=True):
    """A document as it arrived, decompressed."""

    body: bytes
    url: str
    """Where it came from after all redirects."""
    content_type: str | None = None
    """The header of this name, with its charset."""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    """Where permanent redirects lead, if any."""


class NotModified(Struct, frozen=True, kw_only=True):
    """The validators of the last poll still hold."""

    moved_to: str | None = None


class FeedUnavailable(Unavailable):
    """A feed gives no usable answer now.

    Args:
        reason: A sentence, the same at each try for the same trouble.
        retry_after: How long the server asked to be left alone, if it did.
        not_here: Whether the server says that there is no such thing at this address (404, 410).
    """

    def __init__(self, reason: str, *, retry_after: timedelta | None = None, not_here: bool = False) -> None:
        super().__init__(reason)
        self.retry_after, self.not_here = retry_after, not_here


class BadFeed(BadRecord):
    """A document that is no feed, or may not be read.

    Args:
        reason: A sentence that says what it is instead.
        data: The bytes, as far as they were read.
        detail: More than a sentence, for the dead letter: the traceback where reading them raised.
    """

    def __init__(self, reason: str, data: bytes, detail: str | None = None) -> None:
        super().__init__(reason)
        self.data, self.detail = data, detail or reason
