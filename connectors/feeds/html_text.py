"""Plain text of HTML: paragraphs parted by blank lines, no markup, no scripts, entities resolved."""

import html
import re

from connectors.feeds.document import Passage
from connectors.feeds.encoding import UNUSABLE

BLOCK = re.compile(
    "address|article|aside|blockquote|body|center|dd|details|dialog|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|h[1-6]|header|hr|html|li|main|menu|nav|ol|p|pre|section|summary|table|tbody|tfoot|thead|tr|ul"
)
CELL = re.compile("td|th")
DROPPED = re.compile(
    "applet|audio|button|canvas|embed|head|iframe|input|map|math|noscript|object|script|select|style|svg|template"
    "|textarea|title|video"
)
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9:-]*(?:\s[^<>]*)?/?>|<!--")
CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
# libxml2 compares each attribute of a tag with every other: a tag of 400 kB takes seconds, so of a long one only the
# name is kept. The pattern matches from every "<x" on and never fails late, so it is linear.
ANY_TAG = re.compile(r"""<([A-Za-z][^\s<>/"']*+)(?:[^"'<>]++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+>?""")
LONG_TAG = 8_000
PARAGRAPHS = re.compile(r"\n\s*\n")
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphen, zero-width space, word joiner, byte-order mark: they part words that a reader sees whole."""


def plain_text(passage: Passage | None) -> str:
    """The passage's text; paragraphs are parted by one blank line, all other white space is one space.

    Text that calls itself plain and has tags in it is read as HTML: feeds mislabel it more often than they mean tags.
    """
    if passage is None:
        return ""
    text = passage.text
    if TAG.search(text):
        text = _of_html(text)
    elif passage.html:
        text = html.unescape(CDATA.sub(r"\1", text))
    text = INVISIBLE.sub("", UNUSABLE.sub("", text))
    paragraphs = (" ".join(paragraph.split()) for paragraph in PARAGRAPHS.split(text.replace("\r\n", "\n")))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def plain_line(passage: Passage | None) -> str:
    """The passage's text on one line: for titles."""
    return " ".join(plain_text(passage).split())


def _of_html(markup: str) -> str:
    from lxml import etree

    markup = CDATA.sub(lambda found: html.escape(found[1]), UNUSABLE.sub("", markup))
    markup = ANY_TAG.sub(lambda found: found[0] if len(found[0]) < LONG_TAG else f"<{found[1][:20]}>", markup)
    collector = _TextCollector()
    etree.fromstring(markup, etree.HTMLParser(target=collector, recover=True, no_network=True, huge_tree=True))
    return "".join(collector.pieces)


class _TextCollector:
    """Receives what the parser meets; builds no tree, so that depth costs nothing."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._dropped = 0

    def start(self, tag: str, _: object) -> None:
        if DROPPED.fullmatch(tag):
            self._dropped += 1
        self._space(tag)

    def end(self, tag: str) -> None:
        if DROPPED.fullmatch(tag):
            self._dropped -= 1
        self._space(tag, end=True)

    def data(self, text: str) -> None:
        if not self._dropped:
            # Line breaks of the source are no paragraphs.
            self.pieces.append(" ".join(f"x{text}x".split())[1:-1])

    def close(self) -> None:
        """Nothing is left to do."""

    def _space(self, tag: str, end: bool = False) -> None:
        if BLOCK.fullmatch(tag):
            self.pieces.append("\n\n")
        elif tag == "br" and not end:
            self.pieces.append("\n")
        elif CELL.fullmatch(tag):
            self.pieces.append(" ")
