"""The event store: search. That all evaluators find the same is tested with the query language."""

import pytest

from schemas.query.tree import Keyword, Words
from schemas.vocabulary import EventType
from tests.integration.contract.records import MINUTE, NOON, view
from tests.integration.contract.stores import Ports, Store

RATIFIED = Keyword("type", "ratification")
VIEWS = (
    view("evt-1111", date="2026-05-20", first_seen=NOON + 3 * MINUTE),
    view("evt-2222", date="2026-05-21", first_seen=NOON + MINUTE),
    view("evt-3333", first_seen=NOON + MINUTE),
    view("evt-4444", date="2026-05-21", type=EventType.SIGNATURE, headline="Ministers sign", first_seen=NOON),
)


@pytest.fixture
def searched(store: Store) -> Ports:
    """Four events, three of them ratifications."""
    store.ports.events.save([], VIEWS)
    return store.reopen()


def _found(ports: Ports, query: Keyword | Words | None, **how: object) -> list[str]:
    return [hit.event.id for hit in ports.events.search(query, **how)]  # type: ignore[arg-type] # options by name


def test_without_a_query_all_are_found(searched: Ports) -> None:
    """Whole, and counted."""
    assert {hit.event for hit in searched.events.search(None)} == set(VIEWS)
    assert searched.events.count(None) == 4


def test_what_matches_is_found_and_counted(searched: Ports) -> None:
    """Codes and words; the count knows no limit."""
    assert sorted(_found(searched, RATIFIED)) == ["evt-1111", "evt-2222", "evt-3333"]
    assert _found(searched, Words("text", ("sign",))) == ["evt-4444"]
    assert searched.events.count(RATIFIED) == 3
    assert _found(searched, Keyword("type", "denial")) == []
    assert searched.events.count(Keyword("type", "denial")) == 0


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("date", ["evt-2222", "evt-3333", "evt-4444", "evt-1111"]),
        ("seen", ["evt-1111", "evt-2222", "evt-3333", "evt-4444"]),
        ("score", ["evt-1111", "evt-2222", "evt-3333", "evt-4444"]),
    ],
)
def test_the_best_come_first(searched: Ports, sort: str, expected: list[str]) -> None:
    """By date (the undated on the day they were first seen) or first sight, the latest first; else by id."""
    assert _found(searched, None, sort=sort) == expected
    assert _found(searched, None, sort=sort, limit=2, offset=1) == expected[1:3]
    assert _found(searched, None, sort=sort, limit=10, offset=4) == []


def test_scores_fall(searched: Ports) -> None:
    """A greater score is better."""
    scores = [hit.score for hit in searched.events.search(Words("text", ("parliament",)), sort="score")]
    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)


def test_since_leaves_out_what_was_first_seen_before(searched: Ports) -> None:
    """The moment itself counts."""
    assert sorted(_found(searched, RATIFIED, since=NOON + 2 * MINUTE)) == ["evt-1111"]
    assert sorted(_found(searched, None, since=NOON + MINUTE)) == ["evt-1111", "evt-2222", "evt-3333"]
    assert searched.events.count(None, since=NOON + MINUTE) == 3
    assert searched.events.count(RATIFIED, since=NOON + 9 * MINUTE) == 0


def test_a_changed_view_is_found_by_what_it_says_now(searched: Ports) -> None:
    """And no longer by what it said."""
    searched.events.save([], [view("evt-4444", revision=2, headline="Delegates walk out")])
    assert _found(searched, Words("text", ("sign",))) == []
    assert _found(searched, Words("text", ("deleg",), prefix=True)) == ["evt-4444"]
