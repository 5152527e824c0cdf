"""The fetch job over SQLite and a web server."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import samples
from connectors.feeds.fetcher import FeedFetcher
from connectors.feeds.limits import Limits
from connectors.sqlite import Adapters, open_database
from pipelines.jobs.fetch import FetchJob
from schemas.feed import Feed
from schemas.ports import Unreadable
from schemas.vocabulary import Stage
from tests.integration.feeds.server import FEED, Server, drip, endless, zipped_zeros

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMITS = Limits(max_bytes=1 << 20, connect_s=1, silence_s=1, total_s=2)


@pytest.fixture
def adapters(tmp_path: Path) -> Adapters:
    """An empty database."""
    return Adapters(open_database(tmp_path / "t.sqlite3"))


def job(adapters: Adapters, holder: str = "one") -> FetchJob:
    """A job that may ask the loopback."""
    fetcher = FeedFetcher(allow_private=True, limits=LIMITS)
    return FetchJob(adapters.feeds, adapters.articles, adapters.dead_letters, adapters.leases, fetcher, holder=holder)


def run(fetch_job: FetchJob, now: datetime) -> None:
    """Steps until nothing is under way."""
    while fetch_job.step(now, wait_s=5).in_flight:
        pass


def titles(adapters: Adapters) -> list[str]:
    """Of every article in the log, in order."""
    entries = adapters.articles.reader("test").read(1000)
    return [entry.record.title for entry in entries if not isinstance(entry.record, Unreadable)]


def test_good_feeds_are_polled_whatever_the_bad_ones_do(adapters: Adapters, server: Server) -> None:
    """A bomb, an endless body, a drip, a page, an empty answer, a busy server: each has its error, and only its own."""
    urls = {
        server.gives("/good", FEED): None,
        server.gives("/bomb", zipped_zeros(50), Content_Encoding="gzip"): (
            "is larger than the 1 MB that a feed may have: reading stopped there"
        ),
        server.at("/endless", endless): "is larger than the 1 MB that a feed may have: reading stopped there",
        server.at("/drip", drip(b"HTTP/1.1 200 OK\r\n\r\n<rss>", 0.1)): "not finished within 2 s",
        server.gives("/page", b"<!doctype html><p>x"): "is a web page (HTML), not a feed",
        server.gives("/empty", b""): "is empty",
        server.gives("/busy", b"", 429, Retry_After="7200"): "answers 429 Too Many Requests",
        server.gives("/laughs", b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>"): (
            "declares the entity 'a': refused, since entities can be made to expand without bound or to read files"
        ),
    }
    for url in urls:
        adapters.feeds.add(Feed(url=url))
    fetch_job = job(adapters)
    began = time.monotonic()
    run(fetch_job, NOW)
    assert time.monotonic() - began < 20
    assert titles(adapters) == ["A pact"]
    states = {feed.url: state for feed, state in adapters.feeds.list()}
    assert {url: state.error for url, state in states.items()} == urls
    busy = next(url for url in urls if url.endswith("/busy"))
    assert states[busy].due == NOW + timedelta(hours=2)
    assert {letter.stage for letter in adapters.dead_letters.list()} == {Stage.FEED}
    assert len(adapters.dead_letters.list()) == 5


def test_the_second_poll_is_conditional(adapters: Adapters, server: Server) -> None:
    """The validators are sent back, and a 304 appends nothing."""
    url = server.gives("/f", FEED, ETag='"1"')
    adapters.feeds.add(Feed(url=url))
    fetch_job = job(adapters)
    run(fetch_job, NOW)
    server.gives("/f", b"", 304)
    run(fetch_job, NOW + timedelta(minutes=5))
    assert [headers.get("If-None-Match") for _, headers in server.requests] == [None, '"1"']
    assert titles(adapters) == ["A pact"]


def test_samples_give_their_articles_once(adapters: Adapters) -> None:
    """A second job goes on where the first stopped."""
    for feed in samples.feeds():
        adapters.feeds.add(feed)
    run(job(adapters), NOW)
    assert len(titles(adapters)) == 66
    run(job(adapters, "later"), NOW + timedelta(minutes=1))
    assert len(titles(adapters)) == 66
