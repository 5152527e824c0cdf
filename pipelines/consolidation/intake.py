"""What a batch of statements adds to articles and aggregates, before events are derived."""

from collections.abc import Iterable, Mapping

from pipelines.consolidation.aggregate import (
    AggregateKey,
    aggregate_in,
    contribution,
    empty,
    merge_aggregates,
    revise,
)
from pipelines.consolidation.article import article_state_id, spoken
from pipelines.consolidation.desk import Desk
from pipelines.consolidation.dossier import DossierKey, dossier_of
from schemas.state import Aggregate, ArticleState, Cell, Report, Statement


class Intake:
    """A batch of statements, sorted by where they belong."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.keys: dict[str, AggregateKey] = {}
        """By aggregate id."""
        self.dossiers: dict[str, list[DossierKey]] = {}
        """By dossier id, one for each report."""
        self.added: dict[str, Aggregate] = {}
        """By aggregate id: what these statements alone make of it."""
        self.articles: dict[str, tuple[int, set[str]]] = {}
        """By article id: its greatest revision, and the aggregates to which it speaks."""
        for statement in statements:
            self._take(statement)

    def _take(self, statement: Statement) -> None:
        source = statement.source
        revision, aggregates = self.articles.setdefault(source.article, (0, set()))
        self.articles[source.article] = max(revision, source.revision), aggregates
        by_aggregate: dict[str, list[Report]] = {}
        for report in statement.reports:
            dossier = dossier_of(report.mention, source.seen)
            key = aggregate_in(dossier.id, report.mention, source.seen)
            self.keys[key.id] = key
            self.dossiers.setdefault(dossier.id, []).append(dossier)
            by_aggregate.setdefault(key.id, []).append(report)
        for id_, reports in by_aggregate.items():
            aggregates.add(id_)
            added = contribution(self.keys[id_], source, reports)
            self.added[id_] = merge_aggregates(self.added[id_], added) if id_ in self.added else added

    def state_ids(self) -> set[str]:
        """The ids of all states that these statements name by themselves."""
        kin = {key.kin for keys in self.dossiers.values() for key in keys if key.kin}
        return {article_state_id(article) for article in self.articles} | self.added.keys() | self.dossiers.keys() | kin


def merge(intake: Intake, desk: Desk) -> dict[str, set[str]]:
    """Merges a batch into articles and aggregates, as far as it adds anything.

    Returns:
        The ids of cells spoken to, also where that was known, by aggregate id.
    """
    latest = _hear(intake, desk)
    desk.fetch(latest)
    touched: dict[str, set[str]] = {}
    for id_ in sorted(intake.added.keys() | latest.keys()):
        before = desk.get(id_, Aggregate)
        added = intake.added.get(id_)
        if before is None and added is None:
            continue  # not saved yet by whoever noted it with the article: who saves it will know the revision, too
        after = before if before is not None else empty(intake.keys[id_])
        cells = set(added.cells) if added is not None else set()
        if added is not None:
            after = merge_aggregates(after, added)
        after = revise(after, latest.get(id_, {}))
        if id_ in latest:
            cells |= {cell.id for cell in after.cells.values() if _is_taken_back(cell, latest[id_], after.revised)}
        if after is not before:
            desk.put(after)
        if cells:
            touched[id_] = cells
    return touched


def _is_taken_back(cell: Cell, articles: Iterable[str], revised: Mapping[str, int]) -> bool:
    """Whether one of these articles said what the cell says in an earlier revision, and not in its latest.

    Asked also where that was known: a write may have broken off between the aggregate and the views.
    """
    voices = ((article, cell.voices.get(article)) for article in articles)
    return any(voice is not None and voice.source.revision < revised.get(article, 1) for article, voice in voices)


def _hear(intake: Intake, desk: Desk) -> dict[str, dict[str, int]]:
    """Notes where articles have spoken; the latest revisions of those that have several, by aggregate id."""
    latest: dict[str, dict[str, int]] = {}
    for article, (revision, aggregates) in intake.articles.items():
        before = desk.get(article_state_id(article), ArticleState)
        after = spoken(before, article, revision, aggregates)
        if after is not before:
            desk.put(after)
        if after.revision > 1:
            for id_ in after.aggregates:
                latest.setdefault(id_, {})[article] = after.revision
    return latest
