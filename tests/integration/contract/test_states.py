"""The event store: states, their versions and their outboxes."""

import pytest
from msgspec.structs import replace

from schemas.errors import Conflict
from schemas.ports import EventStore, Position
from schemas.state import ArticleState, KinState, State
from tests.integration.contract.records import aggregate, article, development, dossier, letter, view
from tests.integration.contract.stores import Ports, Store


def _load(events: EventStore, *ids: str) -> dict[str, State]:
    return dict(events.load(iter(ids)))


def test_a_state_of_each_kind_is_loaded_as_it_was_saved(store: Store) -> None:
    """Outbox and all, one version on, by id, also by the next process; what does not exist is absent."""
    states: list[State] = [
        aggregate("agg-1", cells=3, outbox=(development(2), development(1))),
        dossier("dos-1", aliases=("dos-2",), outbox=(development(3),)),
        KinState(id="kin-1", dossiers={"dos-1": ("nuclear", "treaty")}),
        ArticleState(id="art-1", revision=2, aggregates=("agg-1",)),
    ]
    store.ports.events.save(states, [])
    expected = {state.id: replace(state, version=1) for state in states}
    assert _load(store.ports.events, *expected, "agg-none") == expected
    assert _load(store.reopen().events, *expected, "agg-none") == expected
    assert _load(store.reopen().events) == {}


def test_each_save_is_one_version_on(ports: Ports) -> None:
    """The version counts saves."""
    ports.events.save([aggregate("agg-1")], [])
    ports.events.save([aggregate("agg-1", version=1, cells=1)], [])
    ports.events.save([aggregate("agg-1", version=2, cells=2)], [])
    assert _load(ports.events, "agg-1") == {"agg-1": aggregate("agg-1", version=3, cells=2)}


@pytest.mark.parametrize("version", [0, 1, 3])
def test_a_conflict_writes_nothing(ports: Ports, version: int) -> None:
    """Another version than the stored one: no state, view, retirement, letter or position of that save is there."""
    events = ports.events
    ports.articles.append([article(1), article(2)])
    reader = ports.articles.reader("detect")
    reader.begin(1, 2)
    events.save([aggregate("agg-1")], [view("evt-old1")])
    events.save([aggregate("agg-1", version=1, outbox=(development(1),))], [])
    with pytest.raises(Conflict, match="agg-1"):
        events.save(
            [aggregate("agg-2", outbox=(development(2),)), aggregate("agg-1", version=version, cells=1)],
            [view("evt-new1", aliases=("evt-else",))],
            retired=["evt-old1"],
            failed=[letter(1)],
            position=Position("detect", 2),
        )
    assert _load(events, "agg-1", "agg-2") == {"agg-1": aggregate("agg-1", version=2, outbox=(development(1),))}
    assert list(events.unpublished(10)) == [("agg-1", development(1))]
    assert [hit.event for hit in events.search(None)] == [view("evt-old1")]
    assert events.event("evt-else") is None
    assert list(ports.dead_letters.list()) == []
    assert reader.position() == 0
    assert reader.in_flight() is not None


@pytest.mark.parametrize("version", [0, 1, 3])
def test_views_whose_basis_another_has_saved_are_not_written(ports: Ports, version: int) -> None:
    """No state is written by such a save, and yet it is checked: views, retirements and position are not there."""
    events = ports.events
    ports.articles.append([article(1)])
    events.save([aggregate("agg-1")], [view("evt-old1")])
    events.save([aggregate("agg-1", version=1, cells=1)], [])
    stale = aggregate("agg-1", version=version)
    with pytest.raises(Conflict, match="agg-1"):
        events.save([], [view("evt-new1")], ["evt-old1"], position=Position("detect", 1), basis=[stale])
    assert [hit.event for hit in events.search(None)] == [view("evt-old1")]
    assert ports.articles.reader("detect").position() == 0
    now = aggregate("agg-1", version=2, cells=1)
    events.save([], [view("evt-new1")], ["evt-old1"], position=Position("detect", 1), basis=[now])
    assert [hit.event for hit in events.search(None)] == [view("evt-new1")]
    assert _load(events, "agg-1") == {"agg-1": now}


def test_a_state_that_is_not_there_conflicts_with_any_version_but_0(ports: Ports) -> None:
    """Nothing is made out of a version that nobody saved."""
    with pytest.raises(Conflict):
        ports.events.save([aggregate("agg-1", version=1)], [])
    assert _load(ports.events, "agg-1") == {}


