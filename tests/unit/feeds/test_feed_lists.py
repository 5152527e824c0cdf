"""The feeds that come with the program: the default ones and the samples."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import samples
from connectors.feeds import default_feeds
from connectors.feeds.defaults import default_feed_entries
from connectors.feeds.fetcher import FeedFetcher
from connectors.feeds.reading import read_feed
from schemas.article import Article
from schemas.feed import FeedState
from schemas.vocabulary import TextSource

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def _sample_articles() -> list[Article]:
    found: list[Article] = []
    for feed in samples.feeds():
        reading = read_feed(feed, FeedState(url=feed.url), FeedFetcher(), NOW)
        assert (reading.letters, reading.problems) == ((), ())
        found += reading.articles
    return found


def test_default_feeds_are_https_named_sourced_and_polled_every_five_minutes() -> None:
    """Each has an address of its own and a public page or repository that names it."""
    feeds, entries = default_feeds(), default_feed_entries()
    assert len(feeds) == len({feed.url for feed in feeds}) >= 15
    assert all(urlsplit(feed.url).scheme == "https" and feed.name for feed in feeds)
    assert {feed.poll_every for feed in feeds} == {timedelta(minutes=5)}
    assert all("." in entry.source and "/" in entry.source for entry in entries)


def test_samples_are_six_outlets_and_sixty_six_items() -> None:
    """Five outlets at least, forty items at least, all at example addresses."""
    articles = _sample_articles()
    assert Counter(article.outlet for article in articles) == {
        "Continental Gazette": 12,
        "Harbour Courier": 9,
        "Meridian Wire": 12,
        "Northern Dispatch": 9,
        "Southern Ledger": 11,
        "The Treaty Record": 13,
    }
    assert all(urlsplit(article.url).netloc.endswith(".example") for article in articles if article.url)
    assert all(article.text_source is not TextSource.NONE and article.language for article in articles)


def test_samples_have_one_item_each_without_date_title_link_and_guid() -> None:
    """What feeds leave out is left out once."""
    articles = _sample_articles()
    assert sum(article.published is None for article in articles) == 1
    assert sum(not article.title for article in articles) == 1
    assert sum(article.url is None for article in articles) == 1


def test_samples_hold_an_edited_article_and_copies_of_the_wire() -> None:
    """One article stands in its feed twice, and three outlets have one text."""
    articles = _sample_articles()
    ids = Counter(article.id for article in articles)
    assert [count for _, count in ids.most_common(2)] == [2, 1]
    texts = Counter(article.text for article in articles)
    assert texts.most_common(1)[0][1] == 3
