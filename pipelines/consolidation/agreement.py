"""Whether two cells can be reports of one happening."""

from msgspec import Struct

from pipelines.consolidation.dates import TIME_ZONES, Days, day, days, same_time
from pipelines.consolidation.names import claim_words
from schemas.mention import Edtf
from schemas.state import Cell, Voice
from schemas.vocabulary import Body, Modality

UNDATED_REACH = 30
"""Days back from an article within which lies what it tells without a date: the same as makes news of a happening."""

SHARED_CLAIM = 1 / 3
"""Of the shorter claim's content words, the share that two claims of one allegation have in common."""

AHEAD = frozenset({Modality.CONDITIONAL, Modality.PROPOSED, Modality.SCHEDULED})


class Traits(Struct, frozen=True):
    """What of a cell decides with which others it agrees."""

    id: str
    modality: Modality
    actors: frozenset[str]
    sides: dict[str, frozenset[str]]
    body: Body | None
    date: Edtf | None
    seen: int
    """The day it was first seen."""
    claim: frozenset[str]


def traits(cell: Cell) -> Traits:
    """The traits of a cell."""
    sides: dict[str, set[str]] = {}
    for side in cell.sides:
        role, _, code = side.partition(":")
        sides.setdefault(role, set()).add(code)
    return Traits(
        id=cell.id,
        modality=cell.modality,
        actors=frozenset(cell.actors),
        sides={role: frozenset(codes) for role, codes in sides.items()},
        body=cell.body,
        date=cell.date,
        seen=day(cell.first_seen),
        claim=claim(cell) if cell.sides else frozenset(),
    )


def nested(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one set holds all of the other; an empty one (nobody named) is held by all."""
    return one <= other or other <= one


def same_body(one: Body | None, other: Body | None) -> bool:
    """Whether they are equal, or one is not told."""
    return one is None or other is None or one == other


def dates_agree(one: Traits, other: Traits) -> bool:
    """Whether the dates can be those of one happening; a missing one stands for the days around its first report."""
    if one.date is not None and other.date is not None:
        return same_time(one.date, other.date)
    if one.date is not None:
        return _fits(days(one.date), other)
    return other.date is None or _fits(days(other.date), one)


def sides_agree(one: Traits, other: Traits) -> bool:
    """Whether, of an allegation, denial or dispute, each role is played by the same and the claims share words."""
    for role, codes in one.sides.items():
        if not nested(codes, other.sides.get(role, frozenset())):
            return False
    shorter = min(len(one.claim), len(other.claim))
    return len(one.claim & other.claim) >= shorter * SHARED_CLAIM


def _fits(dated: Days, undated: Traits) -> bool:
    if dated.last < undated.seen - UNDATED_REACH:
        return False
    return undated.modality in AHEAD or dated.first <= undated.seen + TIME_ZONES


def claim(cell: Cell) -> frozenset[str]:
    """The content words of what the earliest report of a cell alleges."""
    first = min(cell.voices.values(), key=_age, default=None)
    return claim_words(first.report.mention.claim) if first is not None else frozenset()


def _age(voice: Voice) -> tuple[float, str]:
    return voice.source.seen.timestamp(), voice.source.article
