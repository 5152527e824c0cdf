"""The registry of named instruments, and the phrases by which news calls instruments that have no name of their own."""

import functools
import re
from collections.abc import Iterable

import msgspec

from pipelines.detection.english.gazetteer.actors import known_codes
from pipelines.detection.english.gazetteer.table import Alias, Row, rows
from schemas.vocabulary import InstrumentKind

_COLUMNS = ("id", "title", "names", "kind", "year", "depositary", "parent", "number", "parties")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"UNTS \d+|C?ETS \d+|ILO P?\d+")


class Instrument(msgspec.Struct, frozen=True):
    """One treaty, convention, protocol, accord or other named instrument."""

    id: str  # lower case with dashes; stable, for stored events refer to it
    title: str  # official; where none is settled, what it is, in plain words
    names: tuple[Alias, ...]  # short names, acronyms, nicknames, former names; a weak one is not safe alone
    kind: InstrumentKind
    year: int | None  # of signature or adoption; None: still negotiated, or without a date
    depositaries: tuple[str, ...]  # codes
    parent: str | None  # id of what a protocol or amendment belongs to
    number: str | None  # UNTS, ETS, CETS or ILO number, as far as known surely
    parties: tuple[str, ...]  # codes, of bilateral and small instruments alone; empty for the big multilateral ones


class InstrumentName(msgspec.Struct, frozen=True):
    """One spelling of an instrument."""

    surface: str  # without article
    id: str
    alone: bool  # False: it counts only where the article names the same instrument by a sure name too

    @property
    def acronym(self) -> bool:
        """Whether it is compared as written; other names without regard to case."""
        return is_acronym(self.surface)


class GenericInstrument(msgspec.Struct, frozen=True):
    """A phrase for any instrument of a sort: extradition treaty, status of forces agreement."""

    phrase: str  # lower case, in the singular; an acronym in capitals
    kind: InstrumentKind
    subject: str | None  # one word for its field: trade, nuclear, border
    alone: bool  # False: an acronym that may stand for other things


@functools.cache
def instruments() -> tuple[Instrument, ...]:
    """All named instruments, by id.

    Raises:
        ValueError: If a row of ``instruments.tsv`` is malformed, or its parent is not in the table.
    """
    table = rows("instruments.tsv", *_COLUMNS)
    ids = frozenset(row.cells["id"] for row in table)
    return tuple(_instrument(row, ids) for row in table)


@functools.cache
def instrument_of(id: str) -> Instrument:
    """The instrument with this id.

    Raises:
        KeyError: If there is none.
    """
    return _by_id()[id]


@functools.cache
def instrument_names() -> tuple[InstrumentName, ...]:
    """Every spelling of every named instrument, titles too, by surface, then sure before weak, then id.

    Raises:
        ValueError: If a row is malformed, or two instruments claim one surface surely.
    """
    found: dict[tuple[str, str], InstrumentName] = {}
    for instrument in instruments():
        for alias in (Alias(instrument.title), *instrument.names):
            name = InstrumentName(alias.surface, instrument.id, not alias.weak)
            found.setdefault((alias.surface, instrument.id), name)
    refuse_rival_names(found.values())
    return tuple(sorted(found.values(), key=lambda name: (name.surface, not name.alone, name.id)))


@functools.cache
def generic_instruments() -> tuple[GenericInstrument, ...]:
    """All generic phrases, by phrase.

    Raises:
        ValueError: If a row of ``generic_instruments.tsv`` is malformed.
    """
    return tuple(
        GenericInstrument(row.required("phrase"), _kind(row), row.cells["subject"] or None, row.flag("alone"))
        for row in rows("generic_instruments.tsv", "phrase", "kind", "subject", "alone")
    )


def is_acronym(surface: str) -> bool:
    """Whether a surface is written in capitals and figures alone: JCPOA, SALT II, MARPOL 73/78."""
    return surface.upper() == surface and any(letter.isalpha() for letter in surface)


def refuse_rival_names(names: Iterable[InstrumentName]) -> None:
    """Check that a surface has one sure reading.

    Raises:
        ValueError: If two instruments claim one surface surely, compared as a matcher compares it.
    """
    sure: dict[str, InstrumentName] = {}
    for name in names:
        if not name.alone:
            continue
        other = sure.setdefault(name.surface if name.acronym else name.surface.casefold(), name)
        if other.id != name.id:
            raise ValueError(
                f"instruments.tsv: {name.surface!r} is a sure name of both {other.id} and {name.id}: "
                "mark one of them weak with a trailing '?'"
            )


@functools.cache
def _by_id() -> dict[str, Instrument]:
    return {instrument.id: instrument for instrument in instruments()}


def _instrument(row: Row, ids: frozenset[str]) -> Instrument:
    if not _ID.fullmatch(row.required("id")):
        raise row.error(f"id: {row.cells['id']!r}: lower case with dashes, such as paris-agreement")
    year, parent, number = row.cells["year"], row.cells["parent"], row.cells["number"]
    if year and not re.fullmatch(r"1\d{3}|20\d{2}", year):
        raise row.error(f"year: {year!r}: four figures, or nothing")
    if parent and (parent not in ids or parent == row.cells["id"]):
        raise row.error(f"parent: {parent!r} is no other id of the table")
    if number and not _NUMBER.fullmatch(number):
        raise row.error(f"number: {number!r}: such as 'UNTS 10485', 'ETS 5', 'CETS 210' or 'ILO 87'")
    return Instrument(
        row.cells["id"],
        row.required("title"),
        row.names("names"),
        _kind(row),
        int(year) if year else None,
        _codes(row, "depositary"),
        parent or None,
        number or None,
        _codes(row, "parties"),
    )


def _codes(row: Row, column: str) -> tuple[str, ...]:
    codes = row.texts(column)
    for code in codes:
        if code not in known_codes():
            raise row.error(f"{column}: {code!r} is no code of the other tables")
    return codes


def _kind(row: Row) -> InstrumentKind:
    try:
        return InstrumentKind(row.cells["kind"])
    except ValueError:
        raise row.error(f"kind: {row.cells['kind']!r}: one of {', '.join(InstrumentKind)}") from None
