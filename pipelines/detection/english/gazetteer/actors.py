"""Who can be a party or an actor: states, organisations, courts, armed groups, territories, and how news names them."""

import functools
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from pipelines.detection.english.gazetteer.table import Alias, NotWhen, Row, rows


class ActorKind(StrEnum):
    """What sort of name a surface is."""

    ACRONYM = "acronym"
    DEMONYM = "demonym"  # adjective, or people of it
    HISTORICAL = "historical"  # a predecessor state, or its adjective
    LEADER = "leader"  # who speaks for an armed group; heads of state and government are in leaders.py
    NAME = "name"
    ORGAN = "organ"  # a body that acts for it: State Department, European Commission
    SEAT = "seat"  # a place that may stand for it: Tehran, the Kremlin; often only a place


class Category(StrEnum):
    """What sort of actor a code stands for."""

    ARMED_GROUP = "armed_group"
    COURT = "court"
    ORGANISATION = "organisation"
    STATE = "state"
    TERRITORY = "territory"


class ActorName(msgspec.Struct, frozen=True):
    """One surface form and whom it names.

    Surfaces are case-sensitive and without article. A surface has at most one sure reading (`weak` false); further
    readings, of the same or another code, are weak: they count only where the article names that code surely.
    """

    surface: str
    code: str  # ISO 3166-1 alpha-3, XKX, ANT, or a code of the registry
    kind: ActorKind
    category: Category
    not_when: NotWhen
    weak: bool


class State(msgspec.Struct, frozen=True):
    """A state or dependent territory that has an ISO 3166-1 code (besides: XKX, and ANT for the former Antilles)."""

    code: str
    name: str  # as news writes it
    names: tuple[Alias, ...]
    acronyms: tuple[Alias, ...]
    demonyms: tuple[Alias, ...]
    seats: tuple[Alias, ...]
    organs: tuple[Alias, ...]
    historical: tuple[Alias, ...]


class Organisation(msgspec.Struct, frozen=True):
    """An international organisation, group of states or non-governmental organisation."""

    code: str
    name: str
    names: tuple[Alias, ...]
    acronyms: tuple[Alias, ...]
    seats: tuple[Alias, ...]
    organs: tuple[Alias, ...]
    kind: str  # organisation, group of states, non-governmental


class Court(msgspec.Struct, frozen=True):
    """An international court, tribunal or arbitral institution."""

    code: str
    name: str
    names: tuple[Alias, ...]
    acronyms: tuple[Alias, ...]


class ArmedGroup(msgspec.Struct, frozen=True):
    """A party to an armed conflict that is no state."""

    code: str
    name: str
    names: tuple[Alias, ...]
    acronyms: tuple[Alias, ...]
    leaders: tuple[Alias, ...]


class Territory(msgspec.Struct, frozen=True):
    """A territory with a code of its own, or a part of a state that news lets act, under the state's code."""

    code: str
    name: str
    names: tuple[Alias, ...]
    demonyms: tuple[Alias, ...]
    seats: tuple[Alias, ...]
    kind: str  # autonomous, subnational, territory


class Mask(msgspec.Struct, frozen=True):
    """A longer name that holds an actor's name and is none: New Mexico, South China Sea, Washington Post."""

    surface: str
    what: str  # what it is: place, sea, company, sport …


_STATES = ("code", "name", "names", "acronyms", "demonyms", "seats", "organs", "historical", "not_when")
_ORGANISATIONS = ("code", "name", "names", "acronyms", "seats", "organs", "kind", "not_when")
_COURTS = ("code", "name", "names", "acronyms", "not_when")
_ARMED_GROUPS = ("code", "name", "names", "acronyms", "leaders", "kind", "not_when")
_TERRITORIES = ("code", "name", "names", "demonyms", "seats", "kind", "not_when")
_NAME_COLUMNS = {
    "names": ActorKind.NAME,
    "acronyms": ActorKind.ACRONYM,
    "demonyms": ActorKind.DEMONYM,
    "seats": ActorKind.SEAT,
    "organs": ActorKind.ORGAN,
    "historical": ActorKind.HISTORICAL,
    "leaders": ActorKind.LEADER,
}
_KINDS_OF_ORGANISATION = frozenset({"group of states", "non-governmental", "organisation"})
_KINDS_OF_TERRITORY = frozenset({"autonomous", "subnational", "territory"})


@functools.cache
def states() -> tuple[State, ...]:
    """All states and dependent territories, by code.

    Raises:
        ValueError: If a row of ``states.tsv`` is malformed.
    """
    return tuple(
        State(
            row.required("code"),
            row.required("name"),
            row.names("names"),
            row.names("acronyms"),
            row.names("demonyms"),
            row.names("seats"),
            row.names("organs"),
            row.names("historical"),
        )
        for row in rows("states.tsv", *_STATES)
    )


