"""Documents of feed items, from JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from connectors.feeds.answer import BadFeed
from connectors.feeds.document import BadPart, Document, Item, Passage
from connectors.feeds.encoding import UNUSABLE
from connectors.feeds.values import language_code, web_address

VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/(1(?:\.1)?)/?$")
ITEMS = re.compile(r'"items"\s*:\s*\[')
SPACE = re.compile(r"[\s,]*")


def parse_json_feed(text: str, data: bytes, *, url: str, problems: tuple[str, ...] = ()) -> Document:
    """The document in `text`. An item that is no object is set aside; a document that breaks off gives its whole items.

    Raises:
        BadFeed: It is no JSON, or no JSON Feed, or has no whole item before it breaks off.
    """
    rest: BadPart | None = None
    try:
        feed = json.loads(text)
    except RecursionError as error:
        raise BadFeed("is JSON nested too deep to be read", data) from error
    except ValueError as error:
        feed, rest = _whole_items(text, data, str(error))
    version = VERSION.match(str(feed.get("version", "")))
    if version is None:
        raise BadFeed('is JSON and not a JSON Feed: its "version" is none of jsonfeed.org', data)
    items = feed.get("items")
    if not isinstance(items, list):
        raise BadFeed('is a JSON Feed without a list of "items"', data)
    good = [item for item in items if isinstance(item, dict)]
    return Document(
        kind=f"JSON Feed {version[1]}",
        title=_plain(feed.get("title")),
        language=language_code(feed.get("language")),
        items=tuple(_item(item, url) for item in good),
        bad_items=tuple(
            BadPart(json.dumps(item).encode(), "an item of a JSON Feed is an object, and this is none")
            for item in items
            if not isinstance(item, dict)
        ),
        rest=rest,
        problems=problems,
    )


def _whole_items(text: str, data: bytes, problem: str) -> tuple[dict[str, Any], BadPart]:
    """A document that breaks off, as far as it goes, and the rest of it."""
    start = ITEMS.search(text)
    items, end = list(_decoded(text, start.end())) if start else [], 0
    if start is None or not items:
        raise BadFeed(f"is no JSON: {problem}", data)
    end = items[-1][1]
    head = text[: start.start()].rstrip().rstrip(",") + "}"
    try:
        feed = json.loads(head)
    except ValueError as error:
        raise BadFeed(f"is no JSON: {problem}", data) from error
    reason = f"the document breaks off ({problem}): what follows its last whole item was not read"
    return {**feed, "items": [item for item, _ in items]}, BadPart(text[end:].encode(), reason)


def _decoded(text: str, position: int) -> Iterator[tuple[Any, int]]:
    """Values one after another with their ends, until one is not whole."""
    decoder = json.JSONDecoder()
    while True:
        space = SPACE.match(text, position)
        assert space is not None
        try:
            value, position = decoder.raw_decode(text, space.end())
        except (ValueError, RecursionError):
            return
        yield value, position


def _item(item: dict[str, Any], url: str) -> Item:
    published, source = _published(item)
    link = _text(item.get("url")) or _text(item.get("external_url"))
    content = Passage(html) if (html := _text(item.get("content_html"))) else _plain(item.get("content_text"))
    return Item(
        title=_plain(item.get("title")),
        link=web_address(link, url),
        guid=_text(item.get("id")),
        content=content,
        summary=_plain(item.get("summary")),
        language=language_code(item.get("language")),
        published=published,
        published_source=source,
    )


def _published(item: dict[str, Any]) -> tuple[datetime | None, str | None]:
    for name in ("date_published", "date_modified"):
        value = item.get(name)
        if isinstance(value, str):
            try:
                time = datetime.fromisoformat(value.strip())
                return (time.replace(tzinfo=UTC) if time.tzinfo is None else time).astimezone(UTC), name
            except (ValueError, OverflowError):
                continue
    return None, None


def _text(value: object) -> str | None:
    """A string, or a number as one (the specification has ids coerced); else None."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return UNUSABLE.sub("", str(value)).strip() or None


def _plain(value: object) -> Passage | None:
    text = _text(value)
    return Passage(text, html=False) if text else None
