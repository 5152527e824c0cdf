"""The detect job over the adapters in memory, with an engine of the test's own."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from connectors.memory import Adapters
from pipelines.consolidation import statements
from pipelines.jobs.detect import DEATHS, POLL, DetectJob
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.codec import encode
from schemas.development import Development
from schemas.errors import Conflict, Unavailable
from schemas.event import Quote
from schemas.mention import Actor, Mention, Span
from schemas.ports import Entry, Unreadable
from schemas.state import Report, Source, Statement
from schemas.vocabulary import Change, EventType, Modality, Role, Stage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def article(number: int, text: str = "signed CHL PER") -> Article:
    """An article for `Signatures`."""
    return Article(
        id=f"art-{number}",
        revision=1,
        content_hash=text,
        outlet=f"Outlet {number}",
        fetched=NOW,
        published=NOW,
        text=text,
    )


class Signatures:
    """An engine that finds a signature of two states in ``signed A B``, and raises at ``bug``."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.before: Callable[[], None] = lambda: None

    def run(self, batch: Sequence[Entry[Article]]) -> tuple[list[tuple[str, Statement]], list[Rejected]]:
        """As `Engine.run`."""
        self.batches.append([entry.offset for entry in batch])
        self.before()
        found: list[tuple[str, Statement]] = []
        rejected: list[Rejected] = []
        for entry in batch:
            record = entry.record
            if isinstance(record, Unreadable):
                rejected.append(Rejected(Stage.RECORD, record.data, f"offset {entry.offset}", record.reason))
                continue
            if record.text == "bug":
                raise ZeroDivisionError("a bug")
            codes = record.text.split()[1:]
            mention = Mention(
                type=EventType.SIGNATURE,
                modality=Modality.OCCURRED,
                parties=tuple(codes),
                actors=tuple(Actor(code, Role.SIGNATORY) for code in codes),
                date="2026-11-22",
                evidence=(Span(0, len(record.text)),),
            )
            source = Source(article=record.id, revision=1, outlet=record.outlet, seen=record.seen)
            found += statements(source, [Report(mention, Quote(record.text))]).items()
        return found, rejected


def job(adapters: Adapters, engine: Signatures, batch: int = 10) -> DetectJob:
    """A job as it is after a start."""
    return DetectJob(
        engine,
        adapters.articles.reader("detect"),
        adapters.events,
        adapters.developments,
        batch=batch,
        clock=lambda: NOW,
    )


def steps(detect: DetectJob, times: int) -> None:
    """So many steps, or up to the first that raises."""
    for _ in range(times):
        detect.step(NOW)


def told(adapters: Adapters) -> list[Development]:
    """All that is in the developments log."""
    records = [entry.record for entry in adapters.developments.after(0, 1000)]
    return [record for record in records if isinstance(record, Development)]


def test_step_makes_events_and_developments_and_moves_on() -> None:
    """Two reports of one signing are one event with two outlets; nothing is left in flight."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1), article(2), article(3, "signed FRA ITA")])
    detect = job(adapters, engine)
    assert detect.step(NOW) == POLL
    assert detect.step(NOW) == POLL
    assert engine.batches == [[1, 2, 3]]
    events = sorted((hit.event.parties, hit.event.outlets) for hit in adapters.events.search(None))
    assert events == [(("CHL", "PER"), 2), (("FRA", "ITA"), 1)]
    assert sorted(each.event.parties for each in told(adapters) if each.change is Change.NEW) == [
        ("CHL", "PER"),
        ("FRA", "ITA"),
    ]
    assert adapters.articles.reader("detect").position() == 3
    assert adapters.articles.reader("detect").in_flight() is None
    assert adapters.events.unpublished(10) == []


def test_a_full_batch_is_followed_at_once() -> None:
    """No waiting while there is more to read."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(number) for number in range(1, 4)])
    detect = job(adapters, engine, batch=2)
    assert [detect.step(NOW), detect.step(NOW)] == [timedelta(), POLL]
    assert engine.batches == [[1, 2], [3]]


def test_an_article_that_makes_the_code_raise_is_set_aside_alone() -> None:
    """Its batch is halved until it is found; the others have their effects, and it keeps its traceback."""
    adapters, engine = Adapters(), Signatures()
    bad = article(3, "bug")
    adapters.articles.append([article(1), article(2, "signed FRA ITA"), bad, article(4, "signed NOR SWE")])
    job(adapters, engine).step(NOW)
    assert adapters.events.count(None) == 3
    (letter,) = adapters.dead_letters.list()
    assert (letter.stage, letter.data, letter.source) == (Stage.ARTICLE, encode(bad), "articles log, offset 3")
    assert letter.reason.startswith("Traceback")
    assert letter.reason.endswith("ZeroDivisionError: a bug")
    assert adapters.articles.reader("detect").position() == 4