@functools.cache
def organisations() -> tuple[Organisation, ...]:
    """All organisations, by code.

    Raises:
        ValueError: If a row of ``organisations.tsv`` is malformed.
    """
    return tuple(
        Organisation(
            row.required("code"),
            row.required("name"),
            row.names("names"),
            row.names("acronyms"),
            row.names("seats"),
            row.names("organs"),
            _one_of(row, "kind", _KINDS_OF_ORGANISATION),
        )
        for row in rows("organisations.tsv", *_ORGANISATIONS)
    )


@functools.cache
def courts() -> tuple[Court, ...]:
    """All international courts and tribunals, by code.

    Raises:
        ValueError: If a row of ``courts.tsv`` is malformed.
    """
    return tuple(
        Court(row.required("code"), row.required("name"), row.names("names"), row.names("acronyms"))
        for row in rows("courts.tsv", *_COURTS)
    )


@functools.cache
def armed_groups() -> tuple[ArmedGroup, ...]:
    """All armed groups, by code.

    Raises:
        ValueError: If a row of ``armed_groups.tsv`` is malformed.
    """
    return tuple(
        ArmedGroup(
            row.required("code"),
            row.required("name"),
            row.names("names"),
            row.names("acronyms"),
            row.names("leaders"),
        )
        for row in rows("armed_groups.tsv", *_ARMED_GROUPS)
    )


@functools.cache
def territories() -> tuple[Territory, ...]:
    """All territories, by code, then name.

    Raises:
        ValueError: If a row of ``territories.tsv`` is malformed.
    """
    return tuple(
        Territory(
            row.required("code"),
            row.required("name"),
            row.names("names"),
            row.names("demonyms"),
            row.names("seats"),
            _one_of(row, "kind", _KINDS_OF_TERRITORY),
        )
        for row in rows("territories.tsv", *_TERRITORIES)
    )


@functools.cache
def masks() -> tuple[Mask, ...]:
    """All masks, by surface: a matcher that takes the longest name and drops these reads no actor in them.

    Raises:
        ValueError: If a row of ``masks.tsv`` is malformed.
    """
    return tuple(Mask(row.required("surface"), row.required("what")) for row in rows("masks.tsv", "surface", "what"))


@functools.cache
def known_codes() -> frozenset[str]:
    """The code of every state, organisation, court, armed group and territory."""
    tables = (states(), organisations(), courts(), armed_groups(), territories())
    return frozenset(actor.code for table in tables for actor in table)


@functools.cache
def actor_names() -> tuple[ActorName, ...]:
    """Every surface of every actor, by surface, then sure before weak, then code.

    Raises:
        ValueError: If a row is malformed, or two rows claim one surface surely.
    """
    found: dict[tuple[str, str], ActorName] = {}
    for category, table in (
        (Category.STATE, rows("states.tsv", *_STATES)),
        (Category.ORGANISATION, rows("organisations.tsv", *_ORGANISATIONS)),
        (Category.COURT, rows("courts.tsv", *_COURTS)),
        (Category.ARMED_GROUP, rows("armed_groups.tsv", *_ARMED_GROUPS)),
        (Category.TERRITORY, rows("territories.tsv", *_TERRITORIES)),
    ):
        for row in table:
            for name in _names_of(row, category):
                found.setdefault((name.surface, name.code), name)
    _refuse_rival_sure_readings(found.values())
    return tuple(sorted(found.values(), key=lambda name: (name.surface, name.weak, name.code)))


def _names_of(row: Row, category: Category) -> Iterator[ActorName]:
    written = [(Alias(row.required("name")), ActorKind.NAME)]
    for column, kind in _NAME_COLUMNS.items():
        if column in row.cells:
            written += [(name, kind) for name in row.names(column)]
    forbidden = row.not_when(frozenset(name.surface for name, _ in written))
    nothing = NotWhen()
    for name, kind in written:
        yield ActorName(
            name.surface, row.cells["code"], kind, category, forbidden.get(name.surface, nothing), name.weak
        )


def _refuse_rival_sure_readings(names: Iterable[ActorName]) -> None:
    sure: dict[str, str] = {}
    for name in names:
        if not name.weak and sure.setdefault(name.surface, name.code) != name.code:
            raise ValueError(
                f"{name.surface!r} is a sure name of both {sure[name.surface]} and {name.code}: "
                "mark one of them weak with a trailing '?'"
            )


def _one_of(row: Row, column: str, allowed: frozenset[str]) -> str:
    if row.cells[column] not in allowed:
        raise row.error(f"{column}: {row.cells[column]!r}: one of {', '.join(sorted(allowed))}")
    return row.cells[column]
