"""Alive and ready: from the loop's pulse and what the servers say."""

from datetime import UTC, datetime, timedelta
from threading import RLock

import pytest

from connectors.memory import Adapters
from connectors.memory.log import MemoryLog, MemoryReader
from pipelines.jobs.observe.metrics import Metrics
from pipelines.jobs.observe.pulse import ALIVE_FOR_S, Pulse
from pipelines.jobs.observe.sampler import STALE_S, Sampler, questions
from schemas.article import Article
from schemas.errors import Unavailable
from schemas.feed import Feed, FeedState
from tests.integration.contract import records
from tests.unit.observe.test_counting import value


def now() -> datetime:
    """Of the moment: leases and delays are told by the real clock."""
    return datetime.now(UTC)


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_loop_that_stands_still_is_not_alive() -> None:
    """A step may take its time; one that neither ends nor begins for minutes hangs."""
    clock = Clock()
    pulse = Pulse(Metrics("detect"), clock)
    step = pulse.watched(lambda now: timedelta())
    clock.now += ALIVE_FOR_S
    assert pulse.alive() is None
    clock.now += 1
    assert pulse.alive() == f"no step has begun or ended for {ALIVE_FOR_S + 1:.0f} s"
    step(now())
    assert pulse.alive() is None


def test_a_job_is_not_ready_before_its_first_step_and_while_its_last_could_not_work() -> None:
    """It is ready again with the first step that can."""
    away = True

    def step(now: datetime) -> timedelta:
        if away:
            raise Unavailable("elasticsearch does not answer")
        return timedelta()

    metrics = Metrics("detect")
    pulse = Pulse(metrics)
    watched = pulse.watched(step)
    assert pulse.trouble() == "no step has ended yet"
    with pytest.raises(Unavailable):
        watched(now())
    assert pulse.trouble() == "elasticsearch does not answer"
    away = False
    watched(now())
    assert pulse.trouble() is None
    assert value(metrics, "treatywire_steps_total", outcome="unavailable") == 1
    assert value(metrics, "treatywire_steps_total", outcome="ok") == 1


def test_servers_that_do_not_answer_are_named() -> None:
    """Each is asked, the first that fails is told, and none is trusted on an old answer."""
    clock = Clock()
    asked = []
    away = [Unavailable("kafka is gone")]

    def articles() -> None:
        asked.append("articles")
        if away:
            raise away[0]

    sampler = Sampler({"articles log": articles, "index": lambda: asked.append("index")}, clock=clock)
    assert sampler.trouble() == "not asked yet"
    sampler.ask()
    assert asked == ["articles", "index"]
    assert sampler.trouble() == "articles log: kafka is gone"
    away.clear()
    sampler.ask()
    assert sampler.trouble() is None
    clock.now += STALE_S + 1
    assert sampler.trouble() == f"no answer for {STALE_S + 1:.0f} s"


def test_what_only_the_store_knows_is_asked() -> None:
    """Feeds by state, lag of both logs, events, and how overdue deliveries are."""
    adapters = Adapters()
    for number, state in enumerate(({"polled": now()}, {"polled": now(), "error": "gone"}, {"error": "gone"}, {})):
        url = f"https://{number}.example/"
        adapters.feeds.add(Feed(url=url))
        if state:
            adapters.feeds.save(FeedState(url=url, **state))  # type: ignore[arg-type]  # of both kinds
    adapters.articles.append([records.article(number) for number in range(5)])
    adapters.articles.reader("detect").commit(2)
    adapters.developments.append([records.development(1)])
    adapters.events.save((), [records.view("evt-one")])
    adapters.ledger.record([records.alert(1, due=now() - timedelta(minutes=5))])
    seen = {name: Metrics(name) for name in ("fetch", "detect", "alert", "deliver")}
    for name, metrics in seen.items():
        for question in questions(name, adapters, metrics).values():
            question()
    states = {state: value(seen["fetch"], "treatywire_feeds", state=state) for state in ("ok", "failing", "new")}
    assert states == {"ok": 1, "failing": 2, "new": 1}
    for name in ("fetch", "detect"):
        assert value(seen[name], "treatywire_lag_entries", log="articles") == 3
    assert value(seen["detect"], "treatywire_events") == 1
    for name in ("fetch", "alert"):
        assert value(seen[name], "treatywire_lag_entries", log="developments") == 1
    overdue = value(seen["deliver"], "treatywire_alert_overdue_seconds")
    assert overdue is not None
    assert 300 <= overdue < 400


def test_entries_that_nobody_has_read_are_counted_once() -> None:
    """A reader says how many it has missed in all; only the job that reads tells of it."""

    class Late(MemoryReader[Article]):
        """A reader whose log expires before it comes."""

        def missed(self) -> int:
            return next(missed)

    missed = iter((0, 3, 3, 5))
    adapters, metrics = Adapters(), Metrics("detect")
    late = Late(MemoryLog(RLock(), str), "detect")
    adapters.articles.reader = lambda name: late  # type: ignore[method-assign]
    ask = questions("detect", adapters, metrics)["articles log"]
    counted = []
    for _ in range(4):
        ask()
        counted.append(value(metrics, "treatywire_missed_entries_total", log="articles"))
    assert counted == [0, 3, 3, 5]


def test_nothing_due_is_not_overdue() -> None:
    """An alert that waits for its next try is not due."""
    adapters, metrics = Adapters(), Metrics("deliver")
    adapters.ledger.record([records.alert(1, due=now() + timedelta(hours=1))])
    for question in questions("deliver", adapters, metrics).values():
        question()
    assert value(metrics, "treatywire_alert_overdue_seconds") == 0
