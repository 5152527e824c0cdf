"""The whole path of the detect job on a cluster."""

import apache_beam as beam

from pipelines.transforms.consolidate_heard import ConsolidateHeard, OpenConsolidator, SetAside
from pipelines.transforms.detect_for_dossiers import DetectForDossiers
from pipelines.transforms.detect_statements import Detectors
from pipelines.transforms.parse_articles import ParseArticles
from pipelines.transforms.read_articles_log import OpenLog, ReadFromArticlesLog


class DetectStream(beam.PTransform[beam.pvalue.PBegin, None]):
    """Articles log → event store and developments log; what cannot be used → dead letters.

    Unbounded; at least once, with effects that a repetition does not change. Two stages: read and detect, keyed by
    partition; consolidate, keyed by dossier. The next offset of each partition is all that the runner holds.

    Args:
        open_log: Opens the articles log in a worker.
        open_consolidator: Opens what makes effects durable.
        detectors: By language.
        reader: The name under which the place in the log is copied for others.
        max_parallelism: The pipeline's.
    """

    def __init__(
        self,
        open_log: OpenLog,
        open_consolidator: OpenConsolidator,
        detectors: Detectors,
        *,
        reader: str,
        max_parallelism: int,
    ) -> None:
        super().__init__()
        self._read = ReadFromArticlesLog(open_log, reader, max_parallelism)
        self._open_consolidator, self._detectors = open_consolidator, detectors

    def expand(self, begin: beam.pvalue.PBegin) -> None:
        """Applies the transform."""
        read = begin | self._read
        parsed = read.entries | ParseArticles()
        found = parsed.articles | DetectForDossiers(self._detectors)
        _ = found.heard | ConsolidateHeard(self._open_consolidator)
        rejected = (read.failed, parsed.failed, found.failed) | "AllRejected" >> beam.Flatten()
        _ = rejected | SetAside(self._open_consolidator)
