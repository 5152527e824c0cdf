"""What is to be delivered of a development."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from pipelines.matching import Audience, alerts
from schemas.development import Development
from schemas.subscription import Alert, AlertStatus, Subscription, alert_id
from schemas.vocabulary import Change, Origin
from tests.unit.query.events import RATIFICATION

NOON = datetime(2026, 5, 21, 12, tzinfo=UTC)
NEW = Development(
    id="dev-1", change=Change.NEW, cell="c", event=RATIFICATION, origin=Origin.LIVE, recorded=NOON, late_by=0.0
)


def _subscription(name: str, query: str, *, position: int = 0) -> Subscription:
    return Subscription(
        id=name, query=query, webhook="https://hook.example/", secret="whsec_", created=NOON, position=position
    )


def test_each_subscription_that_matches_has_its_alert_due_now() -> None:
    """In order of subscriptions, with the identifier that is the same at each try."""
    wanted = [_subscription("b", "party:IRN"), _subscription("a", "pact"), _subscription("c", "party:FRA")]
    assert alerts(wanted, NEW, offset=1, now=NOON) == tuple(
        Alert(
            id=alert_id(name, "dev-1"),
            subscription=name,
            development=NEW,
            status=AlertStatus.DUE,
            due=NOON,
            attempts=(),
        )
        for name in ("a", "b")
    )


@pytest.mark.parametrize("origin", [Origin.BACKFILL, Origin.REPLAY])
def test_only_what_is_live_alerts(origin: Origin) -> None:
    """An archive that is read again rings no bell."""
    assert alerts([_subscription("a", "*")], replace(NEW, origin=origin), offset=9, now=NOON) == ()


def test_what_was_known_before_the_subscription_is_not_sent() -> None:
    """The development stands in the log at or before the subscription's position."""
    audience = Audience([_subscription("a", "*", position=7), _subscription("b", "*", position=8)])
    sent = [[alert.subscription for alert in audience.alerts(NEW, offset=offset, now=NOON)] for offset in (7, 8, 9)]
    assert sent == [[], ["a"], ["a", "b"]]


def test_a_query_that_is_none_is_named_and_the_others_are_served() -> None:
    """One bad subscription silences nobody else."""
    audience = Audience([_subscription("a", "typo:("), _subscription("b", "pact")])
    assert [alert.subscription for alert in audience.alerts(NEW, offset=1, now=NOON)] == ["b"]
    assert {name: error.query for name, error in audience.unusable.items()} == {"a": "typo:("}
