"""What is counted at the ports, over the adapters in memory."""

import inspect
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from prometheus_client import CollectorRegistry

from connectors.memory import Adapters
from pipelines.jobs.detect import Engine
from pipelines.jobs.observe import Metrics, observed, observed_engine
from pipelines.jobs.observe.counting import Counting
from pipelines.jobs.observe.tenure import Tenure
from pipelines.transforms.rejected import Rejected
from schemas import ports
from schemas.article import Article
from schemas.errors import Conflict, FencedOff, Unavailable
from schemas.event import Quote
from schemas.feed import FeedState
from schemas.mention import Mention, Span
from schemas.ports import Entry, Position
from schemas.state import Report, Source, Statement
from schemas.subscription import AlertStatus, Attempt
from schemas.vocabulary import EventType, Modality
from tests.integration.contract import records


def now() -> datetime:
    """Of the moment: leases and delays are told by the real clock."""
    return datetime.now(UTC)


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """One sample, or None where there is no such series."""
    registry = CollectorRegistry()
    registry.register(metrics)
    return registry.get_sample_value(name, {"component": metrics.component, **labels})


class Found:
    """An engine that finds one planned signature in each batch."""

    def run(self, batch: Sequence[Entry[Article]]) -> tuple[list[tuple[str, Statement]], list[Rejected]]:
        mention = Mention(
            type=EventType.SIGNATURE, modality=Modality.SCHEDULED, actors=(), evidence=(Span(0, 1),), confidence=0.5
        )
        source = Source(article="art-1", revision=1, outlet="Wire", seen=now())
        return [("agg-1", Statement(source, (Report(mention, Quote("x")),)))], []


@pytest.mark.parametrize(
    ("port", "call", "hook"),
    [
        (ports.ArticleLog, "append", Counting.appended_articles),
        (ports.DeadLetters, "add", Counting.added_letters),
        (ports.DevelopmentLog, "append", Counting.appended_developments),
        (ports.EventStore, "save", Counting.saved_states),
        (ports.Feeds, "save", Counting.saved_feed),
        (ports.Leases, "acquire", Tenure.acquired),
        (ports.Leases, "release", Tenure.released),
        (ports.Ledger, "record", Counting.recorded_alerts),
        (ports.Ledger, "update", Counting.updated_alert),
        (ports.Reader, "commit", Counting.committed),
        (ports.Reader, "read", Counting.read),
        (Engine, "run", Counting.detected),
    ],
)
def test_what_counts_takes_what_the_port_takes(port: type, call: str, hook: object) -> None:
    """Names, order and defaults are those of the call, after the result: however a job calls, it is counted."""
    theirs = list(inspect.signature(getattr(port, call)).parameters.values())[1:]
    ours = list(inspect.signature(hook).parameters.values())[2:]  # type: ignore[arg-type]  # a function
    assert [(one.name, one.kind, one.default) for one in ours] == [(one.name, one.kind, one.default) for one in theirs]


def test_articles_are_counted_from_their_log_to_the_index() -> None:
    """Those that are read are done once the position has passed them, and their age then is the latency."""
    adapters = Adapters()
    fetching, detecting = Metrics("fetch"), Metrics("detect")
    fetched = now() - timedelta(seconds=4)
    observed(adapters, fetching).articles.append([records.article(number, fetched=fetched) for number in range(3)])
    assert value(fetching, "treatywire_articles_fetched_total") == 3

    seen = observed(adapters, detecting)
    entries = seen.articles.reader("detect").read(2)
    assert value(detecting, "treatywire_articles_read_total") == 2
    assert value(detecting, "treatywire_articles_done_total") == 0
    seen.events.save((), (), (), [records.letter(1)], Position("detect", entries[0].offset))
    assert value(detecting, "treatywire_articles_done_total") == 1
    seen.articles.reader("detect").commit(entries[1].offset)
    assert value(detecting, "treatywire_articles_done_total") == 2
    assert value(detecting, "treatywire_dead_letters_total", stage="article") == 1
    assert value(detecting, "treatywire_searchable_seconds_count") == 2
    assert value(detecting, "treatywire_searchable_seconds_bucket", le="3.0") == 0
    assert value(detecting, "treatywire_searchable_seconds_bucket", le="1800.0") == 2
    assert value(detecting, "treatywire_call_seconds_count", port="events", call="save") == 1


def test_articles_that_are_read_again_are_done_once() -> None:
    """A batch that failed is read anew: what was read counts twice, what is done once."""
    adapters, metrics = Adapters(), Metrics("detect")
    adapters.articles.append([records.article(1)])
    seen = observed(adapters, metrics)
    reader = seen.articles.reader("detect")
    reader.read(5)
    (entry,) = reader.read(5)
    seen.events.save((), (), position=Position("detect", entry.offset))
    seen.events.save((), (), position=Position("detect", entry.offset))
    assert value(metrics, "treatywire_articles_read_total") == 2
    assert value(metrics, "treatywire_articles_done_total") == 1


def test_mentions_and_developments_are_counted_by_type() -> None:
    """By type and modality when found, by type and change when published."""
    metrics = Metrics("detect")
    observed_engine(Found(), metrics).run([])
    observed(Adapters(), metrics).developments.append([records.development(1), records.development(2)])
    assert value(metrics, "treatywire_mentions_total", type="signature", modality="scheduled") == 1
    assert value(metrics, "treatywire_developments_total", type="ratification", change="new", origin="live") == 2


