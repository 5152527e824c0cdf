"""One fetcher for all feeds, by the scheme of their address."""

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from connectors.feeds.answer import FeedUnavailable, Fetched, NotModified
from connectors.feeds.limits import Limits
from schemas.feed import FeedState

if TYPE_CHECKING:
    from connectors.feeds.http import HttpFeeds


class Fetcher(Protocol):
    """Asks for one feed; called from several threads at once."""

    def fetch(self, state: FeedState, now: datetime) -> Fetched | NotModified:
        """What the feed answers.

        Raises:
            FeedUnavailable: No usable answer now.
            BadFeed: The bytes may not be read as a feed.
        """


class FeedFetcher:
    """Fetches ``http:``, ``https:`` and ``file:`` feeds.

    Args:
        allow_private: Lets feeds be on private addresses.
        limits: Bounds on one poll.
    """

    def __init__(self, *, allow_private: bool = False, limits: Limits | None = None) -> None:
        self._allow_private, self._limits = allow_private, limits or Limits()
        self._http: HttpFeeds | None = None

    def fetch(self, state: FeedState, now: datetime) -> Fetched | NotModified:
        """As `Fetcher.fetch`."""
        scheme = state.url.partition(":")[0].lower()
        if scheme == "file":
            from connectors.feeds.file import fetch_file

            return fetch_file(state, self._limits)
        if scheme in {"http", "https"}:
            return self._over_http().fetch(state, now)
        raise FeedUnavailable(f"the scheme {scheme!r} is not known: a feed is at an http, https or file address")

    def _over_http(self) -> "HttpFeeds":
        """Made at the first use: a program that reads files alone does not load httpx."""
        if self._http is None:
            from connectors.feeds.http import HttpFeeds
            from connectors.network.guard import GuardedTransport

            transport = GuardedTransport(allow_private=self._allow_private, total_s=self._limits.total_s)
            self._http = HttpFeeds(transport, self._limits)
        return self._http
