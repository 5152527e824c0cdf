"""Everything that answers queries, under one face. Elasticsearch joins here."""

import sqlite3
from collections.abc import Callable, Sequence

from connectors.sqlite import search
from schemas.event import EventView
from schemas.query.evaluate import matches
from schemas.query.tree import Query

Evaluator = Callable[[Sequence[EventView], Query], set[str]]
"""The ids of the views that match."""


def in_memory(views: Sequence[EventView], query: Query) -> set[str]:
    """The reference."""
    return {view.id for view in views if matches(query, view)}


def in_sqlite(views: Sequence[EventView], query: Query) -> set[str]:
    """FTS5 and SQL; all orders and the count must agree."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(search.SCHEMA)
        for view in views:
            search.index_view(connection, view)
        answers = [
            [event for event, _ in search.search(connection, query, since=None, sort=sort, limit=100, offset=0)]
            for sort in ("date", "seen", "score")
        ]
        assert search.count(connection, query, since=None) == len(answers[0])
        assert sorted(answers[0]) == sorted(answers[1]) == sorted(answers[2])
        return set(answers[0])
    finally:
        connection.close()


EVALUATORS: dict[str, Evaluator] = {"memory": in_memory, "sqlite": in_sqlite}
