"""All events that match, page by page, in one order."""

from collections.abc import Iterator
from datetime import datetime

from schemas.event import EventView
from schemas.ports import EventStore
from schemas.query.dates import instant
from schemas.query.tree import Everything, Query, Range, conjunction

PAGE = 2_000


def events(
    store: EventStore, query: Query | None, *, since: datetime | None = None, page: int = PAGE
) -> Iterator[EventView]:
    """The events that match, the latest first seen first, ties by id; one page is in memory at a time.

    A page begins where the last one ended, by time: a deep page costs as much as the first, and what jobs add meanwhile
    shifts nothing. An event of which an earlier report turns up meanwhile may come twice.
    """
    edge, passed = None, 0  # the earliest time given, and how many of that very time
    while True:
        asked = conjunction((query or Everything(), *([] if edge is None else [Range("seen", None, edge)])))
        hits = store.search(asked, since=since, sort="seen", limit=page, offset=passed)
        for hit in hits:
            seen = instant(hit.event.first_seen)
            edge, passed = seen, passed + 1 if seen == edge else 1
            yield hit.event
        if len(hits) < page:
            return
