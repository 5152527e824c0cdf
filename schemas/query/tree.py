"""The tree of a query: what every evaluator answers in the same way."""

from collections.abc import Iterable, Iterator

from msgspec import Struct


class And(Struct, frozen=True, tag=True):
    """All of them; none is everything."""

    parts: tuple["Query", ...]


class Or(Struct, frozen=True, tag=True):
    """Any of them; none is nothing."""

    parts: tuple["Query", ...]


class Not(Struct, frozen=True, tag=True):
    """Everything else."""

    part: "Query"


class Keyword(Struct, frozen=True, tag=True):
    """A coded field holds exactly this value, as `schemas.query.fields` spells it."""

    field: str
    value: str


class Words(Struct, frozen=True, tag=True):
    """These analysed tokens, at least one, stand next to each other, in this order, in one text of the field."""

    field: str
    """A text field, or ``text`` for headline, instrument, claim and evidence."""
    tokens: tuple[str, ...]
    prefix: bool = False
    """Whether the last token may go on (``uran*``)."""


class Range(Struct, frozen=True, tag=True):
    """The field's value, or for an interval some part of it, lies between; None is open, both ends count.

    Numbers for number fields; for dates the first and the last day (``2025-05-21``), for instants UTC with microseconds
    (``2025-05-21T00:00:00.000000Z``). Open at both ends, it says that there is a value.
    """

    field: str
    low: float | str | None
    high: float | str | None


class Exists(Struct, frozen=True, tag=True):
    """The coded field or the text field holds something."""

    field: str


class Everything(Struct, frozen=True, tag=True):
    """Matches all."""


Query = And | Or | Not | Keyword | Words | Range | Exists | Everything


def conjunction(parts: Iterable[Query]) -> Query:
    """All of them, in normal form: flat, no part twice, no `Everything` among others."""
    flat: dict[Query, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, And) else (part,)))
    flat.pop(Everything(), None)
    kept = tuple(flat)
    if not kept:
        return Everything()
    return kept[0] if len(kept) == 1 else And(kept)


def disjunction(parts: Iterable[Query]) -> Query:
    """Any of them, in normal form; of none, ``Not(Everything())``."""
    flat: dict[Query, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, Or) else (part,)))
    kept = tuple(flat)
    if Everything() in flat:
        return Everything()
    if not kept:
        return Not(Everything())
    return kept[0] if len(kept) == 1 else Or(kept)


def negation(part: Query) -> Query:
    """Everything else, in normal form: twice is the part itself."""
    return part.part if isinstance(part, Not) else Not(part)


def normal(query: Query) -> Query:
    """The query as `parse` would give it, with the same answers."""
    match query:
        case And(parts):
            return conjunction(map(normal, parts))
        case Or(parts):
            return disjunction(map(normal, parts))
        case Not(part):
            return negation(normal(part))
        case _:
            return query


def leaves(query: Query) -> Iterator[Keyword | Words | Range | Exists | Everything]:
    """Every condition in the query, from left to right, whether it is negated or not."""
    match query:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case leaf:
            yield leaf


def fields_used(query: Query) -> frozenset[str]:
    """The names of the fields that the query asks."""
    return frozenset(leaf.field for leaf in leaves(query) if not isinstance(leaf, Everything))
