"""A feed document as parsed, before it becomes articles."""

from datetime import datetime

from msgspec import Struct


class Passage(Struct, frozen=True):
    """A piece of text as the feed gives it."""

    text: str
    html: bool = True
    """Whether it is markup; plain text otherwise."""


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One item or entry, unchanged but for its encoding. What it does not have is None."""

    title: Passage | None = None
    link: str | None = None
    """Absolute, http or https."""
    guid: str | None = None
    content: Passage | None = None
    """The whole text, where the feed gives it."""
    summary: Passage | None = None
    language: str | None = None
    published: datetime | None = None
    """UTC."""
    published_source: str | None = None


class BadPart(Struct, frozen=True):
    """A part of a document that could not be read, with its bytes."""

    data: bytes
    reason: str


class Document(Struct, frozen=True, kw_only=True):
    """A whole feed document."""

    kind: str
    """Name and version of the format: ``RSS 2.0``, ``Atom 1.0``, ``RSS 1.0``, ``JSON Feed 1.1`` …"""
    title: Passage | None = None
    language: str | None = None
    items: tuple[Item, ...] = ()
    """In the document's order."""
    bad_items: tuple[BadPart, ...] = ()
    rest: BadPart | None = None
    """What comes after the last whole item of a document that breaks off."""
    problems: tuple[str, ...] = ()
    """What is wrong and could be mended."""
