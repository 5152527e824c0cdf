"""A look through an XML document before a feed parser may see it: what it is, whether it is whole and safe."""

import re
from xml.parsers import expat

from msgspec import Struct

from connectors.feeds.answer import BadFeed
from connectors.feeds.mend import mend_xml

ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
ITEMS = frozenset({"item", "entry"})
MAX_DEPTH = 200
"""Elements within elements; feeds with whole XHTML texts have 20."""
MAX_ATTRIBUTES = 200
"""Of one element: feedparser compares each with every other."""
MAX_ELEMENTS = 500_000
"""Of which feedparser reads some 100,000 a second."""
XML_DECLARATION = re.compile(r"<\?xml\b[^>]*\?>", re.IGNORECASE)
# Expat's codes for a document that simply ends: no element found, unclosed token, unclosed CDATA section.
ENDS_EARLY = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)


class Scan(Struct, frozen=True, kw_only=True):
    """A document that may be parsed."""

    data: bytes
    """UTF-8, without document type; cut after its last whole item and closed where it breaks off."""
    rest: bytes = b""
    """What was cut off."""
    breaks_off: bool = False
    problem: str | None = None
    """Why it is not well-formed, with the line."""


def scan_xml(text: str) -> Scan:
    """The document, made safe.

    Entities are refused where they are declared, before any could be used: none of expat's expansion, nor of a later
    parser's, ever happens, and no external one is asked for. Attribute defaults are refused likewise, since one
    declaration repeats its text at every element.

    Raises:
        BadFeed: It declares entities or attributes, nests deeper than `MAX_DEPTH`, or its root is not a feed's.
    """
    data = mend_xml(without_declaration(text)).encode()
    watcher = _Watcher(data)
    try:
        watcher.parser.Parse(data, True)
    except expat.ExpatError as error:
        data = watcher.without_doctype(data)
        if watcher.root is None:
            raise BadFeed(f"is no readable XML: {_said(error)}", data) from error
        if error.code in ENDS_EARLY:
            return watcher.cut(_said(error))
        data = _recovered(data)
        _Watcher(data).parser.Parse(data, True)  # the bounds hold for what was recovered too
        return Scan(data=data, problem=_said(error))
    return Scan(data=watcher.without_doctype(data))


def without_declaration(text: str) -> str:
    """The document without leading space and XML declaration: it is UTF-8 from here on, whatever it said."""
    text = text.lstrip()
    declaration = XML_DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _recovered(data: bytes) -> bytes:
    """The document as libxml2 makes sense of it: elements closed where they must be, and nothing expanded or fetched.

    Feedparser has a reader of its own for what is not well-formed; on 2 MB of open tags it takes ten seconds.
    """
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(data, parser)
    if root is None:
        raise BadFeed("is no readable XML", data)
    recovered: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return recovered


def _said(error: expat.ExpatError) -> str:
    return f"{expat.errors.messages[error.code]} in line {error.lineno}"


class _Watcher:
    """Follows expat through a document."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.root: str | None = None
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._start_doctype
        parser.EndDoctypeDeclHandler = self._end_doctype
        parser.EntityDeclHandler = self._refuse_entity
        parser.AttlistDeclHandler = self._refuse_attributes
        self._open: list[str] = []
        self._elements = 0
        self._doctype: tuple[int, int] | None = None
        self._whole_until: int | None = None
        """Where the last whole item ends."""
        self._open_then: tuple[str, ...] = ()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self.root is None:
            self.root = name
            if _local(name) not in ROOTS:
                raise BadFeed(f"is an XML document <{name}>, not a feed", self._data)
        self._open.append(name)
        if len(self._open) > MAX_DEPTH:
            raise BadFeed(f"nests elements more than {MAX_DEPTH} deep", self._data)
        if len(attributes) > MAX_ATTRIBUTES:
            raise BadFeed(f"has an element with more than {MAX_ATTRIBUTES} attributes", self._data)
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise BadFeed(f"has more than {MAX_ELEMENTS} elements", self._data)

    def _end(self, name: str) -> None:
        self._open.pop()
        if _local(name) in ITEMS and len(self._open) <= 2:
            self._whole_until = self._end_of_tag()
            self._open_then = tuple(self._open)

    def _end_of_tag(self) -> int:
        """Where the end tag just met ends; at an empty element, expat is past it already."""
        position = self.parser.CurrentByteIndex
        return self._data.find(b">", position) + 1 if self._data.startswith(b"</", position) else position

    def _start_doctype(self, *_: object) -> None:
        # Expat is at the end of the name and identifiers by now.
        start = self._data.rfind(b"<!DOCTYPE", 0, self.parser.CurrentByteIndex)
        self._doctype = (start, self.parser.CurrentByteIndex)

    def _end_doctype(self) -> None:
        assert self._doctype is not None
        self._doctype = (self._doctype[0], self._data.find(b">", self.parser.CurrentByteIndex) + 1)

    def _refuse_entity(self, name: str, *_: object) -> None:
        raise BadFeed(
            f"declares the entity {name[:40]!r}: refused, since entities can be made to expand without bound or to read"
            " files",
            self._data,
        )

    def _refuse_attributes(self, element: str, *_: object) -> None:
        raise BadFeed(
            f"declares attributes of the element {element[:40]!r}: refused, since their defaults can be made to expand"
            " without bound",
            self._data,
        )

    def without_doctype(self, data: bytes) -> bytes:
        """The document without its document type, which no feed needs."""
        if self._doctype is None:
            return data
        start, end = self._doctype
        return data[:start] + data[end:]

    def cut(self, problem: str) -> Scan:
        """The document up to its last whole item, its open elements closed."""
        if self._whole_until is None:
            raise BadFeed(f"breaks off before its first item is whole: {problem}", self._data)
        closing = "".join(f"</{name}>" for name in reversed(self._open_then))
        whole = self._data[: self._whole_until] + closing.encode()
        return Scan(
            data=self.without_doctype(whole), rest=self._data[self._whole_until :], breaks_off=True, problem=problem
        )


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
