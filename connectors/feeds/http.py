"""Feeds over HTTP: conditional, bounded in size, time and redirects, from public addresses only."""

import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import httpx

from connectors.feeds.answer import FeedUnavailable, Fetched, NotModified
from connectors.feeds.body import CODINGS, read_body
from connectors.feeds.limits import Limits
from connectors.feeds.values import without_credentials
from connectors.network.guard import AddressRefused
from schemas.feed import FeedState

USER_AGENT = "Treatywire/0.1 (+feed reader; asks with If-None-Match and If-Modified-Since; heeds Retry-After)"
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, application/json;q=0.9, text/xml;q=0.9, */*;q=0.1"
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
LONGEST_RETRY_AFTER = timedelta(days=1)


class HttpFeeds:
    """Asks for feeds with http and https addresses; may be shared between threads.

    Args:
        transport: What connects; a `GuardedTransport` but in tests.
        limits: Bounds on one poll.
    """

    def __init__(self, transport: httpx.BaseTransport, limits: Limits) -> None:
        self._transport, self._limits = transport, limits

    def fetch(self, state: FeedState, now: datetime) -> Fetched | NotModified:
        """What the feed's address, or the one it has moved to, answers.

        A retry asks the same again and is safe. `now` (UTC) is what a Retry-After date is measured from.

        Raises:
            FeedUnavailable: No answer, or one that is no document.
            BadFeed: The document is too large, or its compression broken.
        """
        deadline = time.monotonic() + self._limits.total_s
        try:
            return self._follow(state, now, deadline)
        except AddressRefused as error:
            raise FeedUnavailable(f"refused: {error}") from error
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise FeedUnavailable(f"not an address that can be asked: {error}") from error
        except httpx.TimeoutException as error:
            raise FeedUnavailable(self._too_slow(error, deadline)) from error
        except httpx.HTTPError as error:
            raise FeedUnavailable(f"no answer: {error}") from error

    def _follow(self, state: FeedState, now: datetime, deadline: float) -> Fetched | NotModified:
        url = state.moved_to or state.url
        moved_to, only_permanent = state.moved_to, True
        path = [url]
        while True:
            # Without a client around the transport, which would keep cookies and follow to where it likes.
            response = self._transport.handle_request(self._request(url, state, deadline))
            try:
                if response.status_code not in REDIRECTS or "location" not in response.headers:
                    return self._answer(response, now, url, moved_to)
            finally:
                response.close()
            only_permanent = only_permanent and response.status_code in PERMANENT
            url = _target(url, response.headers["location"])
            path.append(url)
            if url in path[:-1]:
                raise FeedUnavailable(f"redirects in a circle: {_shown(path)}")
            if len(path) > self._limits.redirects + 1:
                raise FeedUnavailable(f"redirects more than {self._limits.redirects} times: {_shown(path)}")
            if only_permanent:
                moved_to = url

    def _request(self, url: str, state: FeedState, deadline: float) -> httpx.Request:
        headers = {"User-Agent": USER_AGENT, "Accept": ACCEPT, "Accept-Encoding": CODINGS, "Connection": "close"}
        if state.etag:
            headers["If-None-Match"] = state.etag
        if state.last_modified:
            headers["If-Modified-Since"] = state.last_modified
        request = httpx.Request("GET", url, headers=headers)
        if request.url.scheme not in {"http", "https"} or not request.url.host:
            raise httpx.InvalidURL("no http or https address of a host")
        if request.url.userinfo:
            credentials = f"{request.url.username}:{request.url.password}".encode()
            request.headers["Authorization"] = f"Basic {b64encode(credentials).decode()}"
        timeout = httpx.Timeout(self._limits.silence_s, connect=self._limits.connect_s)
        request.extensions = {"timeout": timeout.as_dict(), "deadline": deadline}
        return request

    def _answer(self, response: httpx.Response, now: datetime, url: str, moved_to: str | None) -> Fetched | NotModified:
        status = response.status_code
        if status == HTTPStatus.NOT_MODIFIED:
            return NotModified(moved_to=moved_to)
        if status == HTTPStatus.GONE:
            raise FeedUnavailable(
                "gone for good, says the server (410): it may be removed", retry_after=timedelta(days=1), not_here=True
            )
        if status != HTTPStatus.OK:
            raise FeedUnavailable(
                f"answers {status} {response.reason_phrase}".rstrip(),
                retry_after=retry_after(response.headers.get("retry-after"), now),
                not_here=status == HTTPStatus.NOT_FOUND,
            )
        return Fetched(
            body=read_body(response, self._limits.max_bytes),
            url=url,
            content_type=response.headers.get("content-type"),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
            moved_to=moved_to,
        )

    def _too_slow(self, error: httpx.TimeoutException, deadline: float) -> str:
        if time.monotonic() >= deadline:
            return f"not finished within {self._limits.total_s:g} s"
        if isinstance(error, httpx.ConnectTimeout):
            return f"no connection within {self._limits.connect_s:g} s"
        return f"nothing came for {self._limits.silence_s:g} s"


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """How long a Retry-After header (RFC 9110, 10.2.3: seconds or a date) asks to wait: from nothing to a day."""
    if value is None:
        return None
    value = value.strip()
    if value.isdecimal():
        wait = timedelta(seconds=min(int(value[:9]), 86400))
    else:
        try:
            date = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        wait = (date if date.tzinfo else date.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta()), LONGEST_RETRY_AFTER)


def _target(url: str, location: str) -> str:
    """Where a redirect leads; only to http and https, whatever it says."""
    try:
        target = urljoin(url, location.strip())
        scheme = urlsplit(target).scheme
    except ValueError as error:
        raise FeedUnavailable(f"redirects to what is no address: {location!r}") from error
    if scheme not in {"http", "https"}:
        raise FeedUnavailable(f"redirects to {target!r}: only http and https are followed")
    return target.partition("#")[0]


def _shown(path: list[str]) -> str:
    return " → ".join(without_credentials(url) for url in path)
