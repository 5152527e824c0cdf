"""Articles → what they say to each dossier, with the article beside it."""

from collections.abc import Iterator
from typing import NamedTuple

import apache_beam as beam
from msgspec import Struct

from pipelines.consolidation.dossier import dossier_of
from pipelines.transforms.detect_statements import Detectors, DetectStatementsFn, set_aside
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.state import Statement


class Heard(Struct, frozen=True):
    """A statement with its article, which is a dead letter should the statement turn out to be one."""

    article: Article
    statement: Statement


class HearResult(NamedTuple):
    """Both outputs of `DetectForDossiers`; each must be consumed."""

    heard: beam.PCollection[tuple[str, Heard]]
    failed: beam.PCollection[Rejected]


class DetectForDossierFn(DetectStatementsFn):
    """Detects as `DetectStatementsFn` does."""

    def process(self, article: Article) -> Iterator[tuple[str, Heard]]:  # type: ignore[override]  # other elements
        """(dossier id, statement with its article); by the article's id where it says nothing any more."""
        for _, statement in super().process(article):
            reports, source = statement.reports, statement.source
            key = dossier_of(reports[0].mention, source.seen).id if reports else article.id
            yield key, Heard(article, statement)


class DetectForDossiers(beam.PTransform[beam.PCollection[Article], HearResult]):
    """Statements keyed by dossier: so one worker writes what belongs together.

    Bounded or unbounded; keeps timestamps and windows; stateless. Whatever an article makes the code raise, it is set
    aside in ``failed``: a cluster would try the same article again for ever.
    """

    def __init__(self, detectors: Detectors) -> None:
        super().__init__()
        self._detectors = detectors

    def expand(self, articles: beam.PCollection[Article]) -> HearResult:
        """Applies the transform."""
        detecting = beam.ParDo(DetectForDossierFn(self._detectors)).with_output_types(tuple[str, Heard])
        heard, failed = articles | "Detect" >> detecting.with_exception_handling(exc_class=Exception)
        return HearResult(heard, failed | "SetAside" >> beam.Map(set_aside))
