"""Documents of feed items, from bytes: RSS 0.9x to 2.0, RSS 1.0 (RDF), Atom and JSON Feed."""

import calendar
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.feeds.answer import BadFeed
from connectors.feeds.document import BadPart, Document, Item, Passage
from connectors.feeds.encoding import decode_document
from connectors.feeds.html_page import refuse_web_page
from connectors.feeds.json_feed import parse_json_feed
from connectors.feeds.values import language_code, web_address
from connectors.feeds.xml_scan import scan_xml

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse(data: bytes, *, url: str, content_type: str | None = None) -> Document:
    """The document in `data`, whatever its format.

    Args:
        data: As fetched.
        url: What relative links are resolved against.
        content_type: The HTTP header; only its charset is used, and that only in doubt.

    Raises:
        BadFeed: It is no feed, declares entities, or cannot be read at all.
    """
    text, problems = decode_document(data, content_type)
    start = text.lstrip()[:1]
    if start == "{":
        return parse_json_feed(text, data, url=url, problems=problems)
    refuse_web_page(text, url, data)
    if start != "<":
        raise BadFeed(f"is neither XML nor JSON; it begins with {text.lstrip()[:40]!r}", data)
    return _parse_xml(text, url, problems)


def _parse_xml(text: str, url: str, problems: tuple[str, ...]) -> Document:
    scan = scan_xml(text)
    if scan.problem and not scan.breaks_off:
        problems += (f"not well-formed XML: {scan.problem}",)
    parsed = _feedparser(scan.data)
    if not parsed["version"] and not parsed["entries"]:
        raise BadFeed("is XML without the items of a feed", scan.data)
    feed = parsed["feed"]
    rest = f"the document breaks off ({scan.problem}): what follows its last whole item was not read"
    return Document(
        kind=_kind(parsed["version"]),
        title=_passage(dict.get(feed, "title_detail")),
        language=language_code(dict.get(feed, "language")),
        items=tuple(_item(entry, parsed["version"], url) for entry in parsed["entries"]),
        rest=BadPart(scan.rest, rest) if scan.breaks_off else None,
        problems=problems,
    )


def _feedparser(data: bytes) -> Mapping[str, Any]:
    import feedparser

    # No content-location: feedparser would resolve guids against it, and a feed that moves would change them all.
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        # What it would sanitise and resolve within texts is stripped afterwards anyway.
        parsed = feedparser.parse(data, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # it raises whatever its handlers stumble over
        raise BadFeed(f"cannot be read: feedparser raises {type(error).__name__}: {error}", data) from error
    assert isinstance(parsed, Mapping)
    return parsed


def _kind(version: str) -> str:
    import feedparser

    return str(feedparser.api.SUPPORTED_VERSIONS.get(version, version) or "unknown")


def _item(entry: dict[str, Any], version: str, url: str) -> Item:
    published, source = _published(entry, version)
    return Item(
        title=_passage(dict.get(entry, "title_detail")),
        link=_link(entry, url),
        guid=dict.get(entry, "id") or None,
        content=_content(entry, version),
        summary=_passage(dict.get(entry, "summary_detail")),
        language=language_code(dict.get(entry, "language") or (dict.get(entry, "title_detail") or {}).get("language")),
        published=published,
        published_source=source,
    )


def _published(entry: dict[str, Any], version: str) -> tuple[datetime | None, str | None]:
    """When it was published and which element says so; an update's time where it says nothing else."""
    names = ("published", "created", "updated") if version.startswith("atom") else ("pubDate", "created", "dc:date")
    for key, name in zip(("published_parsed", "created_parsed", "updated_parsed"), names, strict=True):
        parsed = dict.get(entry, key)
        if isinstance(parsed, time.struct_time):
            try:
                return EPOCH + timedelta(seconds=calendar.timegm(parsed)), name
            except (ValueError, OverflowError):
                continue
    return None, None


def _passage(detail: dict[str, Any] | None) -> Passage | None:
    if not detail or not detail.get("value"):
        return None
    return Passage(str(detail["value"]), html=detail.get("type") != "text/plain")


def _link(entry: dict[str, Any], url: str) -> str | None:
    link = dict.get(entry, "feedburner_origlink") or dict.get(entry, "link")
    if dict.get(entry, "guidislink") and link == dict.get(entry, "id"):
        return web_address(link)  # a guid is a link only as it stands
    return web_address(link, url)


def _content(entry: dict[str, Any], version: str) -> Passage | None:
    """The longest content. In RSS the whole text is HTML; a plain second description is a picture's caption."""
    kinds = ("text/", "application/xhtml") if version.startswith("atom") else ("text/html", "application/xhtml")
    texts = [detail for detail in dict.get(entry, "content") or () if str(detail.get("type")).startswith(kinds)]
    return _passage(max(texts, key=lambda detail: len(detail.get("value") or ""), default=None))
