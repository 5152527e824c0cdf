"""The organs that give or refuse consent: chambers by their own names, and the generic words for them."""

import functools

import msgspec

from pipelines.detection.english.gazetteer.table import Row, rows
from schemas.vocabulary import Body


class Legislature(msgspec.Struct, frozen=True):
    """A chamber, parliament, court, cabinet or committee of one state or organisation.

    The same surface may stand for several codes, each with its own `body`: the National Assembly is the lower house
    in France and the whole legislature in South Korea.
    """

    code: str
    surface: str  # case-sensitive, without article
    body: Body
    alone: bool  # True: the surface names this code by itself; False: only with the code's name beside it


class BodyWord(msgspec.Struct, frozen=True):
    """A generic word for an organ, whose state stands beside it or follows from the article."""

    surface: str  # lower case; compared without regard to case
    body: Body


@functools.cache
def legislatures() -> tuple[Legislature, ...]:
    """All organs that have a name of their own or a settled meaning in their state, by code, then surface.

    Raises:
        ValueError: If a row of ``legislatures.tsv`` is malformed.
    """
    return tuple(
        Legislature(row.required("code"), row.required("surface"), _body(row), row.flag("alone"))
        for row in rows("legislatures.tsv", "code", "surface", "body", "alone")
    )


@functools.cache
def body_words() -> tuple[BodyWord, ...]:
    """All generic words, by surface.

    Raises:
        ValueError: If a row of ``bodies.tsv`` is malformed.
    """
    return tuple(BodyWord(row.required("surface"), _body(row)) for row in rows("bodies.tsv", "surface", "body"))


@functools.cache
def body_of(code: str, surface: str) -> Body | None:
    """What a surface means beside a state's name: its settled meaning there, else the generic word's; None if neither.

    Args:
        code: Of the state or organisation.
        surface: As written: ``National Assembly``, ``senate``.
    """
    return _settled().get((code, surface.casefold())) or _generic().get(surface.casefold())


@functools.cache
def _settled() -> dict[tuple[str, str], Body]:
    return {(found.code, found.surface.casefold()): found.body for found in legislatures()}


@functools.cache
def _generic() -> dict[str, Body]:
    return {found.surface: found.body for found in body_words()}


def _body(row: Row) -> Body:
    try:
        return Body(row.cells["body"])
    except ValueError:
        raise row.error(f"body: {row.cells['body']!r}: one of {', '.join(Body)}") from None
