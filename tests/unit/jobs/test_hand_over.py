"""The moment to switch where processes share the reader, and the store cannot tell by itself."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from connectors import memory
from pipelines.jobs import rebuild
from pipelines.jobs.rebuild import HELD, LEADER, SETTLE, Progress, Rebuild
from pipelines.jobs.upgrade import StoppedError, Upgrade
from schemas.errors import Unavailable
from schemas.ports import Generations
from tests.unit.jobs.test_upgrade import NEW, OLD, article, shown, work
from tests.unit.jobs.toy_engine import ToyEngine

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Time(threading.Event):
    """A clock that goes on by being waited on; what is to happen at a time happens then."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.at: list[tuple[timedelta, Callable[[], object]]] = []

    def wait(self, timeout: float | None = None) -> bool:
        """Passes the time at once."""
        self.now += timedelta(seconds=timeout or 0)
        for when, happens in [each for each in self.at if START + each[0] <= self.now]:
            self.at.remove((when, happens))
            happens()
        return self.is_set()


class Shared(memory.Adapters):
    """As on servers: any number of processes share the reader, and the store sees no log."""

    def __init__(self) -> None:
        super().__init__()
        self.readers_share = True
        self.generations = Blind(self.generations)  # type: ignore[assignment]


class Blind:
    """Generations of a store that keeps no logs; it switches whenever it is told, and says when that was."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self.switched_under: datetime | None = None

    def switch(self, follower: str, leader: str) -> None:
        """Whatever the readers do."""
        self.switched_under = self._generations.serving().held_until
        self._generations.switch(follower, leader)

    def __getattr__(self, name: str) -> object:
        return getattr(self._generations, name)


@pytest.fixture
def adapters() -> Shared:
    """Some articles, worked on by the old detector."""
    adapters = Shared()
    adapters.articles.append([article(1, "signed CHL PER"), article(2, "ratified FRA")])
    work(adapters, OLD)
    return adapters


def _upgrade(adapters: Shared, time: Time, tell: Callable[[Progress], None] = lambda _: None) -> Upgrade:
    return Upgrade(adapters, lambda: ToyEngine(NEW), "new", clock=lambda: time.now, stop=time, holder="test", tell=tell)


def _at_switching(then: Callable[[], object]) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        if progress.phase == "switching":
            then()

    return tell


def test_workers_have_time_to_see_the_hold(adapters: Shared) -> None:
    """And the switch comes while it lasts."""
    time = Time()
    _upgrade(adapters, time).run()
    under = adapters.generations.switched_under  # type: ignore[attr-defined]
    assert under == START + HELD
    assert time.now > START + 2 * SETTLE  # once before the switch, and once before the old one is deleted
    assert adapters.generations.serving().held_until is None


def test_a_worker_that_has_begun_is_waited_for_and_its_articles_are_taken_along(adapters: Shared) -> None:
    """It began before it saw the hold, and commits in the middle of it."""
    time, late = Time(), article(3, "signed KEN UGA")

    def begin() -> None:
        adapters.articles.append([late])
        reader = adapters.articles.reader(LEADER)
        offset = reader.read(1)[0].offset
        reader.begin(offset, offset)
        time.at.append((timedelta(seconds=9), lambda: work(adapters, OLD)))

    _upgrade(adapters, time, _at_switching(begin)).run()
    assert time.now - START > timedelta(seconds=9)
    assert adapters.generations.switched_under == START + HELD  # type: ignore[attr-defined]
    assert len(shown(adapters)) == 3


def test_a_worker_that_died_in_mid_work_is_waited_for_outside_the_hold(adapters: Shared) -> None:
    """Another takes over its entries once it may; then there is a moment."""
    time = Time()

    def die() -> None:
        adapters.articles.append([article(3, "signed KEN UGA")])
        reader = adapters.articles.reader(LEADER)
        offset = reader.read(1)[0].offset
        reader.begin(offset, offset)

    def another() -> None:
        held = adapters.generations.serving().held_until
        if held is None or held <= time.now:
            work(adapters, OLD)
        else:
            time.at.append((time.now - START + timedelta(seconds=0.25), another))

    time.at.append((timedelta(seconds=10), another))
    _upgrade(adapters, time, _at_switching(die)).run()
    assert len(shown(adapters)) == 3
    assert adapters.generations.serving().detectors == ("new",)


def test_where_no_moment_comes_the_old_generation_goes_on_serving(adapters: Shared) -> None:
    """Nobody is held, and the next upgrade goes on."""
    time, before = Time(), shown(adapters)

    def die() -> None:
        adapters.articles.append([article(3, "signed KEN UGA")])
        adapters.articles.reader(LEADER).begin(3, 3)

    with pytest.raises(Unavailable, match="no moment"):
        _upgrade(adapters, time, _at_switching(die)).run()
    assert shown(adapters) == before
    assert adapters.generations.serving().held_until is None
    work(adapters, OLD)
    assert _upgrade(adapters, Time()).run() is not None
    assert len(shown(adapters)) == 3


def test_told_to_stop_during_a_hold_it_does_not_switch(adapters: Shared) -> None:
    """It has not waited long enough to know."""
    time, before = Time(), shown(adapters)
    time.at.append((timedelta(seconds=1), time.set))
    with pytest.raises(StoppedError):
        _upgrade(adapters, time).run()
    assert shown(adapters) == before
    assert adapters.generations.serving().held_until is None


def test_a_hold_that_has_run_out_is_no_moment(adapters: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a process was paused in the middle of it: workers may be at work again."""
    time = Time()
    catching_up = Rebuild._catch_up
    paused: list[bool] = []

    def slow(self: Rebuild) -> None:
        if adapters.generations.serving().held_until is not None and not paused:
            paused.append(True)
            time.now += 2 * HELD
        catching_up(self)

    monkeypatch.setattr(rebuild.Rebuild, "_catch_up", slow)
    _upgrade(adapters, time).run()
    assert paused
    assert adapters.generations.switched_under > START + HELD  # type: ignore[attr-defined]
