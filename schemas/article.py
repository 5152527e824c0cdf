"""An article as a feed gave it."""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from schemas.identifiers import canonical_url, content_hash, content_id
from schemas.vocabulary import TextSource

OLDEST = datetime(1900, 1, 1, tzinfo=UTC)


class Article(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One published text of one outlet, in one revision. All times are UTC."""

    id: str
    """From the canonical URL, else feed and guid, else feed and content (`article_id`)."""
    revision: int
    """1 for the first text seen under this id, one more for each text not seen under it before."""
    content_hash: str
    """Of title and text."""
    outlet: str
    """Who published it: the publisher's name as the feed gives it."""
    fetched: datetime
    title: str = ""
    text: str = ""
    """Plain text, paragraphs parted by blank lines; may be empty."""
    text_source: TextSource = TextSource.NONE
    url: str | None = None
    feed: str | None = None
    """The address of the feed that gave it."""
    language: str | None = None
    """BCP 47, lower case, where feed or item says so."""
    published: datetime | None = None
    published_source: str | None = None
    """Which element gave `published`: ``published``, ``updated``, ``dc:date`` …"""

    @property
    def seen(self) -> datetime:
        """When it could first be known: the earlier of `published` and `fetched`."""
        return min(self.published, self.fetched) if self.published else self.fetched


def article_id(*, url: str | None, feed: str, guid: str | None, title: str = "", text: str = "") -> str:
    """The identifier of an article: the same at each poll, whichever of link and guid an item has."""
    if url:
        return content_id("art", canonical_url(url))
    if guid:
        return content_id("art", feed, guid)
    return content_id("art", feed, None, content_hash(title, text))


def plausible(published: datetime | None, fetched: datetime) -> datetime | None:
    """`published` in UTC, or None where it is missing, more than a day in the future or before 1900.

    A time without a zone is taken as UTC.
    """
    if published is None:
        return None
    published = published.replace(tzinfo=UTC) if published.tzinfo is None else published
    try:
        published = published.astimezone(UTC)
    except OverflowError:
        return None
    return published if OLDEST <= published <= fetched + timedelta(days=1) else None
