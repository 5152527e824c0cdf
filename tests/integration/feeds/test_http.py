"""Feeds over HTTP, from a server that behaves in every bad way."""

import gzip
import socket
import time
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.feeds.answer import BadFeed, FeedUnavailable, Fetched, NotModified
from connectors.feeds.fetcher import FeedFetcher
from connectors.feeds.http import USER_AGENT, retry_after
from connectors.feeds.limits import Limits
from schemas.feed import FeedState
from tests.integration.feeds.server import FEED, Server, drip, endless, raw, redirect, silence, zipped_zeros

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
QUICK = Limits(max_bytes=1 << 20, connect_s=1, silence_s=0.3, total_s=0.6, redirects=5)


def fetch(feed: str | FeedState, limits: Limits = QUICK) -> Fetched | NotModified:
    """One poll; private addresses are allowed."""
    state = FeedState(url=feed) if isinstance(feed, str) else feed
    return FeedFetcher(allow_private=True, limits=limits).fetch(state, NOW)


def failure(url: str, limits: Limits = QUICK) -> str:
    """What a poll says that cannot be done."""
    with pytest.raises((FeedUnavailable, BadFeed)) as raised:
        fetch(url, limits)
    return str(raised.value)


def test_a_document_comes_with_its_validators(server: Server) -> None:
    """Body, final address, type, ETag and Last-Modified; the request says honestly who asks."""
    url = server.gives("/f", FEED, Content_Type="text/xml; charset=utf-8", ETag='"1"', Last_Modified="yesterday")
    assert fetch(url) == Fetched(
        body=FEED, url=url, content_type="text/xml; charset=utf-8", etag='"1"', last_modified="yesterday"
    )
    headers = server.requests[0][1]
    assert headers["User-Agent"] == USER_AGENT
    assert USER_AGENT.startswith("Treatywire/0.1 (+feed reader")
    assert headers["Host"] == f"127.0.0.1:{server.server_port}"
    assert "If-None-Match" not in headers


def test_validators_are_sent_back_and_304_is_no_document(server: Server) -> None:
    """A conditional GET, in the server's own words."""
    url = server.gives("/f", b"", 304)
    assert fetch(FeedState(url=url, etag='W/"1"', last_modified="Sun, 01 Nov 2026 10:00:00 GMT")) == NotModified()
    headers = server.requests[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('W/"1"', "Sun, 01 Nov 2026 10:00:00 GMT")


def _deflated_bare(data: bytes) -> bytes:
    deflate = zlib.compressobj(wbits=-15)
    return deflate.compress(data) + deflate.flush()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(FEED)),
        ("gzip", gzip.compress(FEED[:50]) + gzip.compress(FEED[50:])),
        ("gzip", gzip.compress(FEED) + b"\0\0\0"),
        ("gzip", gzip.compress(FEED)[:-8]),
        ("x-gzip", gzip.compress(FEED)),
        ("deflate", zlib.compress(FEED)),
        ("deflate", _deflated_bare(FEED)),
        ("identity", FEED),
    ],
    ids=["gzip", "members", "padded", "without its end", "x-gzip", "zlib", "bare", "identity"],
)
def test_compression_is_undone(server: Server, coding: str, body: bytes) -> None:
    """Every form that servers use for the codings asked for."""
    answer = fetch(server.gives("/f", body, Content_Encoding=coding))
    assert isinstance(answer, Fetched)
    assert answer.body == FEED


def test_broken_and_foreign_compression_are_named(server: Server) -> None:
    """Neither is taken for a feed."""
    url = server.gives("/f", b"\x1f\x8bnonsense, all of it", Content_Encoding="gzip")
    assert failure(url).startswith("says it is compressed with gzip and cannot be decompressed: Error -3")
    url = server.gives("/g", FEED, Content_Encoding="br")
    assert failure(url) == "compressed with br, though gzip, deflate was asked for"


def test_a_gzip_bomb_is_stopped_at_the_limit(server: Server) -> None:
    """Three hundred megabytes in three hundred kilobytes: reading ends after one, in time and in memory."""
    url = server.gives("/bomb", zipped_zeros(300), Content_Encoding="gzip")
    tracemalloc.start()
    try:
        assert failure(url) == "is larger than the 1 MB that a feed may have: reading stopped there"
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_an_endless_body_is_stopped_at_the_limit(server: Server) -> None:
    """The connection is closed, and what was read comes with the error."""
    with pytest.raises(BadFeed) as raised:
        fetch(server.at("/endless", endless))
    assert raised.value.data.startswith(b"<item/><item/>")
    assert server.hung_up.wait(10)


def test_a_hundred_megabytes_that_are_announced_are_not_read(server: Server) -> None:
    """The length in the header is believed where it is too much."""
    url = server.gives("/big", b"", Content_Length=str(100 << 20))
    assert failure(url) == "announces 100 MB, and a feed may have 1 MB: nothing was read"


def test_a_body_that_drips_is_given_up_at_the_deadline(server: Server) -> None:
    """Each byte comes in time, the whole does not."""
    began = time.monotonic()
    url = server.at("/drip", drip(b"HTTP/1.1 200 OK\r\n\r\n<rss>", 0.05))
    assert failure(url) == "not finished within 0.6 s"
    assert time.monotonic() - began < 5


def test_headers_that_drip_are_given_up_at_the_deadline(server: Server) -> None:
    """A header that grows by a byte at a time is no way around."""
    url = server.at("/drip", drip(b"HTTP/1.1 200 OK\r\nX-Long: ", 0.05))
    assert failure(url) == "not finished within 0.6 s"


def test_silence_is_given_up_sooner(server: Server) -> None:
    """A server that says nothing at all is not waited for until the deadline."""
    url = server.at("/silent", silence)
    assert failure(url) == "nothing came for 0.3 s"


