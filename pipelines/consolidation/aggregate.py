"""The unit that is stored: the cells of a dossier, a type and a period."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from pipelines.consolidation.cell import cell_of, merge_cells, rank
from pipelines.consolidation.dates import period
from pipelines.consolidation.dossier import dossier_of
from schemas.identifiers import content_id
from schemas.mention import Mention
from schemas.state import Aggregate, Cell, Report, Source, Statement, Voice
from schemas.vocabulary import EventType

MONTHLY = frozenset({EventType.ALLEGATION, EventType.DENIAL, EventType.DISPUTE, EventType.NEGOTIATION})
"""Types of which one dossier has so many that a year of them would be too much in one document."""

REVISED = 1024
"""Articles of which an aggregate remembers the latest revision: those with the least `stable_hash`."""


class AggregateKey(Struct, frozen=True):
    """What identifies an aggregate."""

    id: str
    dossier: str
    type: EventType
    period: str


def aggregate_of(mention: Mention, seen: datetime) -> AggregateKey:
    """Where a mention in an article of that time belongs; by its own date where it has one."""
    return aggregate_in(dossier_of(mention, seen).id, mention, seen)


def aggregate_in(dossier: str, mention: Mention, seen: datetime) -> AggregateKey:
    """The same, given its dossier."""
    when = period(mention.date or seen.date().isoformat(), monthly=mention.type in MONTHLY)
    return AggregateKey(aggregate_id(dossier, mention.type, when), dossier, mention.type, when)


def aggregate_id(dossier: str, type_: EventType, period_: str) -> str:
    """The id of the aggregate of this dossier, type and period."""
    return content_id("agg", dossier, type_, period_)


def statements(source: Source, reports: Sequence[Report]) -> dict[str, Statement]:
    """What an article says to each aggregate, by aggregate id. Empty where there are no reports."""
    by_aggregate: dict[str, list[Report]] = {}
    for report in reports:
        by_aggregate.setdefault(aggregate_of(report.mention, source.seen).id, []).append(report)
    return {id_: Statement(source, tuple(said)) for id_, said in by_aggregate.items()}


def contribution(key: AggregateKey, source: Source, reports: Iterable[Report]) -> Aggregate:
    """An aggregate that holds these reports of one article and nothing else."""
    cells: dict[str, Cell] = {}
    for report in reports:
        cell = cell_of(key.id, source, report)
        cells[cell.id] = merge_cells(cells[cell.id], cell) if cell.id in cells else cell
    revised = {source.article: source.revision} if source.revision > 1 else {}
    return msgspec.structs.replace(empty(key), cells=cells, revised=revised)


def empty(key: AggregateKey) -> Aggregate:
    """An aggregate to which nobody has said anything."""
    return Aggregate(id=key.id, dossier=key.dossier, type=key.type, period=key.period)


def merge_aggregates(one: Aggregate, other: Aggregate) -> Aggregate:
    """Cells and revisions of both, the rest as in `one`; `one` itself where nothing is added.

    On cells and revisions it is commutative, associative and idempotent.
    """
    cells = one.cells
    changed: dict[str, Cell] = {}
    for id_, cell in other.cells.items():
        known = cells.get(id_)
        merged = cell if known is None else merge_cells(known, cell)
        if merged is not known:
            changed[id_] = merged
    revised = _merge_revised(one.revised, other.revised)
    if not changed and revised is one.revised:
        return one
    return msgspec.structs.replace(one, cells={**cells, **changed} if changed else cells, revised=revised)


def revise(aggregate: Aggregate, latest: Mapping[str, int]) -> Aggregate:
    """The aggregate, told the latest revisions of articles: what earlier ones said no longer counts."""
    revised = _merge_revised(aggregate.revised, {article: number for article, number in latest.items() if number > 1})
    return aggregate if revised is aggregate.revised else msgspec.structs.replace(aggregate, revised=revised)


def live(aggregate: Aggregate, cell: Cell) -> list[Voice]:
    """The voices of a cell that still count, in no order."""
    revised = aggregate.revised
    if not revised:
        return list(cell.voices.values())
    return [voice for article, voice in cell.voices.items() if voice.source.revision >= revised.get(article, 1)]


def _merge_revised(one: dict[str, int], other: Mapping[str, int]) -> dict[str, int]:
    newer = {article: number for article, number in other.items() if number > one.get(article, 1)}
    if not newer:
        return one
    revised = {**one, **newer}
    if len(revised) > REVISED:
        revised = {article: revised[article] for article in sorted(revised, key=rank)[:REVISED]}
    return one if revised == one else revised
