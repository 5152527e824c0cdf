"""The whole path of a backfill on a cluster."""

from collections.abc import Iterable, Sequence

import apache_beam as beam

from pipelines.transforms.consolidate_heard import ConsolidateFn, OpenConsolidator, SetAside
from pipelines.transforms.detect_for_dossiers import DetectForDossiers, Heard
from pipelines.transforms.detect_statements import Detectors
from pipelines.transforms.read_archive import ReadFromArchive
from schemas.identifiers import stable_hash

SHARES = 64
"""Into how many parts dossiers are dealt: each part is written by one worker, in batches."""


class ConsolidateShareFn(ConsolidateFn):
    """Consolidates what fell to one share of the dossiers."""

    def process(self, share: tuple[int, Iterable[Heard]]) -> None:  # type: ignore[override]  # other elements
        """Batch by batch; the last one with the bundle."""
        for heard in share[1]:
            super().process(("", heard))


class BackfillArchive(beam.PTransform[beam.pvalue.PBegin, None]):
    """Archive files → event store and developments log; what cannot be used → dead letters.

    Bounded; at least once, with effects that a repetition does not change: a backfill that broke off is done again from
    the start. Touches neither the articles log nor anybody's place in it.

    Args:
        files: Paths that mean the same to every worker.
        open_consolidator: Opens what makes effects durable.
        detectors: By language.
    """

    def __init__(self, files: Sequence[str], open_consolidator: OpenConsolidator, detectors: Detectors) -> None:
        super().__init__()
        self._files, self._open, self._detectors = files, open_consolidator, detectors

    def expand(self, begin: beam.pvalue.PBegin) -> None:
        """Applies the transform."""
        read = begin | ReadFromArchive(self._files)
        found = read.articles | DetectForDossiers(self._detectors)
        shared = found.heard | "Share" >> beam.Map(_share).with_output_types(tuple[int, Heard]) | beam.GroupByKey()
        _ = shared | "Consolidate" >> beam.ParDo(ConsolidateShareFn(self._open))
        _ = (read.failed, found.failed) | "AllRejected" >> beam.Flatten() | SetAside(self._open)


def _share(keyed: tuple[str, Heard]) -> tuple[int, Heard]:
    return stable_hash(keyed[0]) % SHARES, keyed[1]
