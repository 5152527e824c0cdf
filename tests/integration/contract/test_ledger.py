"""The delivery ledger."""

import pytest
from msgspec.structs import replace

from schemas.errors import Conflict
from schemas.ports import Position
from schemas.subscription import AlertStatus, Attempt
from tests.integration.contract.records import MINUTE, NOON, alert, development
from tests.integration.contract.stores import Ports, Store


def test_record_adds_alerts_and_moves_the_reader(store: Store) -> None:
    """Both are there afterwards, also for the next process, and nothing is in flight any more."""
    store.ports.developments.append([development(1), development(2)])
    reader = store.ports.developments.reader("alert")
    entries = reader.read(10)
    reader.begin(entries[0].offset, entries[1].offset)
    store.ports.ledger.record([alert(1), alert(2)], Position("alert", entries[1].offset))
    after = store.reopen()
    assert list(after.ledger.list()) == [alert(2), alert(1)]
    assert after.developments.reader("alert").position() == entries[1].offset
    assert after.developments.reader("alert").in_flight() is None
    assert after.articles.reader("alert").position() == 0


def test_record_leaves_what_is_there(ports: Ports) -> None:
    """The same development read again does not send again what was delivered, nor forget tries."""
    delivered = replace(alert(1), status=AlertStatus.DELIVERED, attempts=(Attempt(NOON, "204"),))
    ports.ledger.record([alert(1)])
    ports.ledger.update(delivered)
    ports.ledger.record([alert(1), alert(2)])
    assert list(ports.ledger.list()) == [alert(2), delivered]
    assert list(ports.ledger.due(NOON, 10)) == [alert(2)]


def test_an_alert_given_twice_at_once_keeps_its_first_place(ports: Ports) -> None:
    """A log that repeats a development among others does not change their order."""
    ports.ledger.record([alert(1), alert(2), alert(1)])
    assert list(ports.ledger.list()) == [alert(2), alert(1)]
    assert list(ports.ledger.due(NOON, 10)) == [alert(1), alert(2)]


def test_a_position_may_come_without_alerts(ports: Ports) -> None:
    """Developments that concern nobody are passed all the same; a position never goes back."""
    ports.ledger.record([], Position("alert", 7))
    ports.ledger.record([], Position("alert", 5))
    assert ports.developments.reader("alert").position() == 7


def test_due_gives_the_longest_due_first(ports: Ports) -> None:
    """Up to the limit, then in the order of recording; what is due later or no longer is left out."""
    late, early, same = alert(1, due=NOON + MINUTE), alert(2), alert(3, due=NOON + MINUTE)
    failed = alert(4)
    ports.ledger.record([late, early, same, failed, alert(5, due=NOON + 2 * MINUTE)])
    ports.ledger.update(replace(failed, status=AlertStatus.FAILED))
    assert list(ports.ledger.due(NOON + MINUTE, 10)) == [early, late, same]
    assert list(ports.ledger.due(NOON + MINUTE, 2)) == [early, late]
    assert list(ports.ledger.due(NOON, 10)) == [early]


def test_due_leaves_out_subscriptions_that_are_not_asked_for(ports: Ports) -> None:
    """So that a slow endpoint's backlog holds up nobody else, whatever the limit."""
    backlog = [alert(number, to="slow") for number in range(5)]
    ports.ledger.record([*backlog, alert(6, to="fast"), alert(7, to="third")])
    assert list(ports.ledger.due(NOON, 1, {"slow", "third"})) == [alert(6, to="fast")]
    assert list(ports.ledger.due(NOON, 9, ["fast", "third"])) == backlog
    assert list(ports.ledger.due(NOON, 9, without={"slow", "fast", "third", "none"})) == []


def test_update_replaces_what_is_recorded(store: Store) -> None:
    """The tries, and when to try again; the delivery is due at its new time, also for the next process."""
    store.ports.ledger.record([alert(1)])
    again = replace(alert(1), due=NOON + MINUTE, attempts=(Attempt(NOON, "503"), Attempt(NOON, "timeout")))
    store.ports.ledger.update(again)
    ledger = store.reopen().ledger
    assert list(ledger.due(NOON, 10)) == []
    assert list(ledger.due(NOON + MINUTE, 10)) == [again]


def test_update_takes_no_try_that_knows_nothing_of_another(ports: Ports) -> None:
    """Whoever was paused during a try and wakes late takes nothing back; saying the same again changes nothing."""
    ports.ledger.record([alert(1)])
    first = replace(alert(1), due=NOON + MINUTE, attempts=(Attempt(NOON, "503"),))
    second = replace(first, status=AlertStatus.DELIVERED, attempts=(*first.attempts, Attempt(NOON + MINUTE, "204")))
    late = replace(first, attempts=(Attempt(NOON, "timeout"),))
    ports.ledger.update(first)
    for done in (first, second, second):
        ports.ledger.update(done)
        with pytest.raises(Conflict):
            ports.ledger.update(late)
        assert list(ports.ledger.list()) == [done]
    with pytest.raises(Conflict):
        ports.ledger.update(first)
    assert list(ports.ledger.list()) == [second]


def test_the_list_is_newest_first(ports: Ports) -> None:
    """By recording, whatever was updated since; of one subscription or of all, up to the limit."""
    ports.ledger.record([alert(1), alert(2, to="sub-two"), alert(3)])
    ports.ledger.update(alert(1))
    assert list(ports.ledger.list()) == [alert(3), alert(2, to="sub-two"), alert(1)]
    assert list(ports.ledger.list("sub-one")) == [alert(3), alert(1)]
    assert list(ports.ledger.list(limit=1)) == [alert(3)]
    assert list(ports.ledger.list("sub-none")) == []
