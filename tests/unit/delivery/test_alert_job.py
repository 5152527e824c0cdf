"""The alert job over adapters in memory."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import structlog
from msgspec.structs import replace

from connectors.memory import Adapters
from pipelines.jobs.alert import POLL, AlertJob
from pipelines.matching import Audience
from schemas.codec import encode
from schemas.development import Development
from schemas.errors import Unavailable
from schemas.ports import Entry, Position, Unreadable
from schemas.subscription import Alert, AlertStatus, alert_id
from schemas.vocabulary import Change, Origin, Stage
from tests.unit.delivery.records import NOON, a_development, a_subscription

LATER = NOON + timedelta(minutes=5)


def a_job(adapters: Adapters, **changed: Any) -> AlertJob:
    """An alert job over these adapters."""
    ports: dict[str, Any] = {
        "developments": adapters.developments.reader("alert"),
        "subscriptions": adapters.subscriptions,
        "ledger": adapters.ledger,
        "dead_letters": adapters.dead_letters,
    }
    return AlertJob(**(ports | changed))


def sent(adapters: Adapters) -> list[tuple[str, str]]:
    """(subscription, event) of all alerts, in order of recording."""
    alerts = reversed(adapters.ledger.list(None, 10_000))
    return [(alert.subscription, alert.development.event.id) for alert in alerts]


class Log:
    """A reader of entries that a log of its own could not hold."""

    def __init__(self, entries: Sequence[Entry[Development]]) -> None:
        self.entries = entries

    def read(self, limit: int) -> Sequence[Entry[Development]]:
        """The first ones."""
        return self.entries[:limit]


def test_a_live_development_becomes_one_alert_for_each_subscription_that_asked() -> None:
    """The alert is whole, due at once, and under the id that its subscription and development give it."""
    adapters = Adapters()
    for name, query in (("desk", "party:IRN"), ("wire", "type:ratification"), ("court", "type:dispute")):
        adapters.subscriptions.add(a_subscription(name, query=query))
    adapters.developments.append([a_development()])
    job = a_job(adapters)
    assert job.step(LATER) == timedelta()
    assert sorted(adapters.ledger.list(), key=lambda alert: alert.subscription) == [
        Alert(id=alert_id(name, a_development().id), subscription=name, development=a_development(), due=LATER)
        for name in ("desk", "wire")
    ]
    assert job.step(LATER) == POLL
    assert len(adapters.ledger.list()) == 2


@pytest.mark.parametrize(
    "development",
    [
        a_development(change=Change.HISTORY, news=False),
        a_development(change=Change.CORROBORATED),
        a_development(origin=Origin.BACKFILL),
        a_development(origin=Origin.REPLAY),
        a_development(party="FRA"),
    ],
    ids=["history", "corroboration", "backfill", "replay", "another-party"],
)
def test_what_is_no_news_to_a_subscription_sends_nothing(development: Development) -> None:
    """It is read, and done with."""
    adapters = Adapters()
    adapters.subscriptions.add(a_subscription())
    adapters.developments.append([development])
    a_job(adapters).step(LATER)
    assert adapters.ledger.list() == []
    assert adapters.developments.reader("alert").position() == 1


def test_what_was_known_before_the_subscription_sends_nothing() -> None:
    """Even where the alert job had not read it by then."""
    adapters = Adapters()
    adapters.developments.append([a_development(1), a_development(2)])
    adapters.subscriptions.add(a_subscription(position=adapters.developments.end()))
    adapters.developments.append([a_development(3)])
    a_job(adapters).step(LATER)
    assert sent(adapters) == [("desk", "event-3")]


def test_corroboration_is_sent_to_those_who_ask_for_it() -> None:
    """A query that names a change hears of that change."""
    adapters = Adapters()
    adapters.subscriptions.add(a_subscription(query="change:corroborated"))
    adapters.developments.append([a_development(1), a_development(2, change=Change.CORROBORATED)])
    a_job(adapters).step(LATER)
    assert sent(adapters) == [("desk", "event-2")]


def test_alerts_are_due_in_the_order_of_the_log() -> None:
    """Over batches too."""
    adapters = Adapters()
    adapters.subscriptions.add(a_subscription())
    adapters.developments.append([a_development(number) for number in range(1, 31)])
    job = a_job(adapters, batch=7)
    while not job.step(LATER):
        pass
    due = adapters.ledger.due(LATER, 100)
    assert [alert.development.event.id for alert in due] == [f"event-{number}" for number in range(1, 31)]


def test_a_subscription_added_or_removed_by_another_process_counts_from_the_next_batch() -> None:
    """The subscriptions are read anew."""
    adapters = Adapters()
    job = a_job(adapters)
    adapters.subscriptions.add(a_subscription("desk"))
    adapters.developments.append([a_development(1)])
    job.step(LATER)
    adapters.subscriptions.add(a_subscription("wire"))
    adapters.subscriptions.remove("desk")
    adapters.developments.append([a_development(2)])
    job.step(LATER)
    assert sent(adapters) == [("desk", "event-1"), ("wire", "event-2")]


def test_subscriptions_are_indexed_anew_only_when_they_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand of them cost a batch no more than a comparison."""
    indexed = []

    def counting(subscriptions: Any) -> Audience:
        indexed.append(len(subscriptions))
        return Audience(subscriptions)

    adapters = Adapters()
    adapters.subscriptions.add(a_subscription("desk"))
    job = a_job(adapters)
    monkeypatch.setattr("pipelines.jobs.alert.Audience", counting)
    for number in (1, 2, 3):
        adapters.developments.append([a_development(number)])
        job.step(LATER)
    assert indexed == [1]
    adapters.subscriptions.add(a_subscription("wire"))
    adapters.developments.append([a_development(4)])
    job.step(LATER)
    assert indexed == [1, 2]


