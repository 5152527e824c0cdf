"""The upgrade over one memory and over one file, with detectors that know different verbs."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors import memory, sqlite
from pipelines.consolidation import canonical
from pipelines.jobs.adapters import Adapters
from pipelines.jobs.detect import DetectJob
from pipelines.jobs.rebuild import Progress, Report
from pipelines.jobs.upgrade import StoppedError, Upgrade
from schemas.article import Article
from schemas.development import Development
from schemas.errors import Misconfigured
from schemas.event import EventView
from schemas.vocabulary import Change, EventStatus, EventType, Origin
from tests.unit.jobs.toy_engine import ToyEngine

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD = {"signed": EventType.SIGNATURE, "left": EventType.WITHDRAWAL}
NEW = {"signed": EventType.SIGNATURE, "ratified": EventType.RATIFICATION}


@pytest.fixture(params=["memory", "sqlite"])
def adapters(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Adapters]:
    """Empty ones of each kind that one machine needs."""
    if request.param == "memory":
        yield memory.Adapters()
        return
    with sqlite.open_database(tmp_path / "treatywire.sqlite3") as database:
        yield sqlite.Adapters(database)


def article(number: int, *lines: str, revision: int = 1, days_ago: int = 0) -> Article:
    """An article of these lines."""
    seen = NOW - timedelta(days=days_ago) + timedelta(seconds=number)
    return Article(
        id=f"art-{number:03}",
        revision=revision,
        content_hash=f"{revision} {lines}",
        outlet=f"Outlet {number}",
        fetched=seen,
        published=seen,
        text="\n".join(lines),
    )


def detect(adapters: Adapters, engine: ToyEngine, batch: int = 3) -> DetectJob:
    """The live job."""
    return DetectJob(
        engine,
        adapters.articles.reader("detect"),
        adapters.events,
        adapters.developments,
        batch=batch,
        clock=lambda: NOW,
    )


def work(adapters: Adapters, verbs: dict[str, EventType]) -> None:
    """The live job until there is nothing left."""
    job = detect(adapters, ToyEngine(verbs))
    while adapters.articles.reader("detect").lag():
        job.step(NOW)
    job.step(NOW + timedelta(hours=1))


def upgrade(
    adapters: Adapters,
    engine: ToyEngine | None = None,
    detector: str = "new",
    *,
    stop: threading.Event | None = None,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Upgrade:
    """The job."""
    return Upgrade(
        adapters,
        lambda: engine or ToyEngine(NEW),
        detector,
        clock=lambda: NOW,
        stop=stop or threading.Event(),
        holder="test",
        tell=tell,
    )


def events(adapters: Adapters) -> list[EventView]:
    """All that serve, by id."""
    return sorted((hit.event for hit in adapters.events.search(None, limit=1000)), key=lambda event: event.id)


def shown(adapters: Adapters) -> list[str]:
    """The same in canonical form."""
    return [repr(canonical(event)) for event in events(adapters)]


def told(adapters: Adapters) -> list[Development]:
    """The developments log."""
    records = [entry.record for entry in adapters.developments.after(0, 1000)]
    return [record for record in records if isinstance(record, Development)]


def anew(*articles: Article) -> list[str]:
    """What the new detector shows of these articles in an empty index."""
    fresh = memory.Adapters()
    fresh.articles.append(articles)
    work(fresh, NEW)
    return shown(fresh)


ARTICLES = (
    article(1, "signed CHL PER 2026-11-20"),
    article(2, "left FRA 2026-11-21"),
    article(3, "ratified KEN UGA 2026-11-19"),
    article(4, "signed CHL PER 2026-11-20", "ratified ESP"),
    article(5, "nothing happened"),
)


def test_an_upgrade_leaves_what_an_empty_index_would_show(adapters: Adapters) -> None:
    """And reports what came and went; the old generation is gone, its reader forgotten."""
    adapters.generations.wrote("old")
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)
    reports: list[Report] = []

    def heard(report: Report) -> bool:
        reports.append(report)
        return True

    report = upgrade(adapters).run(before_switch=heard)
    assert report is not None
    assert reports == [report]
    assert shown(adapters) == anew(*ARTICLES)
    assert (report.replayed, report.carried_over, report.difference.same) == (5, 0, 1)
    assert report.difference.counts() == {
        EventType.RATIFICATION: {"came": 2, "went": 0, "changed": 0},
        EventType.WITHDRAWAL: {"came": 0, "went": 1, "changed": 0},
    }
    assert [one.quote.text for one in report.difference.went] == ["left FRA 2026-11-21"]
    assert adapters.generations.serving().detectors == ("new",)
    assert adapters.generations.leaving() is None
    assert adapters.followed.follow("upgrade-2", "detect").position() == 0
    assert upgrade(adapters).run() is None


def test_an_upgrade_tells_each_development_once_and_none_of_its_own_as_live(adapters: Adapters) -> None:
    """What was told stays as it was told; what is found for the first time is told as a replay."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)
    before = told(adapters)
    assert {one.origin for one in before} == {Origin.LIVE}
    upgrade(adapters).run()
    work(adapters, NEW)
    after = told(adapters)
    assert after[: len(before)] == before
    assert set(Counter(one.id for one in after).values()) == {1}
    assert {one.origin for one in after[len(before) :]} == {Origin.REPLAY}
    news = {one.event.id for one in after if one.change is Change.NEW}
    assert news >= {event.id for event in events(adapters)}


