"""Generations: built beside, switched at once, the old one deleted."""

from datetime import timedelta

import pytest

from schemas.errors import Conflict, Misconfigured
from schemas.ports import Findings, Generation
from schemas.query.tree import Keyword
from schemas.state import ArticleState
from tests.integration.contract.records import MINUTE, NOON, aggregate, development, dossier, view
from tests.integration.contract.stores import Ports, Store

RATIFIED = Keyword("type", "ratification")
OLD, NEW = "detector 1", "detector 2"


def _begun(ports: Ports) -> tuple[Generation, Findings]:
    """An old generation with three events, and a new one with two, one of them in both."""
    ports.generations.wrote(OLD)
    ports.events.save([aggregate("agg-1")], [view("evt-one1"), view("evt-two2"), view("evt-three3")])
    generation = ports.generations.begin(NEW)
    findings = ports.generations.findings(generation)
    findings.save([aggregate("agg-1", cells=2), dossier("dos-two")], [view("evt-two2"), view("evt-four4")])
    return generation, findings


def _ids(ports: Ports) -> set[str]:
    return {hit.event.id for hit in ports.events.search(RATIFIED)}


def test_a_generation_that_is_being_built_is_seen_by_no_search(store: Store) -> None:
    """It has states, events and dossiers of its own, and is there for the next process."""
    generation, _ = _begun(store.ports)
    for ports in (store.ports, store.reopen()):
        assert _ids(ports) == {"evt-one1", "evt-two2", "evt-three3"}
        assert ports.events.count(None) == 3
        assert ports.events.event("evt-four4") is None
        assert ports.events.dossier("dos-two") is None
        assert dict(ports.events.load(["agg-1"])) == {"agg-1": aggregate("agg-1", version=1)}
        assert ports.generations.building() == generation
        there = ports.generations.findings(generation)
        assert dict(there.load(["agg-1"])) == {"agg-1": aggregate("agg-1", version=1, cells=2)}
        assert {hit.event.id for hit in there.search(RATIFIED)} == {"evt-two2", "evt-four4"}
        assert there.count(RATIFIED) == 2
        assert there.dossier("dos-two") is not None


def test_begin_goes_on_with_what_was_begun(store: Store) -> None:
    """Under the same detector; another one's is refused."""
    generation, _ = _begun(store.ports)
    again = store.reopen()
    assert again.generations.begin(NEW) == generation
    assert again.generations.findings(generation).count(None) == 2
    with pytest.raises(Misconfigured, match=NEW):
        again.generations.begin("detector 3")


def test_a_switch_shows_the_new_generation_whole(store: Store) -> None:
    """States, events, aliases and dossiers; the old one can still be read until it is deleted."""
    old = store.ports.generations.serving()
    generation, _ = _begun(store.ports)
    store.ports.generations.switch("upgrade", "detect")
    for ports in (store.ports, store.reopen()):
        assert _ids(ports) == {"evt-two2", "evt-four4"}
        assert ports.events.count(None) == 2
        assert ports.events.event("evt-four") == view("evt-four4")
        assert ports.events.event("evt-one1") is None
        assert ports.events.dossier("dos-two") is not None
        assert dict(ports.events.load(["agg-1"])) == {"agg-1": aggregate("agg-1", version=1, cells=2)}
        assert ports.generations.serving() == generation == Generation(old.number + 1, (NEW,))
        assert ports.generations.building() is None
        left = ports.generations.leaving()
        assert left == Generation(old.number, (OLD,))
        assert left is not None
        assert [one.id for one in ports.generations.findings(left).views("", 9)] == [
            "evt-one1",
            "evt-three3",
            "evt-two2",
        ]
        with pytest.raises(Misconfigured, match="finish"):
            ports.generations.begin("detector 3")
    store.ports.generations.finish()
    store.ports.generations.finish()
    assert store.reopen().generations.leaving() is None
    assert _ids(store.ports) == {"evt-two2", "evt-four4"}


def test_generations_follow_each_other(ports: Ports) -> None:
    """Three times over; each serves whole, under a number of its own."""
    numbers = [ports.generations.serving().number]
    for turn in range(3):
        generation = ports.generations.begin(f"detector {turn}")
        ports.generations.findings(generation).save(
            [aggregate("agg-1", cells=turn)], [view(f"evt-{turn}{each}aa") for each in range(turn + 1)]
        )
        ports.generations.switch("upgrade", "detect")
        ports.generations.finish()
        assert _ids(ports) == {f"evt-{turn}{each}aa" for each in range(turn + 1)}
        ports.events.save([aggregate("agg-1", version=1)], [view("evt-live")])
        assert "evt-live" in _ids(ports)
        numbers.append(generation.number)
    assert sorted(set(numbers)) == numbers


