"""What one look at a feed shows: for a person who adds it, or wonders why it gives nothing."""

from collections import Counter
from datetime import UTC, datetime

from msgspec import Struct

from connectors.feeds.answer import BadFeed, FeedUnavailable, Fetched
from connectors.feeds.fetcher import FeedFetcher, Fetcher
from connectors.feeds.items import articles_of
from connectors.feeds.parse import parse
from connectors.feeds.values import without_credentials
from schemas.feed import Feed, FeedState


class FeedReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a feed holds and what is wrong with it."""

    url: str
    """As asked, without credentials."""
    usable: bool
    """Whether it gives articles, or would once it has items."""
    kind: str | None = None
    title: str | None = None
    moved_to: str | None = None
    """Where permanent redirects lead: the address to add instead."""
    items: int = 0
    articles: int = 0
    """That the items give."""
    dated: int = 0
    first: datetime | None = None
    """When the oldest dated article was published."""
    last: datetime | None = None
    languages: dict[str, int] = {}
    """How many articles of each; ``unknown`` for those that do not say."""
    problems: tuple[str, ...] = ()
    """Sentences; an unusable feed has at least one."""

    def lines(self) -> list[str]:
        """The report for a person, without the colours of a terminal."""
        lines = [self.url, f"  {'a feed' if self.usable else 'no feed'}{f', {self.kind}' if self.kind else ''}"]
        if self.title:
            lines.append(f"  outlet: {self.title}")
        if self.moved_to:
            lines.append(f"  moved for good: {self.moved_to}")
        if self.usable:
            articles = f"{_count(self.articles, 'article')}, {self.dated} dated"
            lines.append(f"  {_count(self.items, 'item')}, {articles}")
        if self.first and self.last:
            lines.append(f"  from {self.first:%Y-%m-%d %H:%M} to {self.last:%Y-%m-%d %H:%M} UTC")
        if self.languages:
            lines.append(f"  languages: {', '.join(f'{code} {count}' for code, count in self.languages.items())}")
        return lines + [f"  ! {problem}" for problem in self.problems]


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def check(
    url: str, *, allow_private: bool = False, fetcher: Fetcher | None = None, now: datetime | None = None
) -> FeedReport:
    """What the feed at this address is; never raises for what the address holds or does not hold.

    Args:
        url: As `feed_address` gives it.
        allow_private: Lets it be on a private address.
        fetcher: Asks instead of one made for this.
        now: UTC; what dates are plausible against.
    """
    shown, now = without_credentials(url), now or datetime.now(UTC)
    try:
        fetcher = fetcher or FeedFetcher(allow_private=allow_private)
        fetched = fetcher.fetch(FeedState(url=url), now)
        assert isinstance(fetched, Fetched)  # nothing was conditional
        document = parse(fetched.body, url=fetched.url, content_type=fetched.content_type)
    except (BadFeed, FeedUnavailable) as error:
        return FeedReport(url=shown, usable=False, problems=(str(error),))
    made = articles_of(document, Feed(url=url), now)
    dates = [article.published for article in made.articles if article.published]
    problems = [*document.problems, *(f"an item is set aside: {letter.reason}" for letter in made.failed)]
    if document.rest is not None:
        problems.append(document.rest.reason)
    if not document.items:
        problems.append("it has no items")
    if undated := len(made.articles) - len(dates):
        problems.append(f"{undated} of {len(made.articles)} articles have no usable date")
    return FeedReport(
        url=shown,
        usable=True,
        kind=document.kind,
        title=made.articles[0].outlet if made.articles else None,
        moved_to=fetched.moved_to,
        items=len(document.items) + len(document.bad_items),
        articles=len(made.articles),
        dated=len(dates),
        first=min(dates, default=None),
        last=max(dates, default=None),
        languages=dict(Counter(article.language or "unknown" for article in made.articles).most_common()),
        problems=tuple(problems),
    )
