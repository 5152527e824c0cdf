"""The gazetteers as flat lists of names, ready for a matcher."""

import functools
from typing import Literal, NamedTuple

from pipelines.detection.english.gazetteer.actors import ActorKind, ActorName, Category, actor_names
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
    first: str | None = None  # kind "leader": when the term began, EDTF year, month or day
    last: str | None = None  # kind "leader": when it ended; None: still in office


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
    return tuple(found[words] for words in sorted(found))


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
