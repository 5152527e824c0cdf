"""Archive files → articles."""

import os
from collections.abc import Sequence
from typing import IO, NamedTuple

import apache_beam as beam

from pipelines.transforms.rejected import Rejected
from schemas.archive_line import article_of
from schemas.article import Article
from schemas.errors import BadRecord
from schemas.vocabulary import Stage

CHUNK = 4 * 1024 * 1024
LONGEST = 8 * 1024 * 1024
"""Bytes of a line; a longer one is no article, and is not read into memory whole."""
ARTICLES, UNREADABLE = "articles", "unreadable"


class ArchiveResult(NamedTuple):
    """Both outputs of `ReadFromArchive`; each must be consumed."""

    articles: beam.PCollection[Article]
    failed: beam.PCollection[Rejected]


class ReadChunkFn(beam.DoFn):
    """The articles of those lines of a file that begin in a part of it.

    Counts `lines` and `unreadable`.
    """

    def __init__(self) -> None:
        self._lines = beam.metrics.Metrics.counter("archive", "lines")
        self._unreadable = beam.metrics.Metrics.counter("archive", "unreadable")

    def process(self, chunk: tuple[str, int, int]):  # type: ignore[no-untyped-def]  # Beam reads an annotation as a hint
        """Articles in order, and lines that are none."""
        path, start, end = chunk
        with open(path, "rb") as file:
            file.seek(max(0, start - 1))
            if start:
                _pass_over(file)  # what begins before is the part before's, unless a line ends just there
            while (at := file.tell()) < end and (line := file.readline(LONGEST + 1)):
                if not line.strip():
                    continue
                self._lines.inc()
                where = f"{path}, byte {at}"
                try:
                    if len(line) > LONGEST and not line.endswith(b"\n"):
                        _pass_over(file)
                        raise BadRecord(f"longer than {LONGEST} bytes")
                    article = article_of(line)
                except BadRecord as error:
                    self._unreadable.inc()
                    rejected = Rejected(Stage.RECORD, line, where, str(error))
                    yield beam.pvalue.TaggedOutput(UNREADABLE, rejected)
                else:
                    yield article


def _pass_over(file: IO[bytes]) -> None:
    """Goes to the beginning of the next line."""
    while (piece := file.readline(LONGEST)) and not piece.endswith(b"\n"):
        pass


class ReadFromArchive(beam.PTransform[beam.pvalue.PBegin, ArchiveResult]):
    """Articles of files of JSON lines (`schemas.archive_line`). Bounded; any order.

    Args:
        files: Paths that mean the same to every worker; plain text.
    """

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__()
        self._files = files

    def expand(self, begin: beam.pvalue.PBegin) -> ArchiveResult:
        """Applies the transform."""
        chunks = [
            (file, start, start + CHUNK) for file in self._files for start in range(0, os.path.getsize(file), CHUNK)
        ]
        parts = begin | "Chunks" >> beam.Create(chunks) | "Spread" >> beam.Reshuffle()
        outputs = parts | "ReadChunk" >> beam.ParDo(ReadChunkFn()).with_outputs(UNREADABLE, main=ARTICLES)
        return ArchiveResult(outputs[ARTICLES], outputs[UNREADABLE])
