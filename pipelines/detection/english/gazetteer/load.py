"""The gazetteers as flat lists of names, ready for a matcher."""

import functools
from typing import Literal, NamedTuple

from pipelines.detection.english.gazetteer.actors import ActorKind, ActorName, Category, actor_names
from pipelines.detection.english.gazetteer.instruments import Instrument, instruments, is_acronym
from pipelines.detection.english.gazetteer.leaders import Leader, leaders, surfaces_of
from pipelines.detection.english.gazetteer.legislatures import legislatures

NameKind = Literal[
    "acronym",
    "body",
    "court",
    "demonym",
    "group",
    "historical",
    "leader",
    "name",
    "organ",
    "organisation",
    "seat",
    "weak_seat",
]


class Name(NamedTuple):
    """One spelling, and whom or what it may name."""

    words: str  # as written, case-sensitive, without article
    codes: tuple[str, ...]  # the usual reading first; a rival counts where the article names it surely
    kind: NameKind
    weak: bool = False  # True: even the first code counts only where the article names it by another, sure name
    not_before: tuple[str, ...] = ()  # words that forbid the reading when they stand directly before
    not_after: tuple[str, ...] = ()  # the same, directly after
    body: str | None = None  # kind "body": a value of schemas.vocabulary.Body
    person: str | None = None  # kind "leader": the full name
    first: str | None = None  # kind "leader": when the first term began, EDTF year or day; None: not recorded
    last: str | None = None  # kind "leader": when the last term ended; None: no end known


class NamedInstrument(NamedTuple):
    """One instrument of the registry, with its spellings by the way a matcher compares them."""

    id: str
    title: str
    kind: str  # a value of schemas.vocabulary.InstrumentKind
    names: tuple[str, ...]  # safe alone, without regard to case; the title first
    acronyms: tuple[str, ...]  # safe alone, as written
    weak: tuple[str, ...]  # not safe alone; they may stand for another instrument, or for none
    year: int | None
    parties: tuple[str, ...]  # codes, where the instrument is bilateral or small


@functools.cache
def load_names() -> tuple[Name, ...]:
    """Every spelling of every actor, by `words`.

    Raises:
        ValueError: If a row of a table is malformed.
    """
    found: dict[str, Name] = {}
    for name in actor_names():  # a sure reading comes before the weak ones of the same surface
        old = found.get(name.surface)
        found[name.surface] = _flat(name) if old is None else old._replace(codes=(*old.codes, name.code))
    for organ in legislatures():
        if organ.alone:
            found[organ.surface] = Name(organ.surface, (organ.code,), "body", body=organ.body.value)
    for words, terms in _terms_by_surface().items():
        old = found.get(words)
        if old is None:
            found[words] = _spoken_for(words, terms)
        elif old.kind == "leader":  # of an armed group, and of the state later
            found[words] = old._replace(codes=tuple(dict.fromkeys((*old.codes, *(term.code for term in terms)))))
    return tuple(found[words] for words in sorted(found))


@functools.cache
def load_instruments() -> tuple[NamedInstrument, ...]:
    """Every instrument of the registry, by `id`.

    Raises:
        ValueError: If a row of the table is malformed.
    """
    return tuple(_named(instrument) for instrument in instruments())


def _named(instrument: Instrument) -> NamedInstrument:
    sure = (instrument.title, *(alias.surface for alias in instrument.names if not alias.weak))
    return NamedInstrument(
        instrument.id,
        instrument.title,
        instrument.kind.value,
        tuple(surface for surface in sure if not is_acronym(surface)),
        tuple(surface for surface in sure if is_acronym(surface)),
        tuple(alias.surface for alias in instrument.names if alias.weak),
        instrument.year,
        instrument.parties,
    )


def _terms_by_surface() -> dict[str, list[Leader]]:
    found: dict[str, list[Leader]] = {}
    for leader in leaders():
        for surface in surfaces_of(leader):
            found.setdefault(surface, []).append(leader)
    return found


def _spoken_for(words: str, terms: list[Leader]) -> Name:
    """The name of a person; whom the latest term served comes first."""
    latest = sorted(terms, key=lambda term: term.first, reverse=True)
    ends = [term.last for term in latest if term.last is not None]
    return Name(
        words,
        tuple(dict.fromkeys(term.code for term in latest)),
        "leader",
        person=latest[0].name,
        first=latest[-1].first,
        last=max(ends) if len(ends) == len(latest) else None,
    )


def _flat(name: ActorName) -> Name:
    return Name(
        name.surface,
        (name.code,),
        _kind(name),
        name.weak,
        name.not_when.before,
        name.not_when.after,
    )


def _kind(name: ActorName) -> NameKind:
    if name.kind is ActorKind.SEAT:
        return "weak_seat" if name.weak else "seat"
    if name.kind is ActorKind.NAME:
        return _NAME_KINDS[name.category]
    return _OTHER_KINDS[name.kind]


_NAME_KINDS: dict[Category, NameKind] = {
    Category.ARMED_GROUP: "group",
    Category.COURT: "court",
    Category.ORGANISATION: "organisation",
    Category.STATE: "name",
    Category.TERRITORY: "name",
}
_OTHER_KINDS: dict[ActorKind, NameKind] = {
    ActorKind.ACRONYM: "acronym",
    ActorKind.DEMONYM: "demonym",
    ActorKind.HISTORICAL: "historical",
    ActorKind.LEADER: "leader",
    ActorKind.ORGAN: "organ",
}