def test_a_body_shorter_than_announced_is_no_document(server: Server) -> None:
    """A broken transfer is tried again, not parsed."""
    url = server.gives("/cut", FEED[:40], Content_Length="500")
    assert failure(url).startswith("no answer: peer closed connection without sending complete message body")


def test_redirects_are_followed_and_permanent_ones_remembered(server: Server) -> None:
    """Permanent ones as far as they go without a break; relative targets and fragments are no trouble."""
    end = server.gives("/end", FEED)
    server.at("/temporary", redirect("/end#top", 302))
    moved = server.at("/moved", redirect("/temporary", 308))
    old = server.at("/old", redirect(moved, 301))
    answer = fetch(old)
    assert isinstance(answer, Fetched)
    assert (answer.url, answer.moved_to) == (end, end.replace("/end", "/temporary"))
    answer = fetch(server.at("/see", redirect("/end", 303)))
    assert isinstance(answer, Fetched)
    assert (answer.url, answer.moved_to) == (end, None)


def test_the_address_it_has_moved_to_is_asked(server: Server) -> None:
    """The old one is not asked again."""
    new = server.gives("/new", FEED)
    old = server.at("/old", redirect(new, 301))
    answer = fetch(FeedState(url=old, moved_to=new))
    assert isinstance(answer, Fetched)
    assert answer.moved_to == new
    assert [path for path, _ in server.requests] == ["/new"]


def test_credentials_of_an_address_go_to_its_host_alone(server: Server) -> None:
    """As basic authentication; not to where it redirects, and not into any message."""
    b = server.at("/b", redirect("/c"))
    server.at("/c", redirect("/b"))
    a = server.at("/a", redirect(b)).replace("//", "//user:p%40ss@")
    message = failure(a)
    assert message.startswith(f"redirects in a circle: {a.replace('user:p%40ss@', '')} → {b} → ")
    assert [headers.get("Authorization") for _, headers in server.requests] == ["Basic dXNlcjpwQHNz", None, None]


def test_a_circle_of_redirects_is_named(server: Server) -> None:
    """With every address of it."""
    b = server.at("/b", redirect("/a"))
    a = server.at("/a", redirect("/b"))
    assert failure(a) == f"redirects in a circle: {a} → {b} → {a}"


def test_too_many_redirects_are_given_up(server: Server) -> None:
    """A chain that never closes is bounded too."""
    for number in range(9):
        server.at(f"/{number}", redirect(f"/{number + 1}"))
    assert failure(server.at("/0", redirect("/1"))).startswith("redirects more than 5 times: http://127.0.0.1:")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://outlet.example/", "data:text/xml,<rss/>", "gopher:x"])
def test_a_redirect_leads_to_the_web_only(server: Server, target: str) -> None:
    """A server may not have local files read."""
    url = server.at("/f", redirect(target))
    assert failure(url) == f"redirects to {target!r}: only http and https are followed"


def test_a_private_address_is_refused_and_never_connected_to(server: Server) -> None:
    """Without the setting the loopback gets not one byte."""
    url = server.gives("/f", FEED)
    with pytest.raises(FeedUnavailable, match=r"^refused: 127\.0\.0\.1 is loopback \(RFC 1122\)"):
        FeedFetcher(limits=QUICK).fetch(FeedState(url=url), NOW)
    assert server.requests == []


@pytest.mark.parametrize(
    ("status", "message", "not_here"),
    [
        (404, "answers 404 Not Found", True),
        (410, "gone for good, says the server (410): it may be removed", True),
        (401, "answers 401 Unauthorized", False),
        (500, "answers 500 Internal Server Error", False),
        (206, "answers 206 Partial Content", False),
        (301, "answers 301 Moved Permanently", False),
    ],
)
def test_an_answer_that_is_no_document_is_named(server: Server, status: int, message: str, not_here: bool) -> None:
    """Its number and phrase, and whether there is nothing at this address."""
    with pytest.raises(FeedUnavailable) as raised:
        fetch(server.gives("/f", b"x", status))
    assert (str(raised.value), raised.value.not_here) == (message, not_here)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_heeded(server: Server, status: int) -> None:
    """In seconds or as a date."""
    for value in ("7200", format_datetime(NOW + timedelta(hours=2), usegmt=True)):
        with pytest.raises(FeedUnavailable) as raised:
            fetch(server.gives("/f", b"", status, Retry_After=value))
        assert raised.value.retry_after == timedelta(hours=2)


def test_retry_after_is_between_nothing_and_a_day() -> None:
    """A date in the past is now, a year is a day, and nonsense is nothing."""
    values = ["-5", "soon", "Mon, 01 Jan 2024 00:00:00 GMT", "99999999999", None, "Mon, 01 Jan 2029 00:00:00 -0000"]
    day = timedelta(days=1)
    assert [retry_after(value, NOW) for value in values] == [None, None, timedelta(), day, None, day]


def test_no_server_no_name_and_no_address_are_told_apart() -> None:
    """Each with its own sentence."""
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody_listens.getsockname()[1]}/"
        assert failure(url) == "no answer: [Errno 111] Connection refused"
    assert failure("http://nowhere.invalid/").startswith("no answer: the name nowhere.invalid cannot be resolved: ")
    assert failure("http:///nothing").startswith("not an address that can be asked: ")
    assert failure("http://outlet.example:port/").startswith("not an address that can be asked: ")
    assert failure("gopher://old.example/") == (
        "the scheme 'gopher' is not known: a feed is at an http, https or file address"
    )


def test_what_is_not_http_is_named(server: Server) -> None:
    """A server that speaks something else."""
    url = server.at("/f", raw(b"220 mail.example ESMTP\r\n\r\n"))
    assert failure(url).startswith("no answer: illegal status line")
