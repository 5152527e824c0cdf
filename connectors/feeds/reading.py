"""One poll of one feed: asked, parsed, turned into articles. Writes nothing and remembers nothing."""

import hashlib
import traceback
from datetime import datetime

from msgspec import Struct

from connectors.feeds.answer import BadFeed, NotModified
from connectors.feeds.fetcher import Fetcher
from connectors.feeds.items import articles_of
from connectors.feeds.parse import parse
from connectors.feeds.values import without_credentials
from schemas.article import Article
from schemas.dead_letter import DeadLetter, dead_letter
from schemas.feed import Feed, FeedState
from schemas.vocabulary import Stage


class Reading(Struct, frozen=True, kw_only=True):
    """What a poll found."""

    changed: bool
    """Whether there was a document other than the last one; else there are no articles here."""
    articles: tuple[Article, ...] = ()
    """Oldest first, all of revision 1, known ones among them."""
    letters: tuple[DeadLetter, ...] = ()
    problems: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    body_hash: str | None = None


def read_feed(feed: Feed, state: FeedState, fetcher: Fetcher, now: datetime) -> Reading:
    """What the feed holds now (UTC).

    Raises:
        FeedUnavailable: No usable answer now.
        BadFeed: The document is no feed.
    """
    answer = fetcher.fetch(state, now)
    if isinstance(answer, NotModified):
        return Reading(
            changed=False,
            etag=state.etag,
            last_modified=state.last_modified,
            moved_to=answer.moved_to,
            body_hash=state.body_hash,
        )
    body_hash = hashlib.blake2b(answer.body, digest_size=15).hexdigest()
    if body_hash == state.body_hash:
        return Reading(
            changed=False,
            etag=answer.etag,
            last_modified=answer.last_modified,
            moved_to=answer.moved_to,
            body_hash=body_hash,
        )
    try:
        document = parse(answer.body, url=answer.url, content_type=answer.content_type)
        made = articles_of(document, feed, now)
    except BadFeed:
        raise
    except Exception as error:  # a bug, which costs this document alone
        reason = f"reading it raises {type(error).__name__}: {error}"
        raise BadFeed(reason, answer.body, traceback.format_exc()) from error
    letters = list(made.failed)
    if document.rest is not None:
        source = without_credentials(feed.url)
        letters.append(dead_letter(Stage.FEED, document.rest.data, source=source, reason=document.rest.reason, now=now))
    # A document that breaks off may have broken off on its way: its validators would keep the rest from ever coming.
    whole = document.rest is None
    return Reading(
        changed=True,
        articles=made.articles,
        letters=tuple(letters),
        problems=document.problems,
        etag=answer.etag if whole else None,
        last_modified=answer.last_modified if whole else None,
        moved_to=answer.moved_to,
        body_hash=body_hash,
    )
