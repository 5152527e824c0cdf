"""Who spoke for a state or organisation, and when: heads of state and government, foreign ministers and their like.

A person has a row for each office and term. An open end says that no end of the term was known when the table was
compiled (README.md says when), not that nobody has followed since.
"""

import functools
import re
from enum import StrEnum

import msgspec

from pipelines.detection.english.gazetteer.actors import known_codes
from pipelines.detection.english.gazetteer.table import Row, rows

_COLUMNS = ("name", "surname", "code", "office", "from", "to", "alone")
_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?")


class Office(StrEnum):
    """What a leader was."""

    COMMISSION_PRESIDENT = "commission president"  # of the European Commission
    COUNCIL_PRESIDENT = "council president"  # of the European Council
    FOREIGN_MINISTER = "foreign minister"
    HEAD_OF_GOVERNMENT = "head of government"  # Iran's president too: its head of state is the supreme leader
    HEAD_OF_STATE = "head of state"  # a president who is also head of government is listed here alone
    HIGH_REPRESENTATIVE = "high representative"  # of the European Union for foreign affairs
    PARTY_LEADER = "party leader"  # where the ruling party's leader led the state
    SECRETARY_GENERAL = "secretary-general"
    SUPREME_LEADER = "supreme leader"  # Iran, North Korea


class Leader(msgspec.Struct, frozen=True):
    """One term of one person in one office."""

    name: str  # as news writes it
    names: tuple[str, ...]  # every spelling of the full name, `name` first
    surnames: tuple[str, ...]  # what news calls the person after the first mention; none for a pope or monarch
    code: str  # of the state or organisation; a predecessor state has its successor's: USSR is RUS
    office: Office
    first: str  # when the term began: EDTF year or day
    last: str | None  # when it ended; None: no end known
    alone: bool  # whether a surname by itself names this person safely


@functools.cache
def leaders() -> tuple[Leader, ...]:
    """All terms, by name, code, office and beginning.

    Raises:
        ValueError: If a row of ``leaders.tsv`` is malformed.
    """
    return tuple(_leader(row) for row in rows("leaders.tsv", *_COLUMNS))


@functools.cache
def leaders_named(surface: str) -> tuple[Leader, ...]:
    """The terms of whoever a full name, or a surname that is safe alone, may mean; the latest beginning first.

    Args:
        surface: As written, case-sensitive.
    """
    return _by_surface().get(surface, ())


def in_office(surface: str, day: str) -> tuple[Leader, ...]:
    """Those of `leaders_named` whose term holds a date; a bound known to the year alone holds its whole year.

    Args:
        surface: As written, case-sensitive.
        day: EDTF year, month or day.
    """
    return tuple(leader for leader in leaders_named(surface) if _holds(leader, day))


def surfaces_of(leader: Leader) -> tuple[str, ...]:
    """Every spelling that names a leader by itself, the full names first."""
    return (*leader.names, *(leader.surnames if leader.alone else ()))


@functools.cache
def _by_surface() -> dict[str, tuple[Leader, ...]]:
    found: dict[str, dict[Leader, None]] = {}
    for leader in leaders():
        for surface in surfaces_of(leader):
            found.setdefault(surface, {})[leader] = None
    return {
        surface: tuple(sorted(terms, key=lambda leader: leader.first, reverse=True)) for surface, terms in found.items()
    }


def _holds(leader: Leader, day: str) -> bool:
    begun = min(len(leader.first), len(day))
    if leader.first[:begun] > day[:begun]:
        return False
    if leader.last is None:
        return True
    ended = min(len(leader.last), len(day))
    return leader.last[:ended] >= day[:ended]


def _leader(row: Row) -> Leader:
    if row.required("code") not in known_codes():
        raise row.error(f"code: {row.cells['code']!r} is no code of the other tables")
    names = row.texts("name")
    if not names:
        raise row.error("name is empty")
    surnames = row.texts("surname")
    alone = row.flag("alone")
    if alone and not surnames:
        raise row.error("alone: yes, but there is no surname")
    first, last = _date(row, "from"), _date(row, "to") if row.cells["to"] else None
    if last is not None and last[: len(first)] < first[: len(last)]:
        raise row.error(f"to: {last} is before {first}")
    return Leader(names[0], names, surnames, row.cells["code"], _office(row), first, last, alone)


def _office(row: Row) -> Office:
    try:
        return Office(row.cells["office"])
    except ValueError:
        raise row.error(f"office: {row.cells['office']!r}: one of {', '.join(Office)}") from None


def _date(row: Row, column: str) -> str:
    if not _DATE.fullmatch(row.cells[column]):
        raise row.error(f"{column}: {row.cells[column]!r}: a year or a day, such as 1998 or 1998-05-21")
    return row.cells[column]
