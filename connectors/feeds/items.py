"""Articles of a feed's items, and the form in which an item that gave none is kept for another try."""

import traceback
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct

from connectors.feeds.document import Document, Item
from connectors.feeds.html_text import plain_line, plain_text
from connectors.feeds.identity import NamedBy, named_by
from connectors.feeds.values import without_credentials
from schemas.article import Article, article_id, plausible
from schemas.codec import decode, encode
from schemas.dead_letter import DeadLetter, dead_letter
from schemas.errors import BadRecord
from schemas.feed import Feed
from schemas.identifiers import content_hash
from schemas.vocabulary import Stage, TextSource


class FeedItem(Struct, frozen=True, kw_only=True, omit_defaults=True, tag="feed-item"):
    """One item with what its feed says for all: all that its article is made of, but for the time of the poll."""

    item: Item
    named_by: NamedBy
    feed: str
    """The feed's address, without credentials."""
    outlet: str
    language: str | None = None


class Articles(Struct, frozen=True, kw_only=True):
    """What a document's items gave."""

    articles: tuple[Article, ...] = ()
    """Oldest first, each id and text once; all of revision 1, which the job replaces."""
    failed: tuple[DeadLetter, ...] = ()
    """Of `Stage.ARTICLE`, each once; `replay_article` takes them."""


def articles_of(document: Document, feed: Feed, fetched: datetime) -> Articles:
    """Articles of all items; an item that gives none is a dead letter, the same one at each poll."""
    address = without_credentials(feed.url)
    outlet = feed.name or plain_line(document.title) or _place(address)
    articles: dict[tuple[str, str], Article] = {}
    failed = [_letter(part.data, address, part.reason, fetched) for part in document.bad_items]
    for item, name in zip(document.items, named_by(document.items), strict=True):
        feed_item = FeedItem(item=item, named_by=name, feed=address, outlet=outlet, language=document.language)
        try:
            article = article_of(feed_item, fetched)
        except BadRecord as error:
            failed.append(_letter(encode(feed_item), address, str(error), fetched))
        except Exception:  # a bug, which must not cost the feed's other items
            failed.append(_letter(encode(feed_item), address, traceback.format_exc(), fetched))
        else:
            articles.setdefault((article.id, article.content_hash), article)
    # Feeds list the newest first: of undated items the last is the oldest.
    oldest_first = list(articles.values())[::-1]
    oldest_first.sort(key=lambda article: article.seen)
    return Articles(articles=tuple(oldest_first), failed=tuple({letter.id: letter for letter in failed}.values()))


def article_of(feed_item: FeedItem, fetched: datetime) -> Article:
    """The article of one item, as revision 1.

    Raises:
        BadRecord: The item has neither title nor text nor link nor guid.
    """
    item = feed_item.item
    title, content, summary = plain_line(item.title), plain_text(item.content), plain_text(item.summary)
    if not (title or content or summary or item.link or item.guid):
        raise BadRecord("an item without title, text, link and guid: there is nothing to make an article of")
    # Some feeds have a picture alone for content, and the text in the summary.
    text, text_source = (content, TextSource.CONTENT) if len(content) >= len(summary) else (summary, TextSource.SUMMARY)
    published = plausible(item.published, fetched)
    return Article(
        id=article_id(
            url=item.link if feed_item.named_by is NamedBy.LINK else None,
            feed=feed_item.feed,
            guid=item.guid if feed_item.named_by is NamedBy.GUID else None,
            title=title,
            text=text,
        ),
        revision=1,
        content_hash=content_hash(title, text),
        outlet=feed_item.outlet,
        fetched=fetched,
        title=title,
        text=text,
        text_source=text_source if text else TextSource.NONE,
        url=item.link,
        feed=feed_item.feed,
        language=item.language or feed_item.language,
        published=published,
        published_source=item.published_source if published else None,
    )


def replay_article(letter: DeadLetter) -> Article:
    """The article of a dead letter, made anew: of a feed's item, or the article itself where a later stage failed.

    Made of an item, it has revision 1 and was fetched when the letter was recorded: the caller gives the revision that
    comes next, as for a poll.

    Raises:
        BadRecord: The letter holds neither, or not all of it, or the item still gives no article.
    """
    if letter.stage is not Stage.ARTICLE:
        raise BadRecord(f"a letter of the stage {letter.stage.value!r} holds no article")
    if not letter.whole:
        raise BadRecord(f"only the first {len(letter.data)} of {letter.length} bytes were kept")
    if b'"feed-item"' not in letter.data[:40]:
        return decode(letter.data, Article)
    return article_of(decode(letter.data, FeedItem), letter.recorded)


def _letter(data: bytes, feed: str, reason: str, fetched: datetime) -> DeadLetter:
    return dead_letter(Stage.ARTICLE, data, source=feed, reason=reason, now=fetched)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.hostname or parts.path.rpartition("/")[2] or url
