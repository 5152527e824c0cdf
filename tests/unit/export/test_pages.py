"""The way through a store."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.export.pages import events
from connectors.memory import Adapters
from schemas.ports import Hit
from schemas.query.parse import parse
from tests.integration.contract.records import MINUTE, NOON, view


@given(minutes=st.lists(st.integers(0, 5), max_size=12), page=st.integers(1, 5))
def test_pages_give_every_event_once_in_the_order_of_one_search(minutes: list[int], page: int) -> None:
    """However many were first seen at one time, and whatever the size of a page."""
    store = Adapters().events
    stored = [view(f"evt-{n:04}", first_seen=NOON + each * MINUTE) for n, each in enumerate(minutes)]
    store.save((), stored)
    found = [event.id for event in events(store, None, page=page)]
    assert found == [hit.event.id for hit in store.search(None, sort="seen", limit=100)]


def test_the_query_and_since_are_asked_on_every_page() -> None:
    """Nothing else gets in on a later page."""
    store = Adapters().events
    stored = [
        view(f"evt-{n:04}", first_seen=NOON + n * MINUTE, headline="signs" if n % 2 else "quits") for n in range(9)
    ]
    store.save((), stored)
    found = events(store, parse("signs", now=NOON), since=NOON + 2 * MINUTE, page=2)
    assert [event.id for event in found] == ["evt-0007", "evt-0005", "evt-0003"]


def test_what_is_added_meanwhile_shifts_nothing() -> None:
    """A new event comes before the first page, and the others are given once each."""
    store = Adapters().events
    store.save((), [view(f"evt-{n:04}", first_seen=NOON + n * MINUTE) for n in range(6)])
    found = events(store, None, page=2)
    first = next(found).id
    store.save((), [view(f"evt-new-{n}", first_seen=NOON + timedelta(hours=1)) for n in range(3)])
    assert [first, *(event.id for event in found)] == [f"evt-{n:04}" for n in (5, 4, 3, 2, 1, 0)]


def test_no_more_than_a_page_is_asked_for_at_a_time() -> None:
    """And none before it is wanted: memory does not grow with the export."""
    asked: list[int] = []
    store = Adapters().events
    store.save((), [view(f"evt-{n:04}", first_seen=NOON + n * MINUTE) for n in range(10)])

    class Counting:
        def search(self, *args: Any, limit: int, **kwargs: Any) -> Sequence[Hit]:
            asked.append(limit)
            return store.search(*args, limit=limit, **kwargs)

    found = events(Counting(), None, page=4)  # type: ignore[arg-type]
    next(found)
    assert asked == [4]
    assert len(list(found)) == 9
    assert asked == [4, 4, 4]
