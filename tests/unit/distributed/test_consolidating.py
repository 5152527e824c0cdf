"""What workers do with what was heard, over stores that fail."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors import memory
from pipelines.detection import detector_for
from pipelines.jobs.consolidating import PATIENCE_S, Consolidating
from pipelines.transforms.detect_for_dossiers import DetectForDossierFn, Heard
from schemas.article import Article
from schemas.codec import decode
from schemas.errors import Conflict, Unavailable
from schemas.state import ArticleState, State
from schemas.vocabulary import Origin, Stage
from tests.articles import stream

NOW = datetime(2026, 11, 1, tzinfo=UTC)


class Failing:
    """The store in memory; saves fail as told."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.failures: list[Exception] = []
        self.deadly: str | None = None
        """An article of which no state can be saved."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        return dict(self._inner.load(ids))

    def save(self, states: Sequence[State], *rest: Any, **others: Any) -> None:
        if self.failures:
            raise self.failures.pop()
        if any(isinstance(state, ArticleState) and state.id == f"article:{self.deadly}" for state in states):
            raise ZeroDivisionError("a bug that one article finds")
        self._inner.save(states, *rest, **others)


class World:
    """Adapters in memory, and what works on them."""

    def __init__(self) -> None:
        self.adapters = memory.Adapters()
        self.store = Failing(self.adapters.events)
        self.waited: list[float] = []
        self.work = Consolidating(
            self.store,
            self.adapters.developments,
            self.adapters.dead_letters,
            origin=Origin.LIVE,
            clock=lambda: NOW,
            sleep=self.waited.append,
        )

    def found(self) -> list[str]:
        return sorted(hit.event.id for hit in self.adapters.events.search(None, limit=1000))


def heard(count: int = 40) -> list[Heard]:
    """Of articles of which each says something."""
    detect = DetectForDossierFn(detector_for)
    return [one for article in stream(count, relevant=1.0, size=300) for _, one in detect.process(article)]


def test_conflicts_and_a_store_that_is_away_for_a_moment_change_nothing() -> None:
    """It is merged again, after a wait that doubles where something is away."""
    quiet, troubled = World(), World()
    quiet.work.consolidate(heard())
    troubled.store.failures = [Conflict("late"), Unavailable("away"), Unavailable("away"), Conflict("late")]
    troubled.work.consolidate(heard())
    assert troubled.found() == quiet.found() != []
    assert troubled.waited == [0.5, 1.0]
    assert troubled.adapters.developments.end() == quiet.adapters.developments.end()


def test_a_store_that_stays_away_fails_the_bundle_after_minutes() -> None:
    """So that the runner does it again from its last checkpoint."""
    world = World()
    world.store.failures = [Unavailable("away") for _ in range(1000)]
    with pytest.raises(Unavailable):
        world.work.consolidate(heard())
    assert PATIENCE_S <= sum(world.waited) <= PATIENCE_S + 10
    assert world.adapters.dead_letters.count() == {}


def test_an_article_that_makes_consolidation_raise_is_set_aside_whole_and_alone() -> None:
    """With the traceback; the others of its batch come through."""
    world, all_ = World(), heard()
    deadly = all_[17].article
    world.store.deadly = deadly.id
    world.work.consolidate(all_)
    [letter] = world.adapters.dead_letters.list()
    assert (letter.stage, decode(letter.data, Article)) == (Stage.ARTICLE, deadly)
    assert "ZeroDivisionError: a bug that one article finds" in letter.reason
    spared = World()
    spared.work.consolidate([one for one in all_ if one.article != deadly])
    assert world.found() == spared.found() != []


def test_what_was_heard_twice_is_told_once() -> None:
    """As after a restart from a checkpoint."""
    world = World()
    world.work.consolidate(heard())
    told = world.adapters.developments.end()
    world.work.consolidate(heard()[::-1])
    assert world.adapters.developments.end() == told > 0