def test_save_writes_letters_and_position_with_the_states(store: Store) -> None:
    """All of it is there afterwards, also for the next process, and nothing is in flight any more."""
    store.ports.articles.append([article(number) for number in range(4)])
    reader = store.ports.articles.reader("detect")
    reader.begin(1, 3)
    store.ports.dead_letters.add([letter(1)])
    store.ports.events.save(
        [aggregate("agg-1")], [view("evt-one1")], failed=[letter(1), letter(2)], position=Position("detect", 3)
    )
    ports = store.reopen()
    assert _load(ports.events, "agg-1") == {"agg-1": aggregate("agg-1", version=1)}
    assert ports.events.event("evt-one1") == view("evt-one1")
    assert {one.id: one.attempts for one in ports.dead_letters.list()} == {letter(1).id: 2, letter(2).id: 1}
    assert ports.articles.reader("detect").position() == 3
    assert ports.articles.reader("detect").in_flight() is None
    assert ports.developments.reader("detect").position() == 0


def test_a_position_never_goes_back(ports: Ports) -> None:
    """A save that comes late leaves it."""
    ports.events.save([], [], position=Position("detect", 3))
    ports.events.save([], [], position=Position("detect", 2))
    assert ports.articles.reader("detect").position() == 3


def test_unpublished_gives_the_oldest_first(store: Store) -> None:
    """Over all states, those that were in an outbox longest first; up to the limit; also to the next process."""
    events = store.ports.events
    events.save([aggregate("agg-2", outbox=(development(1),))], [])
    events.save([aggregate("agg-1", outbox=(development(2), development(3)))], [])
    events.save([aggregate("agg-2", version=1, outbox=(development(4), development(1)))], [])
    events.save([dossier("dos-1", outbox=(development(5),))], [])
    expected = [
        ("agg-2", development(1)),
        ("agg-1", development(2)),
        ("agg-1", development(3)),
        ("agg-2", development(4)),
        ("dos-1", development(5)),
    ]
    assert list(events.unpublished(10)) == expected
    assert list(events.unpublished(2)) == expected[:2]
    saved_last = aggregate("agg-2", version=2, outbox=(development(4), development(1)))
    assert _load(events, "agg-2") == {"agg-2": saved_last}
    assert list(store.reopen().events.unpublished(10)) == expected


def test_marked_entries_are_out_of_the_outbox(store: Store) -> None:
    """Version and all else of the state stay, so that a merge under way can be saved; unknown entries are no error."""
    outbox = (development(1), development(2), development(3))
    store.ports.events.save([aggregate("agg-1", cells=2, outbox=outbox), dossier("dos-1", outbox=outbox)], [])
    events = store.ports.events
    events.mark_published([("agg-1", development(2).id), ("agg-1", "dev-none"), ("agg-none", development(1).id)])
    events.mark_published([("agg-1", development(2).id), ("dos-1", development(1).id)])
    events = store.reopen().events
    left = aggregate("agg-1", version=1, cells=2, outbox=(development(1), development(3)))
    assert _load(events, "agg-1", "dos-1") == {
        "agg-1": left,
        "dos-1": dossier("dos-1", version=1, outbox=(development(2), development(3))),
    }
    assert [entry[0] for entry in events.unpublished(10)] == ["agg-1", "agg-1", "dos-1", "dos-1"]
    events.save([replace(left, outbox=(*left.outbox, development(4)))], [])
    assert [one.id for state, one in events.unpublished(10) if state == "agg-1"] == [
        development(1).id,
        development(3).id,
        development(4).id,
    ]


def test_what_a_save_leaves_out_of_an_outbox_is_gone(ports: Ports) -> None:
    """The outbox is what was saved last, with what it says now."""
    told, better = development(1), replace(development(1), late_by=1.0)
    ports.events.save([aggregate("agg-1", outbox=(told, development(2)))], [])
    ports.events.save([aggregate("agg-1", version=1, outbox=(better,))], [])
    assert list(ports.events.unpublished(10)) == [("agg-1", better)]
    ports.events.save([aggregate("agg-1", version=2)], [])
    assert list(ports.events.unpublished(10)) == []
    assert _load(ports.events, "agg-1") == {"agg-1": aggregate("agg-1", version=3)}