def test_deliveries_are_counted_by_outcome_and_timed_from_the_finding() -> None:
    """One that comes about, one that is to be tried again, one that is given up."""
    adapters, metrics = Adapters(), Metrics("deliver")
    alerts = [records.alert(number) for number in range(3)]
    adapters.ledger.record(alerts)
    seen = observed(adapters, metrics)
    for alert, status in zip(alerts, AlertStatus, strict=True):
        attempt = Attempt(alert.development.recorded + timedelta(seconds=7), "204")
        seen.ledger.update(replace(alert, status=status, attempts=(attempt,)))
    for outcome in ("delivered", "again", "given_up"):
        assert value(metrics, "treatywire_deliveries_total", outcome=outcome) == 1
    assert value(metrics, "treatywire_delivered_seconds_sum") == 7


def test_alerts_and_polls_are_counted() -> None:
    """Those noted in the ledger; feeds by whether they answered."""
    adapters, alerting, fetching = Adapters(), Metrics("alert"), Metrics("fetch")
    observed(adapters, alerting).ledger.record([records.alert(1), records.alert(2)], Position("alert", 1))
    seen = observed(adapters, fetching)
    seen.feeds.save(FeedState(url="https://one.example/"))
    seen.feeds.save(FeedState(url="https://two.example/", error="no answer"))
    seen.feeds.save(FeedState(url="https://two.example/", error="no answer"))
    assert value(alerting, "treatywire_alerts_total") == 2
    assert value(fetching, "treatywire_feed_polls_total", outcome="ok") == 1
    assert value(fetching, "treatywire_feed_polls_total", outcome="failed") == 2


def test_leases_are_held_until_given_back_or_run_out() -> None:
    """By the first word of their name; one that somebody else holds is not ours."""
    adapters, metrics = Adapters(), Metrics("deliver")
    leases = observed(adapters, metrics).leases
    held = leases.acquire("deliver/one", "us", timedelta(minutes=1), now())
    leases.acquire("deliver/two", "us", timedelta(minutes=1), now() - timedelta(hours=1))
    adapters.leases.acquire("deliver/three", "them", timedelta(minutes=1), now())
    assert leases.acquire("deliver/three", "us", timedelta(minutes=1), now()) is None
    assert value(metrics, "treatywire_leases_held", kind="deliver") == 1
    assert held is not None
    leases.release(held)
    assert value(metrics, "treatywire_leases_held", kind="deliver") == 0


def test_errors_are_counted_by_kind_and_raised_on() -> None:
    """What a port raises reaches the job as it was."""
    adapters, metrics = Adapters(), Metrics("detect")
    seen = observed(adapters, metrics)
    seen.events.save([records.aggregate("agg-1")], ())
    with pytest.raises(Conflict):
        seen.events.save([records.aggregate("agg-1")], ())
    lease = seen.leases.acquire("job:detect", "us", timedelta(seconds=1), now() - timedelta(hours=1))
    assert lease is not None
    adapters.leases.acquire("job:detect", "them", timedelta(seconds=1), now())
    with pytest.raises(FencedOff):
        seen.leases.check(lease)
    assert value(metrics, "treatywire_call_errors_total", port="events", error="Conflict") == 1
    assert value(metrics, "treatywire_call_errors_total", port="leases", error="FencedOff") == 1


def test_an_error_that_is_none_of_ours_is_a_bug() -> None:
    """Its name would make a new series for each library's whim."""

    class Broken:
        def run(self, batch: Sequence[Entry[Article]]) -> tuple[list[tuple[str, Statement]], list[Rejected]]:
            raise ZeroDivisionError

    metrics = Metrics("detect")
    with pytest.raises(ZeroDivisionError):
        observed_engine(Broken(), metrics).run([])
    assert value(metrics, "treatywire_call_errors_total", port="engine", error="Bug") == 1


def test_what_is_not_counted_passes_through() -> None:
    """Other methods, and what adapters have besides ports."""
    adapters = Adapters()
    seen = observed(adapters, Metrics("fetch"))
    seen.articles.append([records.article(1)])
    assert seen.articles.end() == adapters.articles.end() == 1
    assert seen.readers_share is adapters.readers_share


def test_a_process_shows_the_metrics_of_its_own_job_only() -> None:
    """A count that can only ever be nought tells nothing."""
    assert value(Metrics("alert"), "treatywire_articles_done_total") is None
    assert value(Metrics("detect"), "treatywire_articles_done_total") == 0
    assert value(Metrics("run"), "treatywire_call_seconds_count", port="events", call="save") is None


def test_unavailable_is_counted_where_it_is_raised() -> None:
    """The name of the port says which server is away."""

    class Away(Adapters):
        def __init__(self) -> None:
            super().__init__()
            self.articles.append = self._raise  # type: ignore[method-assign]

        def _raise(self, *_: object, **__: object) -> None:
            raise Unavailable("kafka does not answer")

    metrics = Metrics("fetch")
    with pytest.raises(Unavailable):
        observed(Away(), metrics).articles.append([])
    assert value(metrics, "treatywire_call_errors_total", port="articles", error="Unavailable") == 1