def test_what_is_told_live_after_an_upgrade_is_live(adapters: Adapters) -> None:
    """The next article that arrives."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)
    upgrade(adapters).run()
    adapters.articles.append([article(9, "ratified MNG 2026-11-22")])
    work(adapters, NEW)
    (last,) = (one for one in told(adapters) if one.event.parties == ("MNG",) and one.change is Change.NEW)
    assert last.origin is Origin.LIVE


def test_articles_that_arrive_meanwhile_are_in_both_and_told_live(adapters: Adapters) -> None:
    """The detect job goes on in every pause of the upgrade, up to the switch."""
    adapters.articles.append(ARTICLES)
    work(adapters, NEW)
    live = detect(adapters, ToyEngine(NEW), batch=1)
    added: list[Article] = []
    phases: Counter[str] = Counter()

    def goes_on(progress: Progress) -> None:
        if progress.phase != "deleting" and phases[progress.phase] < 3:
            phases[progress.phase] += 1
            at = 10 + len(added)
            added.append(article(at, f"signed MNG CHN 2026-10-{at % 28 + 1:02}"))
            adapters.articles.append(added[-1:])
            live.step(NOW)

    upgrade(adapters, tell=goes_on).run(again=True)
    assert phases.keys() == {"replaying", "carrying over", "comparing", "switching"}
    work(adapters, NEW)
    assert shown(adapters) == anew(*ARTICLES, *added)
    news = Counter(one.event.id for one in told(adapters) if one.change in (Change.NEW, Change.HISTORY))
    assert set(news.values()) == {1}
    assert {one.origin for one in told(adapters)} == {Origin.LIVE}


def test_a_batch_that_is_at_work_during_the_switch_lands_in_the_new_generation(adapters: Adapters) -> None:
    """It was loaded from the old one, and is merged anew; it is told live."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)
    engine = ToyEngine(NEW)
    live = detect(adapters, engine)
    late = article(7, "ratified KEN UGA 2026-11-19", "ratified PRY 2026-11-22")
    adapters.articles.append([late])

    def switch() -> None:
        engine.before = lambda: None
        assert upgrade(adapters).run() is not None

    engine.before = switch
    live.step(NOW)
    assert shown(adapters) == anew(*ARTICLES, late)
    (news,) = (one for one in told(adapters) if one.event.parties == ("PRY",) and one.change is Change.NEW)
    assert news.origin is Origin.LIVE


def test_what_the_log_no_longer_holds_is_carried_over(adapters: Adapters) -> None:
    """Word for word: the index is the same, though half of its articles cannot be read again."""
    early = (
        article(1, "signed CHL PER 2026-07-20", days_ago=120),
        article(2, "left FRA 2026-07-21", "signed ITA ESP", days_ago=120),
        article(3, "left GRC", days_ago=119),
        article(3, "nothing of the kind", revision=2, days_ago=118),
    )
    late = (article(5, "signed CHL PER 2026-07-20"), article(6, "left MLT"))
    adapters.articles.append([*early, *late])
    work(adapters, OLD)
    before = shown(adapters)
    assert sum(event.event_status is EventStatus.RETRACTED for event in events(adapters)) == 1
    assert adapters.articles.expire(NOW - timedelta(days=90)) == len(early)
    report = upgrade(adapters, ToyEngine(OLD)).run()
    assert report is not None
    assert (report.replayed, report.carried_over) == (len(late), 3)
    assert not report.difference.came
    assert shown(adapters) == before


def test_what_the_log_holds_is_not_carried_over(adapters: Adapters) -> None:
    """However long ago it was published: what the new detector no longer finds in it goes."""
    adapters.articles.append([article(1, "left FRA 2020-01-02", "signed CHL PER")])
    work(adapters, OLD)
    upgrade(adapters).run()
    assert [event.type for event in events(adapters)] == [EventType.SIGNATURE]


