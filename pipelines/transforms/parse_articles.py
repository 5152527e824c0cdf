"""Log entries → articles."""

from typing import NamedTuple

import apache_beam as beam

from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.ports import Entry, Unreadable
from schemas.vocabulary import Stage

ARTICLES, UNREADABLE = "articles", "unreadable"


class ParseResult(NamedTuple):
    """Both outputs of `ParseArticles`; each must be consumed."""

    articles: beam.PCollection[Article]
    failed: beam.PCollection[Rejected]


class ParseArticlesFn(beam.DoFn):
    """Parts readable entries from the others."""

    def process(self, entry: Entry[Article]):  # type: ignore[no-untyped-def]  # Beam reads an annotation as a type hint
        """The article, or what is wrong with the entry."""
        if isinstance(entry.record, Unreadable):
            yield beam.pvalue.TaggedOutput(
                UNREADABLE,
                Rejected(Stage.RECORD, entry.record.data, f"articles log, offset {entry.offset}", entry.record.reason),
            )
        else:
            yield entry.record


class ParseArticles(beam.PTransform[beam.PCollection[Entry[Article]], ParseResult]):
    """Articles, one element per readable entry.

    Bounded or unbounded; keeps timestamps and windows; stateless. Entries that cannot be decoded are in ``failed``.
    """

    def expand(self, entries: beam.PCollection[Entry[Article]]) -> ParseResult:
        """Applies the transform."""
        outputs = entries | beam.ParDo(ParseArticlesFn()).with_outputs(UNREADABLE, main=ARTICLES)
        return ParseResult(outputs[ARTICLES], outputs[UNREADABLE])