def test_a_query_that_no_longer_parses_is_named_once_and_the_others_hear() -> None:
    """Its owner's silence is told, not repeated with every batch."""
    adapters = Adapters()
    adapters.subscriptions.add(a_subscription("desk"))
    adapters.subscriptions.add(a_subscription("old", query="partei:IRN"))
    job = a_job(adapters)
    with structlog.testing.capture_logs() as logs:
        for number in (1, 2):
            adapters.developments.append([a_development(number)])
            adapters.subscriptions.add(a_subscription(f"new-{number}", query="type:dispute"))
            job.step(LATER)
    assert sent(adapters) == [("desk", "event-1"), ("desk", "event-2")]
    assert [(log["event"], log["subscription"]) for log in logs] == [("a subscription hears nothing", "old")]


def test_an_entry_that_cannot_be_read_is_set_aside_and_the_others_go_on() -> None:
    """Its bytes, place and reason are kept."""
    adapters = Adapters()
    adapters.subscriptions.add(a_subscription())
    log = Log([Entry(4, a_development(1)), Entry(5, Unreadable(b"{", "not valid")), Entry(6, a_development(2))])
    a_job(adapters, developments=log).step(LATER)
    assert sent(adapters) == [("desk", "event-1"), ("desk", "event-2")]
    [letter] = adapters.dead_letters.list()
    assert (letter.stage, letter.data, letter.reason) == (Stage.RECORD, b"{", "not valid")
    assert (letter.source, letter.recorded) == ("developments log, offset 5", LATER)
    assert adapters.developments.reader("alert").position() == 6


def test_a_subscription_that_makes_the_matching_raise_costs_nobody_else_an_alert(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is named, and the development kept with the traceback."""
    honest = Audience.alerts

    def raising(audience: Audience, development: Development, **rest: Any) -> tuple[Alert, ...]:
        if "cursed" in audience._subscriptions:
            raise ZeroDivisionError("matching is broken")
        return honest(audience, development, **rest)

    monkeypatch.setattr(Audience, "alerts", raising)
    adapters = Adapters()
    for name in ("cursed", "desk"):
        adapters.subscriptions.add(a_subscription(name))
    adapters.developments.append([a_development()])
    with structlog.testing.capture_logs() as logs:
        a_job(adapters).step(LATER)
    assert sent(adapters) == [("desk", "event-1")]
    assert [(log["event"], log["subscription"]) for log in logs] == [("matching failed", "cursed")]
    [letter] = adapters.dead_letters.list()
    assert letter.data == encode(a_development())
    assert letter.reason.splitlines()[-1] == "ZeroDivisionError: matching is broken"


def test_a_batch_whose_alerts_could_not_be_recorded_is_read_again() -> None:
    """Alerts and position are recorded at once; in the end each alert is there once, with the tries it had."""

    class Away:
        """A ledger that does what it is told and then cannot say so."""

        def record(self, alerts: Sequence[Alert], position: Position | None = None) -> None:
            """Records without the position, as a crash between two writes would."""
            del position
            adapters.ledger.record(alerts)
            raise Unavailable("the connection was lost")

    adapters = Adapters()
    adapters.subscriptions.add(a_subscription())
    adapters.developments.append([a_development(1), a_development(2)])
    with pytest.raises(Unavailable):
        a_job(adapters, ledger=Away()).step(NOON)
    first = adapters.ledger.due(NOON, 1)[0]
    adapters.ledger.update(replace(first, status=AlertStatus.DELIVERED))
    a_job(adapters).step(LATER)
    assert sent(adapters) == [("desk", "event-1"), ("desk", "event-2")]
    assert [alert.status for alert in adapters.ledger.list()] == [AlertStatus.DUE, AlertStatus.DELIVERED]