def test_an_upgrade_of_a_carried_index_carries_it_again(adapters: Adapters) -> None:
    """An event outlives any number of generations."""
    adapters.articles.append([article(1, "left FRA 2026-07-21", days_ago=120), article(2, "signed CHL PER")])
    work(adapters, OLD)
    before = shown(adapters)
    adapters.articles.expire(NOW - timedelta(days=90))
    for detector in ("new", "newer", "newest"):
        assert upgrade(adapters, detector=detector).run() is not None
        assert shown(adapters) == before


def test_an_upgrade_that_is_stopped_goes_on_where_it_was(adapters: Adapters) -> None:
    """Nothing that was read is read again; searches see the old generation until the end."""
    articles = [article(number, f"signed CHL PER 2026-10-{number % 28 + 1:02}") for number in range(1200)]
    adapters.articles.append([*ARTICLES, *articles])
    work(adapters, OLD)
    before = shown(adapters)
    stop = threading.Event()
    first = ToyEngine(NEW)
    first.before = stop.set
    with pytest.raises(StoppedError, match="goes on"):
        upgrade(adapters, first, stop=stop).run()
    assert shown(adapters) == before
    assert adapters.generations.building() is not None
    second = ToyEngine(NEW)
    assert upgrade(adapters, second).run() is not None
    assert first.articles + second.articles == len(ARTICLES) + len(articles)
    assert shown(adapters) == anew(*ARTICLES, *articles)


def test_a_dry_run_is_kept_and_gone_on_with(adapters: Adapters) -> None:
    """Or given up."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)
    before = shown(adapters)
    assert upgrade(adapters).run(before_switch=lambda _: False) is not None
    assert shown(adapters) == before
    engine = ToyEngine(NEW)
    assert upgrade(adapters, engine).abandon()
    assert not upgrade(adapters, engine).abandon()
    assert adapters.generations.building() is None
    upgrade(adapters).run(before_switch=lambda _: False)
    report = upgrade(adapters, engine).run()
    assert report is not None
    assert engine.articles == 0
    assert shown(adapters) == anew(*ARTICLES)


def test_what_another_version_had_begun_is_given_up(adapters: Adapters) -> None:
    """It would be out of date before it served."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)
    upgrade(adapters, ToyEngine(OLD), "newer").run(before_switch=lambda _: False)
    assert upgrade(adapters).run() is not None
    assert adapters.generations.serving().detectors == ("new",)
    assert shown(adapters) == anew(*ARTICLES)


def test_what_another_version_had_begun_is_given_up_where_the_index_is_up_to_date(adapters: Adapters) -> None:
    """The log is not kept for it for ever."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)
    upgrade(adapters).run()
    upgrade(adapters, ToyEngine(OLD), "newer").run(before_switch=lambda _: False)
    assert upgrade(adapters).run() is None
    assert adapters.generations.building() is None


def test_a_death_after_the_switch_is_finished_by_the_next_upgrade(adapters: Adapters) -> None:
    """Also where nothing else is to be done."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)

    class DiesError(RuntimeError):
        pass

    def die(progress: Progress) -> None:
        if progress.phase == "deleting":
            raise DiesError

    with pytest.raises(DiesError):
        upgrade(adapters, tell=die).run()
    assert shown(adapters) == anew(*ARTICLES)
    assert adapters.generations.leaving() is not None
    assert upgrade(adapters).run() is None
    assert adapters.generations.leaving() is None
    assert shown(adapters) == anew(*ARTICLES)


def test_a_detector_that_finds_nothing_does_not_serve(adapters: Adapters) -> None:
    """It is broken, as likely as not; detect jobs are not held for it."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)
    before = shown(adapters)
    with pytest.raises(Misconfigured, match="no events"):
        upgrade(adapters, ToyEngine({})).run()
    assert shown(adapters) == before
    assert adapters.generations.serving().held_until is None


def test_an_empty_index_is_any_detectors(adapters: Adapters) -> None:
    """It needs no upgrade."""
    assert upgrade(adapters).run() is None
    assert adapters.generations.serving().detectors == ("new",)


def test_an_article_that_kills_the_new_detector_is_set_aside(adapters: Adapters) -> None:
    """As in the live job; what the old one had found in it stays."""
    adapters.articles.append(ARTICLES)
    work(adapters, OLD)

    class Raises(ToyEngine):
        def run(self, batch):  # type: ignore[no-untyped-def]
            if any("FRA" in entry.record.text for entry in batch):
                raise ZeroDivisionError("a bug")
            return super().run(batch)

    assert upgrade(adapters, Raises(NEW)).run() is not None
    assert len(adapters.dead_letters.list()) == 1
    assert EventType.WITHDRAWAL in {event.type for event in events(adapters)}
