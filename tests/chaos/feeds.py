"""Feeds whose articles come one feed after another, at a rate: their server is on loopback."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TypeVar
from xml.sax.saxutils import escape

from msgspec import Struct

from schemas import ports
from schemas.article import Article
from schemas.feed import Feed, FeedState
from tests.articles import stream
from tests.integration.feeds.server import serving

T = TypeVar("T")
SIZE, RELEVANT = 1000, 0.1
DATASET = f"invented articles of {SIZE / 1000:g} KB, {RELEVANT:.0%} relevant (tests/articles.py)"
NEVER_AGAIN = timedelta(days=1)
SAVED = timedelta(seconds=0.2)
"""Within which it is noted of one feed when it is due; were it longer, all would come at once."""


class Feeds(Struct, frozen=True):
    """So many feeds with as many articles each."""

    addresses: Sequence[str]
    articles: frozenset[str]
    """Their ids."""

    def add(self, feeds: ports.Feeds) -> None:
        """Adds them all, due once `begin` says so."""
        later = datetime.now(UTC) + NEVER_AGAIN
        at_once(
            feeds.add,
            [
                Feed(url=address, name=f"Outlet {number}", poll_every=NEVER_AGAIN)
                for number, address in enumerate(self.addresses)
            ],
        )
        at_once(feeds.save, [FeedState(url=address, due=later) for address in self.addresses])

    def begin(self, feeds: ports.Feeds) -> None:
        """Makes the first one due."""
        feeds.save(FeedState(url=self.addresses[0], due=datetime.now(UTC)))

    def go_on(self, feeds: ports.Feeds, seconds: float) -> None:
        """Makes the others due one after another within so many seconds, soon; at once where these are none."""
        begin = datetime.now(UTC) + (SAVED * len(self.addresses) if seconds else timedelta())
        each = timedelta(seconds=seconds) / len(self.addresses)
        later = self.addresses[1:]
        at_once(feeds.save, [FeedState(url=address, due=begin + number * each) for number, address in enumerate(later)])


def at_once(write: Callable[[T], object], records: Sequence[T]) -> None:
    """Writes them side by side: each waits until the store shows it."""
    with ThreadPoolExecutor(16) as pool:
        for _ in pool.map(write, records):
            pass


@contextmanager
def feeds_of(articles: int, each: int) -> Iterator[Feeds]:
    """So many articles, so many in each feed."""
    made = list(stream(articles, relevant=RELEVANT, size=SIZE))
    with serving() as server:
        addresses = [
            server.gives(f"/{at}.xml", _document(made[at : at + each]), Content_Type="application/rss+xml")
            for at in range(0, articles, each)
        ]
        yield Feeds(addresses, frozenset(article.id for article in made))


def _document(articles: Sequence[Article]) -> bytes:
    items = "".join(
        f"<item><title>{escape(article.title)}</title><link>{article.url}</link>"
        f"<pubDate>{format_datetime(article.published or article.fetched)}</pubDate>"
        f"<description>{escape(article.text)}</description></item>"
        for article in articles
    )
    return (f'<rss version="2.0"><channel><title>Feed</title><language>en</language>{items}</channel></rss>').encode()
