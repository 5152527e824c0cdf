"""A line of an archive: an article, as much of it as an archive knows."""

from datetime import UTC, datetime

from msgspec import Struct

from schemas.article import OLDEST, Article, article_id, plausible
from schemas.codec import decode
from schemas.errors import BadRecord
from schemas.identifiers import content_hash
from schemas.vocabulary import TextSource


class ArchiveLine(Struct, frozen=True, kw_only=True):
    """One JSON object; other keys are passed over. So a published article record is one, too.

    An article that has come by a feed as well should have the same `url`, or the same `id`: then it is one, not two.
    """

    outlet: str
    """Who published it."""
    id: str | None = None
    """Which article it is, where it has no `url`, or is known under this id already."""
    url: str | None = None
    title: str = ""
    text: str = ""
    """Plain text, paragraphs parted by blank lines."""
    language: str | None = None
    """BCP 47; without it the text is read as English."""
    published: datetime | None = None
    """RFC 3339; without a zone it is UTC."""
    fetched: datetime | None = None
    """When it came into the archive. One of the two times must be there: articles are told apart by age."""
    revision: int = 1


def article_of(data: bytes) -> Article:
    """The article of a line.

    Raises:
        BadRecord: It is not such an object, or lacks what identifies or dates an article.
    """
    line = decode(data, ArchiveLine)
    if not line.id and not line.url:
        raise BadRecord("neither url nor id: nothing tells this article from others")
    if line.revision < 1:
        raise BadRecord(f"revision = {line.revision}: a whole number, 1 or more")
    fetched = _utc(line.fetched or line.published)
    return Article(
        id=line.id or article_id(url=line.url, feed="", guid=None),
        revision=line.revision,
        content_hash=content_hash(line.title, line.text),
        outlet=line.outlet,
        fetched=fetched,
        title=line.title,
        text=line.text,
        text_source=TextSource.CONTENT if line.text else TextSource.NONE,
        url=line.url,
        language=line.language.lower() if line.language else None,
        published=plausible(line.published, fetched),
        published_source="published" if line.published else None,
    )


def _utc(time: datetime | None) -> datetime:
    if time is None:
        raise BadRecord("neither published nor fetched: nothing says when this article could be known")
    try:
        time = time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except OverflowError:
        raise BadRecord(f"{time}: no time of ours") from None
    if time < OLDEST:
        raise BadRecord(f"{time}: before {OLDEST.year}")
    return time
