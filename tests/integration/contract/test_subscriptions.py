"""Subscriptions."""

from msgspec.structs import replace

from schemas.subscription import AlertStatus, Attempt
from tests.integration.contract.records import MINUTE, NOON, alert, subscription
from tests.integration.contract.stores import Ports, Store


def test_subscriptions_are_listed_by_creation_then_id(store: Store) -> None:
    """Whole, and also by the next process."""
    first, second, third = subscription("b"), subscription("c"), subscription("a", created=NOON + MINUTE)
    for one in (third, second, first):
        store.ports.subscriptions.add(one)
    assert list(store.ports.subscriptions.list()) == [first, second, third]
    assert list(store.reopen().subscriptions.list()) == [first, second, third]


def test_adding_again_is_safe(ports: Ports) -> None:
    """A retry after a failure leaves one subscription."""
    ports.subscriptions.add(subscription("a"))
    ports.subscriptions.add(subscription("a"))
    assert list(ports.subscriptions.list()) == [subscription("a")]


def test_remove_tells_whether_it_was_there(ports: Ports) -> None:
    """Once."""
    ports.subscriptions.add(subscription("a"))
    ports.subscriptions.add(subscription("b"))
    assert ports.subscriptions.remove("a") is True
    assert ports.subscriptions.remove("a") is False
    assert list(ports.subscriptions.list()) == [subscription("b")]


def test_remove_gives_up_what_is_due(ports: Ports) -> None:
    """Its due deliveries fail with their tries kept; what was delivered stays so, and others are not touched."""
    for name in ("gone", "kept"):
        ports.subscriptions.add(subscription(name))
    tried = replace(alert(1, to="gone"), attempts=(Attempt(NOON, "503"),), due=NOON + MINUTE)
    done = replace(alert(2, to="gone"), status=AlertStatus.DELIVERED)
    other = alert(3, to="kept")
    ports.ledger.record([alert(1, to="gone"), alert(2, to="gone"), other])
    ports.ledger.update(tried)
    ports.ledger.update(done)
    ports.subscriptions.remove("gone")
    assert list(ports.ledger.due(NOON + 10 * MINUTE, 10)) == [other]
    assert list(ports.ledger.list("gone")) == [done, replace(tried, status=AlertStatus.FAILED)]