def test_what_cannot_be_decoded_is_a_dead_letter_with_its_bytes() -> None:
    """The engine's rejected input is saved with the same transaction as the rest."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1)])
    detect = job(adapters, engine)
    reader = detect._reader
    entries = [*reader.read(1), Entry[Article](2, Unreadable(b"{", "not JSON"))]
    detect._work(entries)
    (letter,) = adapters.dead_letters.list()
    assert (letter.stage, letter.data, letter.reason) == (Stage.RECORD, b"{", "not JSON")
    assert reader.position() == 2


def test_after_two_deaths_articles_are_read_one_by_one_and_the_deadly_one_is_set_aside() -> None:
    """What two deaths found in flight is gone over singly; an article that has killed three times alone is given up."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1), article(2, "signed FRA ITA"), article(3, "signed NOR SWE")])

    def die_at_2() -> None:
        if 2 in engine.batches[-1]:
            raise KeyboardInterrupt  # no Exception: nothing in the job can catch it, as with kill -9

    engine.before = die_at_2
    for _ in range(2 + DEATHS):
        detect = job(adapters, engine)
        with pytest.raises(KeyboardInterrupt):
            steps(detect, 3)
    detect = job(adapters, engine)
    while adapters.articles.reader("detect").position() < 3:
        detect.step(NOW)
    assert engine.batches == [[1, 2, 3], [1, 2, 3], [1], [2], [2], [2], [3]]
    (letter,) = adapters.dead_letters.list()
    assert (letter.reason, letter.attempts) == ("killed the process 3 times", 3)
    assert letter.data == encode(article(2, "signed FRA ITA"))
    assert adapters.events.count(None) == 2


def test_a_conflict_is_merged_anew() -> None:
    """Another process that saved first costs one more merge, and nothing else."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1)])
    save = adapters.events.save
    refusals = iter([True, True, False])

    def refusing(*arguments: object) -> None:
        if next(refusals, False):
            raise Conflict("somebody else was first")
        save(*arguments)  # type: ignore[arg-type]

    adapters.events.save = refusing  # type: ignore[method-assign, assignment]
    job(adapters, engine).step(NOW)
    assert adapters.events.count(None) == 1
    assert len(told(adapters)) == 1


def test_a_store_that_is_away_keeps_the_batch_for_later() -> None:
    """`Unavailable` sets nothing aside and moves nothing; the next try has the same effect as if nothing had been."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1), article(2)])
    save = adapters.events.save
    adapters.events.save = lambda *_: (_ for _ in ()).throw(Unavailable("away"))  # type: ignore[method-assign]
    detect = job(adapters, engine, batch=1)
    for _ in range(DEATHS + 2):
        with pytest.raises(Unavailable):
            detect.step(NOW)
    assert adapters.articles.reader("detect").position() == 0
    assert adapters.dead_letters.list() == []
    adapters.events.save = save  # type: ignore[method-assign]
    steps(detect, 2)
    assert adapters.dead_letters.list() == []
    assert adapters.events.count(None) == 1


def test_a_store_that_is_away_is_no_death() -> None:
    """The same batch is tried again whole, not one article at a time."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1), article(2)])
    save = adapters.events.save
    adapters.events.save = lambda *_: (_ for _ in ()).throw(Unavailable("away"))  # type: ignore[method-assign]
    detect = job(adapters, engine)
    with pytest.raises(Unavailable):
        detect.step(NOW)
    adapters.events.save = save  # type: ignore[method-assign]
    detect.step(NOW)
    assert engine.batches == [[1, 2], [1, 2]]


def test_what_another_process_died_of_is_tried_once_more_then_one_by_one() -> None:
    """Its entries come to a job that has been at work for long, which then is as careful as after its own death."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1)])
    detect = job(adapters, engine)
    steps(detect, 2)
    adapters.articles.append([article(2), article(3), article(4)])
    adapters.articles.reader("detect").begin(2, 3)
    steps(detect, 2)
    assert engine.batches == [[1], [2, 3], [4]]
    adapters.articles.append([article(5), article(6), article(7)])
    for _ in range(2):
        adapters.articles.reader("detect").begin(5, 6)
    steps(detect, 3)
    assert engine.batches[3:] == [[5], [6], [7]]


def test_what_has_left_the_log_since_a_death_holds_up_nothing() -> None:
    """A replay moved it to the end, say, or it expired."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1), article(2)])
    adapters.articles.reader("detect").begin(1, 1)
    adapters.articles.append([article(1)], again=True)
    steps(job(adapters, engine), 2)
    assert sorted(offset for batch in engine.batches for offset in batch) == [2, 3]


def test_what_a_crash_left_in_an_outbox_is_published_at_the_start() -> None:
    """Between saving and publishing a process may die; the next one sweeps."""
    adapters, engine = Adapters(), Signatures()
    adapters.articles.append([article(1)])
    append = adapters.developments.append
    adapters.developments.append = lambda _: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign, assignment]
    with pytest.raises(KeyboardInterrupt):
        job(adapters, engine).step(NOW)
    assert told(adapters) == []
    adapters.developments.append = append  # type: ignore[method-assign]
    job(adapters, engine).step(NOW)
    assert [each.change for each in told(adapters)] == [Change.NEW]
