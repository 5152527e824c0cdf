"""The event store: events and dossiers as they are looked up."""

import pytest

from tests.integration.contract.records import MINUTE, NOON, dossier, view
from tests.integration.contract.stores import Ports, Store


def test_an_event_is_found_by_its_id(store: Store) -> None:
    """As it was saved, also by the next process; an unknown id finds nothing."""
    store.ports.events.save([], [view("evt-abcd1", aliases=("evt-zzzz",), date="2026-05")])
    for ports in (store.ports, store.reopen()):
        assert ports.events.event("evt-abcd1") == view("evt-abcd1", aliases=("evt-zzzz",), date="2026-05")
        assert ports.events.event("evt-none") is None


@pytest.mark.parametrize("typed", ["evt-abcd1", "evt-abcd", "evt-zzzz1", "evt-zzzz"])
def test_an_event_is_found_by_alias_and_unique_beginning(ports: Ports, typed: str) -> None:
    """Of its id or of an alias."""
    ports.events.save([], [view("evt-abcd1", aliases=("evt-zzzz1", "evt-zzzz2")), view("evt-abce1")])
    found = ports.events.event(typed)
    assert found is not None
    assert found.id == "evt-abcd1"


@pytest.mark.parametrize(
    "typed", ["", "evt", "evt-", "evt-abc", "evt-xyz", "abcd", "evt-xxxx", "EVT-ABCD1", "evt-xx%", "evt-\udcff\udcff"]
)
def test_what_is_too_short_or_begins_several_finds_nothing(ports: Ports, typed: str) -> None:
    """At least four characters after the dash, and one event."""
    ports.events.save([], [view("evt-abcd1"), view("evt-xxxx1"), view("evt-xxxx2"), view("evt-xyz")])
    assert ports.events.event(typed) == (view("evt-xyz") if typed == "evt-xyz" else None)


def test_an_id_counts_before_an_alias(ports: Ports) -> None:
    """An event that stands under an id is found by it, though another might have been known so."""
    ports.events.save([], [view("evt-aaaa", aliases=("evt-bbbb",)), view("evt-bbbb")])
    found = ports.events.event("evt-bbbb")
    assert found is not None
    assert found.id == "evt-bbbb"


def test_an_older_view_is_ignored(ports: Ports) -> None:
    """With its aliases and words; one of the same revision or a later one replaces what is there."""
    events = ports.events
    events.save([], [view("evt-abcd1", revision=5, aliases=("evt-five",))])
    events.save([], [view("evt-abcd1", revision=4, aliases=("evt-four",))])
    assert events.event("evt-abcd1") == view("evt-abcd1", revision=5, aliases=("evt-five",))
    assert events.event("evt-four") is None
    same = view("evt-abcd1", revision=5, aliases=("evt-same",))
    events.save([], [same])
    assert events.event("evt-same") == same
    assert events.event("evt-five") is None
    later = view("evt-abcd1", revision=6)
    events.save([], [later])
    assert [hit.event for hit in events.search(None)] == [later]
    assert events.event("evt-same") is None


def test_a_retired_event_is_gone_and_found_by_alias(store: Store) -> None:
    """Where another view lists it; its own aliases lead nowhere any more; unknown ids are no error."""
    store.ports.events.save([], [view("evt-bbbb1", aliases=("evt-cccc1",)), view("evt-dddd1")])
    one = view("evt-aaaa1", aliases=("evt-bbbb1",))
    store.ports.events.save([], [one], retired=iter(["evt-bbbb1", "evt-dddd1", "evt-none"]))
    for ports in (store.ports, store.reopen()):
        assert [hit.event for hit in ports.events.search(None)] == [one]
        assert ports.events.count(None) == 1
        assert ports.events.event("evt-bbbb1") == one
        assert ports.events.event("evt-cccc1") is None
        assert ports.events.event("evt-dddd1") is None
        assert list(ports.events.events_of("dos-one")) == [one]


def test_a_retired_event_may_come_back(ports: Ports) -> None:
    """At whatever revision."""
    ports.events.save([], [view("evt-abcd1", revision=5)])
    ports.events.save([], [], retired=["evt-abcd1"])
    ports.events.save([], [view("evt-abcd1", revision=1)])
    assert ports.events.event("evt-abcd1") == view("evt-abcd1", revision=1)


def test_events_of_a_dossier_come_by_date_then_id(ports: Ports) -> None:
    """The undated stand on the day they were first seen; those of other dossiers do not come."""
    expected = [
        view("evt-3333", date="2025"),
        view("evt-2222", date="2026-05-20"),
        view("evt-1111", date="2026-05-21"),
        view("evt-4444", first_seen=NOON + 5 * MINUTE),
        view("evt-5555", first_seen=NOON),
        view("evt-0000", date="2026-05-21/2026-05-23"),
    ]
    ports.events.save([], [*expected[::-1], view("evt-9999", dossier="dos-two")])
    assert list(ports.events.events_of("dos-one")) == expected
    ports.events.save([], [view("evt-2222", revision=2, dossier="dos-two")])
    assert [event.id for event in ports.events.events_of("dos-one")] == [
        "evt-3333",
        "evt-1111",
        "evt-4444",
        "evt-5555",
        "evt-0000",
    ]
    assert list(ports.events.events_of("dos-none")) == []


def test_a_dossier_is_found_by_id_alias_and_unique_beginning(store: Store) -> None:
    """As it was saved, one version on; also by the next process."""
    store.ports.events.save([dossier("dos-aaaa", aliases=("dos-bbbb",)), dossier("dos-aabb"), dossier("npt")], [])
    for ports in (store.ports, store.reopen()):
        for typed in ("dos-aaaa", "dos-bbbb", "dos-aaa", "dos-b"):
            assert ports.events.dossier(typed) == dossier("dos-aaaa", version=1, aliases=("dos-bbbb",))
        assert ports.events.dossier("np") == dossier("npt", version=1)
        for typed in ("", "dos-aa", "dos-c", "x", "dos-\udcff"):
            assert ports.events.dossier(typed) is None


def test_a_dossier_that_turned_out_to_be_another_leads_to_it(ports: Ports) -> None:
    """Also where its own state is still there, over any number of turns, and by its beginning."""
    ports.events.save([dossier("dos-aaaa"), dossier("dos-bbbb"), dossier("dos-cccc")], [])
    ports.events.save([dossier("dos-bbbb", version=1, aliases=("dos-cccc",))], [])
    assert ports.events.dossier("dos-cccc") == dossier("dos-bbbb", version=2, aliases=("dos-cccc",))
    ports.events.save([dossier("dos-aaaa", version=1, aliases=("dos-bbbb",))], [])
    for typed in ("dos-aaaa", "dos-bbbb", "dos-cccc", "dos-c", "dos-"):
        assert ports.events.dossier(typed) == dossier("dos-aaaa", version=2, aliases=("dos-bbbb",))
    ports.events.save([dossier("dos-aaaa", version=2)], [])
    assert ports.events.dossier("dos-bbbb") == dossier("dos-bbbb", version=2, aliases=("dos-cccc",))


def test_a_state_of_another_kind_is_no_dossier(ports: Ports) -> None:
    """Only dossiers are found as such."""
    ports.events.save([], [view("evt-abcd1")])
    assert ports.events.dossier("evt-abcd1") is None
