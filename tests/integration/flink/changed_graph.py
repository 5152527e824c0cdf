"""The detect job as a later version might have it: a step more in each stage. Workers import it."""

from typing import Any

import apache_beam as beam

from pipelines.detection import detector_for
from pipelines.jobs.cluster import READER, flink_of
from pipelines.jobs.distributed import detect
from pipelines.jobs.worker import OpenConsolidator, OpenLog
from pipelines.transforms.consolidate_heard import ConsolidateHeard, SetAside
from pipelines.transforms.detect_for_dossiers import DetectForDossiers, Heard
from pipelines.transforms.parse_articles import ParseArticles
from pipelines.transforms.read_articles_log import ReadFromArticlesLog
from schemas.article import Article
from schemas.ports import Entry
from schemas.settings import Settings
from schemas.vocabulary import Origin


class DetectCountedStream(beam.PTransform[beam.pvalue.PBegin, None]):
    """`DetectStream`, which also counts entries, and what is heard."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, begin: Any) -> None:
        """Applies the transform."""
        sink = OpenConsolidator(self._settings, Origin.LIVE)
        read = begin | ReadFromArticlesLog(OpenLog(self._settings), READER, flink_of(self._settings).max_parallelism)
        parsed = read.entries | "CountEntries" >> beam.Map(counted_entry) | ParseArticles()  # type: ignore[no-untyped-call]
        found = parsed.articles | DetectForDossiers(detector_for)
        heard = found.heard | "CountHeard" >> beam.Map(counted_heard).with_output_types(tuple[str, Heard])  # type: ignore[no-untyped-call]
        _ = heard | ConsolidateHeard(sink)
        rejected = (read.failed, parsed.failed, found.failed) | "AllRejected" >> beam.Flatten()  # type: ignore[no-untyped-call]
        _ = rejected | SetAside(sink)


def counted_entry(entry: Entry[Article]) -> Any:
    """The same."""
    beam.metrics.Metrics.counter("changed", "entries").inc()  # type: ignore[no-untyped-call]
    return entry


def counted_heard(heard: tuple[str, Heard]) -> tuple[str, Heard]:
    """The same."""
    beam.metrics.Metrics.counter("changed", "heard").inc()  # type: ignore[no-untyped-call]
    return heard


class DetectElsewhere(beam.PTransform[beam.pvalue.PBegin, None]):
    """`DetectStream` under another label, by which a savepoint does not know it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def expand(self, begin: Any) -> None:
        """Applies the transform."""
        begin | "Elsewhere" >> detect(self._settings)
