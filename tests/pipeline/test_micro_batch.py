"""The detect graph: its stages on exact contents, and many batches through one proto."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner
from apache_beam.testing.test_pipeline import TestPipeline as BeamPipeline
from apache_beam.testing.util import assert_that, equal_to

from pipelines.consolidation import fingerprint, statements
from pipelines.detection import Detector
from pipelines.transforms import coders
from pipelines.transforms.detect_statements import DetectStatements
from pipelines.transforms.micro_batch import MicroBatchEngine
from pipelines.transforms.parse_articles import ParseArticles
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.codec import encode
from schemas.errors import BadRecord
from schemas.event import Quote
from schemas.identifiers import content_hash
from schemas.mention import Mention, Span
from schemas.ports import Entry, Unreadable
from schemas.state import Report, Source, Statement
from schemas.vocabulary import EventType, Modality, Stage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def article(number: int, text: str, *, revision: int = 1, language: str | None = "en") -> Article:
    """An article of the tests' own detector: ``signed X Y`` gives a signature by X and Y."""
    return Article(
        id=f"art-{number}",
        revision=revision,
        content_hash=content_hash("", text),
        outlet="The Test",
        fetched=NOW,
        published=NOW,
        text=text,
        language=language,
    )


def detect(title: str, text: str, published: datetime | None) -> tuple[Mention, ...]:
    """A signature for each line that begins with ``signed``; ``bad`` cannot be used; ``bug`` is one."""
    del title, published
    if text == "bad":
        raise BadRecord("nothing to read here")
    if text == "bug":
        raise ZeroDivisionError("a bug")
    words = text.split()
    if words[:1] != ["signed"]:
        return ()
    return (
        Mention(
            type=EventType.SIGNATURE,
            modality=Modality.OCCURRED,
            parties=tuple(sorted(words[1:])),
            evidence=(Span(0, len(text)),),
        ),
    )


def detectors(language: str | None) -> Detector | None:
    """Reads English alone."""
    return detect if language == "en" else None


def statement(of: Article) -> tuple[str, Statement]:
    """What the graph should make of an article with one mention."""
    source = Source(
        article=of.id,
        revision=of.revision,
        outlet=of.outlet,
        seen=NOW,
        language="en",
        fingerprint=fingerprint("", of.text),
    )
    report = Report(detect("", of.text, NOW)[0], Quote(of.text, (Span(0, len(of.text)),)))
    ((key, value),) = statements(source, [report]).items()
    return key, value


def entries(*records: Article | Unreadable) -> list[Entry[Article]]:
    """The records as a log gives them."""
    return [Entry(offset, record) for offset, record in enumerate(records, 1)]


def run_parse(batch: Sequence[Entry[Article]]) -> None:
    """Runs ParseArticles alone and checks both outputs."""
    with BeamPipeline(runner=FnApiRunner()) as pipeline:
        result = pipeline | beam.Create(list(batch)).with_output_types(Entry[Article]) | ParseArticles()
        assert_that(result.articles, equal_to([article(1, "x")]), label="articles")
        wanted = Rejected(Stage.RECORD, b"{", "articles log, offset 2", "not JSON")
        assert_that(result.failed, equal_to([wanted]), label="failed")


def test_parse_sets_aside_what_cannot_be_decoded() -> None:
    """Readable entries go on; the others carry their bytes, their place and the reason."""
    run_parse(entries(article(1, "x"), Unreadable(b"{", "not JSON")))


def test_detect_keys_statements_by_aggregate_and_sets_bad_records_aside() -> None:
    """One statement per article and aggregate; a silent first revision gives nothing, a silent later one takes back."""
    signed, other, silent, revised = (
        article(1, "signed CHL PER"),
        article(2, "signed FRA ITA"),
        article(3, "nothing"),
        article(4, "nothing", revision=2),
    )
    bad, foreign = article(5, "bad"), article(6, "signed CHL PER", language="fr")
    coders.register()
    with BeamPipeline(runner=FnApiRunner()) as pipeline:
        given = pipeline | beam.Create([signed, other, silent, revised, bad, foreign])
        result = given | DetectStatements(detectors)
        taken_back = Statement(
            Source(article="art-4", revision=2, outlet="The Test", seen=NOW, language="en", fingerprint=0)
        )
        wanted = [statement(signed), statement(other), ("art-4", taken_back)]
        assert_that(result.statements, equal_to(wanted), label="statements")
        rejected = Rejected(Stage.ARTICLE, encode(bad), "article art-5 revision 1", "nothing to read here")
        assert_that(result.failed, equal_to([rejected]), label="failed")


def test_engine_runs_batch_after_batch_through_one_proto() -> None:
    """The private name of Beam that this rests on still does; nothing of one batch is seen in the next."""
    engine = MicroBatchEngine(detectors)
    first, second = article(1, "signed CHL PER"), article(2, "signed FRA ITA")
    assert engine.run(entries(first, article(3, "nothing"))) == ([statement(first)], [])
    assert engine.run(entries(second, Unreadable(b"{", "not JSON"))) == (
        [statement(second)],
        [Rejected(Stage.RECORD, b"{", "articles log, offset 2", "not JSON")],
    )
    assert engine.run([]) == ([], [])


def test_engine_raises_a_bug_as_it_is_and_works_on() -> None:
    """A bug fails the whole batch, under its own type, and leaves nothing behind."""
    engine = MicroBatchEngine(detectors)
    good = article(1, "signed CHL PER")
    with pytest.raises(ZeroDivisionError, match="a bug"):
        engine.run(entries(good, article(2, "bug")))
    assert engine.run(entries(good)) == ([statement(good)], [])


def test_an_engine_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine leaves no folder behind where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    MicroBatchEngine(detectors)
    assert list(tmp_path.iterdir()) == []
