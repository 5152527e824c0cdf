"""The detect graph run over one batch at a time, in this process.

The pipeline's proto is built once and run for each batch: building it anew costs five times as much. The batch
reaches the graph, and the results leave it, through this module, since what a DoFn holds is pickled with the graph
while the runner shares this process. So: one engine per process, one batch at a time.
"""

import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner

from pipelines.transforms import coders
from pipelines.transforms.detect_statements import Detectors, DetectStatements
from pipelines.transforms.parse_articles import ParseArticles
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.ports import Entry
from schemas.state import Statement


class _Exchange:
    """Where the loop and the graph meet."""

    batch: Sequence[Entry[Article]] = ()
    statements: list[tuple[str, Statement]]
    rejected: list[Rejected]


_EXCHANGE = _Exchange()


class ReadBatchFn(beam.DoFn):
    """The entries of the batch at hand."""

    def process(self, impulse: Any) -> Iterator[Entry[Article]]:
        """All entries, in order."""
        del impulse
        yield from _EXCHANGE.batch


class KeepStatementFn(beam.DoFn):
    """Hands statements back to the loop."""

    def process(self, keyed: tuple[str, Statement]) -> None:
        """Keeps one."""
        _EXCHANGE.statements.append(keyed)


class KeepRejectedFn(beam.DoFn):
    """Hands set-aside input back to the loop."""

    def process(self, rejected: Rejected) -> None:
        """Keeps one."""
        _EXCHANGE.rejected.append(rejected)


class MicroBatchEngine:
    """Runs articles → (statements by aggregate, rejected) over batches, with the in-process runner.

    An exception of a DoFn other than those that the graph sets aside is raised as it is and fails the whole batch;
    nothing is then returned, and the engine can be used again.
    """

    def __init__(self, detectors: Detectors) -> None:
        coders.register()
        self._options = PipelineOptions(["--direct_running_mode=in_memory", "--direct_num_workers=1"])
        # Named outright: DirectRunner would try to download another runner's binary first.
        self._runner = FnApiRunner()
        pipeline = beam.Pipeline(runner=self._runner, options=self._options)
        entries = pipeline | beam.Impulse() | "ReadBatch" >> beam.ParDo(ReadBatchFn())
        parsed = entries | ParseArticles()
        found = parsed.articles | DetectStatements(detectors)
        _ = found.statements | "KeepStatements" >> beam.ParDo(KeepStatementFn())
        rejected = (parsed.failed, found.failed) | "AllRejected" >> beam.Flatten()
        _ = rejected | "KeepRejected" >> beam.ParDo(KeepRejectedFn())
        self._proto = pipeline.to_runner_api(default_environment=self._runner._default_environment)
        # Beam removes it after a run of the pipeline, of which there is none.
        shutil.rmtree(pipeline.local_tempdir, ignore_errors=True)

    def run(self, batch: Sequence[Entry[Article]]) -> tuple[list[tuple[str, Statement]], list[Rejected]]:
        """What the graph gives for these entries."""
        _EXCHANGE.batch, _EXCHANGE.statements, _EXCHANGE.rejected = batch, [], []
        try:
            self._runner.run_via_runner_api(self._proto, self._options)
            return _EXCHANGE.statements, _EXCHANGE.rejected
        finally:
            _EXCHANGE.batch = ()
