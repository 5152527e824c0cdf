"""What to say of a web page that came instead of a feed."""

import re
from urllib.parse import urljoin

from connectors.feeds.answer import BadFeed

PAGE = re.compile(
    r"\s*+(?:<\?xml[^>]*+>|<!--.*?-->|\s)*+<(?:!doctype\s+html|html|head|body|script|div|table)\b",
    re.IGNORECASE | re.DOTALL,
)
LINK = re.compile(r"<link\b[^<>]{0,2000}>", re.IGNORECASE)
FEED_TYPES = re.compile(r"""type\s*=\s*["']?application/(?:rss\+xml|atom\+xml|rdf\+xml|feed\+json)""", re.IGNORECASE)
ALTERNATE = re.compile(r"""rel\s*=\s*["']?[^"'>]*\balternate\b""", re.IGNORECASE)
HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
HEAD = 256 * 1024
"""Characters in which a page's links are looked for."""


def refuse_web_page(text: str, url: str, data: bytes) -> None:
    """Returns where `text` is no HTML.

    Raises:
        BadFeed: It is, with the address of the feed that the page names, if it does.
    """
    if not PAGE.match(text[:HEAD]):
        return
    feeds = alternate_feeds(text, url)
    hint = f"; the page names its feed: {feeds[0]}" if feeds else ""
    raise BadFeed(f"is a web page (HTML), not a feed{hint}", data)


def alternate_feeds(text: str, url: str) -> list[str]:
    """The addresses in ``<link rel="alternate">`` that are feeds, in the page's order."""
    found = []
    for link in LINK.findall(text[:HEAD]):
        if FEED_TYPES.search(link) and ALTERNATE.search(link) and (href := HREF.search(link)):
            try:
                found.append(urljoin(url, next(group for group in href.groups() if group is not None)))
            except ValueError:
                continue
    return found
