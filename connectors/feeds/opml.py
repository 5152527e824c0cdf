"""Lists of feeds in OPML 2.0 (http://opml.org/spec2.opml), the form in which feed readers exchange them."""

from collections.abc import Iterable
from urllib.parse import urlsplit
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from connectors.feeds.answer import BadFeed
from connectors.feeds.encoding import UNUSABLE, decode_document
from connectors.feeds.mend import mend_xml
from connectors.feeds.xml_scan import MAX_DEPTH, without_declaration
from schemas.errors import Misconfigured
from schemas.feed import Feed


def read_opml(data: bytes, *, source: str = "OPML") -> tuple[Feed, ...]:
    """The feeds of a list, in its order, each address once; folders are forgotten.

    An outline is a feed where it has an ``xmlUrl``; its name is ``text``, else ``title``.

    Args:
        data: The file's bytes.
        source: What an error calls it.

    Raises:
        Misconfigured: It is no OPML, declares entities, is not well-formed (with the line), or names an address that is
            not http or https: a list comes from elsewhere, and may not have local files read.
    """
    reader = _Reader(source)
    try:
        text = decode_document(data)[0]
    except BadFeed as error:
        raise Misconfigured(f"{source}: {error}") from error
    try:
        reader.parser.Parse(mend_xml(without_declaration(text)).encode(), True)
    except expat.ExpatError as error:
        raise Misconfigured(f"{source}: not well-formed XML: {error}") from error
    return tuple(reader.feeds.values())


def write_opml(feeds: Iterable[Feed], *, title: str = "Treatywire feeds") -> bytes:
    """A list of these feeds, in UTF-8, in their order; `read_opml` gives their addresses and names again.

    Local files are left out: a list is for elsewhere, where they are not.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{_escaped(title)}</title>",
        "  </head>",
        "  <body>",
    ]
    for feed in feeds:
        if feed.url.startswith("file:"):
            continue
        name = _attribute(feed.name or feed.url)
        lines.append(f'    <outline type="rss" text={name} title={name} xmlUrl={_attribute(feed.url)}/>')
    lines += ["  </body>", "</opml>", ""]
    return "\n".join(lines).encode()


class _Reader:
    def __init__(self, source: str) -> None:
        self.feeds: dict[str, Feed] = {}
        self._source, self._depth = source, 0
        self.parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._refuse
        parser.AttlistDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._depth and name.lower() != "opml":
            raise Misconfigured(f"{self._source}: an XML document <{name}>, not OPML")
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Misconfigured(f"{self._source}: outlines nested more than {MAX_DEPTH} deep")
        values = {key.lower(): value.strip() for key, value in attributes.items()}
        if name.lower() == "outline" and (url := values.get("xmlurl")):
            self._check(url)
            self.feeds.setdefault(url, Feed(url=url, name=values.get("text") or values.get("title") or ""))

    def _check(self, url: str) -> None:
        try:
            usable = urlsplit(url).scheme.lower() in {"http", "https"} and bool(urlsplit(url).hostname)
        except ValueError:
            usable = False
        if not usable:
            line = self.parser.CurrentLineNumber
            raise Misconfigured(f"{self._source}, line {line}: xmlUrl = {url!r}: an http or https address")

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _refuse(self, *_: object) -> None:
        raise Misconfigured(f"{self._source}: declares entities or attributes in its document type: refused")


def _attribute(text: str) -> str:
    # Line breaks in attributes become spaces when read, so they are written as references.
    return quoteattr(UNUSABLE.sub("", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _escaped(text: str) -> str:
    return _attribute(text)[1:-1]