def test_abandon_leaves_no_trace_and_gives_no_number_again(store: Store) -> None:
    """What serves stays; whoever begins anew begins with nothing."""
    generation, _ = _begun(store.ports)
    assert store.ports.generations.abandon()
    assert not store.ports.generations.abandon()
    ports = store.reopen()
    assert ports.generations.building() is None
    assert _ids(ports) == {"evt-one1", "evt-two2", "evt-three3"}
    again = ports.generations.begin(NEW)
    assert again.number > generation.number
    assert ports.generations.findings(again).count(None) == 0
    assert dict(ports.generations.findings(again).load(["agg-1"])) == {}


def test_who_wrote_is_noted_in_order(store: Store) -> None:
    """Once each; nobody at first."""
    generations = store.ports.generations
    assert generations.serving().detectors == ()
    for detector in (OLD, NEW, OLD):
        generations.wrote(detector)
    assert store.reopen().generations.serving().detectors == (OLD, NEW)


def test_a_hold_is_noted_until_it_is_taken_back_or_a_switch(store: Store) -> None:
    """It belongs to the generation that is to be replaced."""
    generations = store.ports.generations
    generations.hold(NOON + MINUTE)
    assert store.reopen().generations.serving().held_until == NOON + MINUTE
    generations.hold(None)
    assert generations.serving().held_until is None
    generations.begin(NEW)
    generations.hold(NOON + 2 * MINUTE)
    generations.switch("upgrade", "detect")
    assert generations.serving().held_until is None


def test_what_was_loaded_before_a_switch_is_not_saved_after_it(ports: Ports) -> None:
    """Though the version be the same; loaded again, it is."""
    _begun(ports)
    events = ports.events
    assert events.load(["agg-1"])["agg-1"].version == 1
    ports.generations.switch("upgrade", "detect")
    with pytest.raises(Conflict, match="generation"):
        events.save([aggregate("agg-1", version=1, cells=9)], [view("evt-nine9")])
    assert dict(events.load(["agg-1"])) == {"agg-1": aggregate("agg-1", version=1, cells=2)}
    events.save([aggregate("agg-1", version=1, cells=3)], [view("evt-five5")])
    assert _ids(ports) == {"evt-two2", "evt-four4", "evt-five5"}


def test_each_generation_has_an_outbox_of_its_own(store: Store) -> None:
    """What the new one has to tell is told once it serves."""
    ports = store.ports
    generation = ports.generations.begin(NEW)
    findings = ports.generations.findings(generation)
    findings.save([aggregate("agg-1", outbox=(development(1), development(2)))], [view("evt-one1")])
    assert list(ports.events.unpublished(9)) == []
    findings.mark_published([("agg-1", development(1).id)])
    ports.generations.switch("upgrade", "detect")
    assert list(store.reopen().events.unpublished(9)) == [("agg-1", development(2))]


def test_nothing_is_switched_to_nothing(ports: Ports) -> None:
    """Nor to what was not begun."""
    with pytest.raises(Misconfigured, match="begun"):
        ports.generations.switch("upgrade", "detect")
    ports.events.save([], [view("evt-one1")])
    ports.generations.begin(NEW)
    with pytest.raises(Misconfigured, match="has no events"):
        ports.generations.switch("upgrade", "detect")
    assert _ids(ports) == {"evt-one1"}


def test_a_generation_is_gone_through_by_id(ports: Ports) -> None:
    """Events, and the states of articles among others."""
    findings = ports.generations.findings(ports.generations.serving())
    articles = [ArticleState(id=f"article:{number}", revision=1, aggregates=("agg-1",)) for number in range(5)]
    ports.events.save([aggregate("agg-1"), *reversed(articles)], [view(f"evt-{each}aaa") for each in (3, 1, 2)])
    assert [one.id for one in findings.views("", 2)] == ["evt-1aaa", "evt-2aaa"]
    assert [one.id for one in findings.views("evt-2aaa", 2)] == ["evt-3aaa"]
    assert [one.id for one in findings.heard("article:1", 2)] == ["article:2", "article:3"]
    assert findings.heard("article:4", 2) == []
    assert findings.heard("article:3", 9)[0].version == 1


def test_subscriptions_ledger_and_leases_belong_to_no_generation(ports: Ports) -> None:
    """They stay as they are."""
    assert ports.leases.acquire("job", "me", timedelta(hours=1), NOON) is not None
    _begun(ports)
    ports.generations.switch("upgrade", "detect")
    assert ports.leases.acquire("job", "you", timedelta(hours=1), NOON) is None
