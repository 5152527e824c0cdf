"""Everything that answers queries, under one face. Elasticsearch joins here."""

import sqlite3
from collections.abc import Callable, Sequence

from connectors.sqlite import search
from schemas.event import EventView
from schemas.query.evaluate import matches
from schemas.query.tree import Query

Evaluator = Callable[[Sequence[EventView], Sequence[Query]], list[set[str]]]
"""For each query the ids of the views that match."""


def in_memory(views: Sequence[EventView], queries: Sequence[Query]) -> list[set[str]]:
    """The reference."""
    return [{view.id for view in views if matches(query, view)} for query in queries]


def in_sqlite(views: Sequence[EventView], queries: Sequence[Query]) -> list[set[str]]:
    """FTS5 and SQL."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(search.SCHEMA)
        for view in views:
            search.index_view(connection, view)
        return [_found(connection, query) for query in queries]
    finally:
        connection.close()


def _found(connection: sqlite3.Connection, query: Query) -> set[str]:
    """What is found, in all orders alike."""
    answers = [
        [event for event, _ in search.search(connection, query, since=None, sort=sort, limit=100, offset=0)]
        for sort in ("date", "seen", "score")
    ]
    assert sorted(answers[0]) == sorted(answers[1]) == sorted(answers[2])
    assert search.count(connection, query, since=None) == len(answers[0])
    return set(answers[0])


EVALUATORS: dict[str, Evaluator] = {"memory": in_memory, "sqlite": in_sqlite}
