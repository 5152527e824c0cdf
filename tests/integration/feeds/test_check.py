"""What one look at a feed shows."""

from datetime import UTC, datetime

from connectors.feeds.fetcher import FeedFetcher
from connectors.feeds.limits import Limits
from connectors.feeds.report import FeedReport, check
from tests.integration.feeds.server import FEED, Server, redirect

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FETCHER = FeedFetcher(allow_private=True, limits=Limits(total_s=5))


def test_a_feed_is_reported_with_its_dates_languages_and_new_address(server: Server) -> None:
    """What a person wants to know before adding it, without the address's credentials."""
    new = server.gives("/new", FEED)
    url = server.at("/old", redirect(new, 301))
    assert check(url.replace("//", "//user:secret@"), fetcher=FETCHER, now=NOW) == FeedReport(
        url=url,
        usable=True,
        kind="RSS 2.0",
        title="Local",
        moved_to=new,
        items=1,
        articles=1,
        dated=1,
        first=datetime(2026, 11, 1, 10, tzinfo=UTC),
        last=datetime(2026, 11, 1, 10, tzinfo=UTC),
        languages={"en": 1},
    )


def test_problems_of_a_usable_feed_are_listed(server: Server) -> None:
    """A wrong encoding, an item of nothing, a missing date, a document that breaks off."""
    head, _, _ = FEED.replace(b"<language>en</language>", b"").partition(b"<pubDate>")
    data = head.replace(b"A pact", b"Caf\xe9") + b"</item><item></item><item>"
    assert check(server.gives("/f", data), fetcher=FETCHER, now=NOW).problems == (
        "declared as UTF-8, which it is not: read as cp1252",
        "an item is set aside: an item without title, text, link and guid: there is nothing to make an article of",
        "the document breaks off (no element found in line 3): what follows its last whole item was not read",
        "1 of 1 articles have no usable date",
    )


def test_what_is_no_feed_is_reported_and_not_raised(server: Server) -> None:
    """An error is the report's problem."""
    page = server.gives("/p", b'<html><link rel="alternate" type="application/atom+xml" href="atom.xml"></html>')
    gone = server.gives("/g", b"", 410)
    assert check(page, fetcher=FETCHER, now=NOW) == FeedReport(
        url=page,
        usable=False,
        problems=(f"is a web page (HTML), not a feed; the page names its feed: {page.replace('/p', '/atom.xml')}",),
    )
    assert check(gone, fetcher=FETCHER, now=NOW).problems == (
        "gone for good, says the server (410): it may be removed",
    )


def test_an_empty_feed_is_usable(server: Server) -> None:
    """There may be items tomorrow."""
    report = check(
        server.gives("/f", b"<rss version='2.0'><channel><title>T</title></channel></rss>"), fetcher=FETCHER, now=NOW
    )
    assert (report.usable, report.items, report.problems) == (True, 0, ("it has no items",))


def test_a_report_is_printed_in_lines(server: Server) -> None:
    """For a person."""
    url = server.gives("/f", FEED)
    assert check(url, allow_private=True, now=NOW).lines() == [
        url,
        "  a feed, RSS 2.0",
        "  outlet: Local",
        "  1 item, 1 article, 1 dated",
        "  from 2026-11-01 10:00 to 2026-11-01 10:00 UTC",
        "  languages: en 1",
    ]
    assert check(url).lines() == [
        url,
        "  no feed",
        "  ! refused: 127.0.0.1 is loopback (RFC 1122): only public addresses are asked, unless allow_private_addresses"
        " is set",
    ]
