"""Articles → what they say to each aggregate."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import apache_beam as beam

from pipelines.consolidation import fingerprint, statements
from pipelines.detection import Detector, quote
from pipelines.transforms.rejected import Rejected, why
from schemas.article import Article
from schemas.codec import encode
from schemas.errors import BadRecord
from schemas.state import Report, Source, Statement
from schemas.vocabulary import Stage

Detectors = Callable[[str | None], Detector | None]
"""The detector for a language, None where there is none; importable, since Beam pickles it."""


class DetectResult(NamedTuple):
    """Both outputs of `DetectStatements`; each must be consumed."""

    statements: beam.PCollection[tuple[str, Statement]]
    failed: beam.PCollection[Rejected]


class DetectStatementsFn(beam.DoFn):
    """Detects in one article and parts its mentions by aggregate.

    Counts `articles`, `mentions` and `without_detector` (articles in a language that nobody reads: kept, not detected).
    """

    def __init__(self, detectors: Detectors) -> None:
        self._detectors = detectors
        self._articles = beam.metrics.Metrics.counter("detect", "articles")
        self._mentions = beam.metrics.Metrics.counter("detect", "mentions")
        self._without_detector = beam.metrics.Metrics.counter("detect", "without_detector")

    def process(self, article: Article) -> Iterator[tuple[str, Statement]]:
        """(aggregate id, statement) pairs; for a revised article one under the article's id even if it says nothing."""
        self._articles.inc()
        detector = self._detectors(article.language)
        if detector is None:
            self._without_detector.inc()
            return
        mentions = detector(article.title, article.text, article.published)
        if not mentions and article.revision == 1:
            return
        self._mentions.inc(len(mentions))
        source = Source(
            article=article.id,
            revision=article.revision,
            outlet=article.outlet,
            seen=article.seen,
            title=article.title,
            url=article.url,
            language=article.language,
            fingerprint=fingerprint(article.title, article.text),
        )
        reports = [Report(mention, quote(article.title, article.text, mention.evidence)) for mention in mentions]
        if reports:
            yield from statements(source, reports).items()
        else:
            yield article.id, Statement(source)


class DetectStatements(beam.PTransform[beam.PCollection[Article], DetectResult]):
    """Statements keyed by aggregate id, at most one per article revision and aggregate.

    A later revision that says nothing is keyed by its article's id, so that what earlier ones said can be withdrawn.
    Bounded or unbounded; keeps timestamps and windows; stateless. Only `BadRecord` is set aside in ``failed``.
    """

    def __init__(self, detectors: Detectors) -> None:
        super().__init__()
        self._detectors = detectors

    def expand(self, articles: beam.PCollection[Article]) -> DetectResult:
        """Applies the transform."""
        detecting = beam.ParDo(DetectStatementsFn(self._detectors)).with_output_types(tuple[str, Statement])
        found, failed = articles | "Detect" >> detecting.with_exception_handling(exc_class=BadRecord)
        return DetectResult(found, failed | "Reject" >> beam.Map(set_aside))


def set_aside(handled: tuple[Article, tuple[type, str, list[str]]]) -> Rejected:
    """What `with_exception_handling` gives, as it goes to the dead letters: of a bug, with the traceback."""
    article, error = handled
    reason = why(error) if issubclass(error[0], BadRecord) else "".join(error[2]).strip()
    return Rejected(Stage.ARTICLE, encode(article), f"article {article.id} revision {article.revision}", reason)
