"""Feeds in local files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.feeds.answer import BadFeed, FeedUnavailable, Fetched, NotModified
from connectors.feeds.fetcher import FeedFetcher
from connectors.feeds.limits import Limits
from schemas.feed import FeedState
from tests.integration.feeds.server import FEED

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FETCHER = FeedFetcher(limits=Limits(max_bytes=1000))


def test_a_file_is_read_and_not_again_until_it_changes(tmp_path: Path) -> None:
    """Its time of change and its size are the validator."""
    path = tmp_path / "a feed ü.xml"
    path.write_bytes(FEED)
    answer = FETCHER.fetch(FeedState(url=path.as_uri()), NOW)
    assert isinstance(answer, Fetched)
    assert (answer.body, answer.url) == (FEED, path.as_uri())
    state = FeedState(url=path.as_uri(), etag=answer.etag)
    assert FETCHER.fetch(state, NOW) == NotModified()
    path.write_bytes(FEED + b"\n")
    assert isinstance(FETCHER.fetch(state, NOW), Fetched)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing file, a folder, another host, a file that is too large."""
    large = tmp_path / "large.xml"
    large.write_bytes(b"x" * 1001)
    messages = []
    for url in ((tmp_path / "none").as_uri(), tmp_path.as_uri(), "file://elsewhere/feed.xml", large.as_uri()):
        with pytest.raises((FeedUnavailable, BadFeed)) as raised:
            FETCHER.fetch(FeedState(url=url), NOW)
        messages.append(str(raised.value))
    assert messages == [
        "there is no such file",
        "this is no regular file",
        "names a file on the host 'elsewhere': only local files are read",
        "is larger than the 1000 bytes that a feed may have",
    ]
