"""The tree of a query: what every evaluator answers in the same way."""

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
    """A coded field holds exactly this value."""

    field: str
    value: str


class Words(Struct, frozen=True, tag=True):
    """These analysed tokens stand next to each other, in this order, in one text of the field."""

    field: str
    """A text field, or ``text`` for headline, instrument, claim and evidence."""
    tokens: tuple[str, ...]
    prefix: bool = False
    """Whether the last token may go on (``uran*``)."""


class Range(Struct, frozen=True, tag=True):
    """The field's value, or for an interval some part of it, lies between; None is open, both ends count."""

    field: str
    low: float | str | None
    high: float | str | None


class Everything(Struct, frozen=True, tag=True):
    """Matches all."""


Query = And | Or | Not | Keyword | Words | Range | Everything
