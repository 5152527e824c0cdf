"""The search index in SQLite: one FTS5 row and one row of sortable values for each event.

All conditions on words and codes of a query become one FTS5 MATCH wherever they stand together; the rest are SQL
conditions on the values. Opens no transaction of its own: what is indexed is there when the caller's transaction is.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import accumulate

from schemas.event import EventView
from schemas.query.dates import instant
from schemas.query.evaluate import document
from schemas.query.postings import code, codes_of, phrase, text_of
from schemas.query.tree import And, Everything, Exists, Keyword, Not, Or, Query, Range, Words, disjunction

TEXT_FIELDS = ("instrument", "outlet", "text")
"""The fields of analysed words, one column each."""

VALUES = {
    "confidence": ("confidence", "confidence"),
    "date": ("date_first", "date_last"),
    "outlets": ("outlets", "outlets"),
    "seen": ("seen", "seen"),
}
"""The columns that hold the least and the greatest value of each field that takes ranges."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS search_event (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sort_date TEXT NOT NULL,
    seen TEXT NOT NULL,
    date_first TEXT,
    date_last TEXT,
    confidence REAL NOT NULL,
    outlets INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS search_by_date
    ON search_event (sort_date DESC, id, seen, date_first, date_last, confidence, outlets);
CREATE INDEX IF NOT EXISTS search_by_seen
    ON search_event (seen DESC, id, date_first, date_last, confidence, outlets);
CREATE VIRTUAL TABLE IF NOT EXISTS search_text
    USING fts5 (instrument, outlet, text, codes, tokenize = 'unicode61 remove_diacritics 0');
"""
"""The values are indexed twice, so that a range is looked for in the order asked for, without the table."""

SCORED = 10_000
"""How many events of one search are scored at most: those indexed last. The score of the others is 0."""

_ORDERS = {"date": "e.sort_date DESC, e.id", "score": "score DESC, e.id", "seen": "e.seen DESC, e.id"}
_WEIGHTS = ", ".join(["1.0"] * len(TEXT_FIELDS) + ["0.0"])


def index_view(connection: sqlite3.Connection, view: EventView) -> None:
    """Makes the event findable, or replaces what was found of it before."""
    asked = document(view)
    seen = instant(view.first_seen)
    first, last = asked.bounds.get("date", (None, None))
    (n,) = connection.execute(
        "INSERT INTO search_event (id, sort_date, seen, date_first, date_last, confidence, outlets)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET sort_date = excluded.sort_date,"
        " seen = excluded.seen, date_first = excluded.date_first, date_last = excluded.date_last,"
        " confidence = excluded.confidence, outlets = excluded.outlets RETURNING n",
        (view.id, view.date or seen[:10], seen, first, last, view.confidence, view.outlets),
    ).fetchone()
    columns = [text_of(asked.texts.get(field, ())) for field in TEXT_FIELDS]
    connection.execute(
        f"INSERT OR REPLACE INTO search_text (rowid, {', '.join(TEXT_FIELDS)}, codes)"
        f" VALUES (?{', ?' * (len(TEXT_FIELDS) + 1)})",
        (n, *columns, " ".join(codes_of(asked))),
    )


def unindex(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Makes events unfindable; unknown ids are no error."""
    for event in ids:
        connection.execute("DELETE FROM search_text WHERE rowid = (SELECT n FROM search_event WHERE id = ?)", (event,))
        connection.execute("DELETE FROM search_event WHERE id = ?", (event,))


def search(
    connection: sqlite3.Connection, query: Query | None, *, since: datetime | None, sort: str, limit: int, offset: int
) -> list[tuple[str, float]]:
    """Ids of the events that match, each with its score, best first.

    By `date` (as it is written; undated, the day it was first seen) or `seen`, latest first, or by `score`: BM25 of the
    words asked for, computed in this order only and 0.0 in the others. Ties by id.

    Args:
        connection: A database with `SCHEMA`.
        query: None finds all.
        since: First seen then or later.
        sort: ``date``, ``seen`` or ``score``.
        limit: How many at most.
        offset: How many of the best to pass over.
    """
    scored = sort == "score"
    source, parameters = _source(query or Everything(), since, scored=scored)
    score = "coalesce(found, 0.0)" if scored else "0.0"
    rows = connection.execute(
        f"SELECT e.id, {score} AS score {source} ORDER BY {_ORDERS[sort]} LIMIT ? OFFSET ?",
        (*parameters, limit, offset),
    )
    return [(event, float(score)) for event, score in rows]


def count(connection: sqlite3.Connection, query: Query | None, *, since: datetime | None) -> int:
    """How many events match."""
    source, parameters = _source(query or Everything(), since, scored=False)
    (found,) = connection.execute(f"SELECT count(*) {source}", parameters).fetchone()
    return int(found)


def _source(query: Query, since: datetime | None, *, scored: bool) -> tuple[str, list[object]]:
    """``FROM … WHERE …`` over ``search_event e``, with its parameters; `scored`, a column ``found`` is there too."""
    matched, others = _split(query)
    words = _match(disjunction(_wanted(query))) if scored else None
    parameters: list[object] = []
    if matched is not None:
        found = _parameter(parameters, matched)
        texts = f"SELECT rowid AS n, 0.0 AS found FROM search_text WHERE search_text MATCH {found}"
        if words is not None:
            texts = f"{_scored(found)} UNION ALL SELECT * FROM ({texts} ORDER BY rowid DESC LIMIT -1 OFFSET {SCORED})"
        source = f"FROM ({texts}) AS t CROSS JOIN search_event AS e USING (n)"
    elif words is not None:
        source = f"FROM search_event AS e LEFT JOIN ({_scored(_parameter(parameters, words))}) AS t USING (n)"
    else:
        source = f"FROM search_event AS e{' CROSS JOIN (SELECT 0.0 AS found)' if scored else ''}"
    conditions = [_condition(part, parameters) for part in others]
    if since is not None:
        conditions.append(f"e.seen >= {_parameter(parameters, instant(since))}")
    return source + (f" WHERE {_joined('AND', conditions)}" if conditions else ""), parameters


def _scored(words: str) -> str:
    """A selection of ``n`` and ``found``, the score, of the last `SCORED` that match; the words are a placeholder."""
    return (
        f"SELECT * FROM (SELECT rowid AS n, -bm25(search_text, {_WEIGHTS}) AS found FROM search_text"
        f" WHERE search_text MATCH {words} ORDER BY rowid DESC LIMIT {SCORED})"
    )


def _split(query: Query) -> tuple[str | None, list[Query]]:
    """What one MATCH answers of a query, and the parts that must hold besides."""
    whole = _match(query)
    if whole is not None:
        return whole, []
    if not isinstance(query, And):
        return None, [query]
    matched: list[Query] = []
    excluded: list[Query] = []
    others: list[Query] = []
    for part in query.parts:
        if isinstance(part, Not) and _match(part.part) is not None:
            excluded.append(part)
        else:
            (others if _match(part) is None else matched).append(part)
    if matched:
        return _match(And((*matched, *excluded))), others
    if excluded:
        others.append(Not(Or(tuple(part.part for part in excluded if isinstance(part, Not)))))
    return None, others


def _match(query: Query) -> str | None:
    """The query in FTS5's language; None where it needs more than words and codes, or finds by exclusion only."""
    match query:
        case Keyword() | Exists():
            return f"codes : {code(query)}"
        case Words():
            return f'{query.field} : "{phrase(query)}"' + (" *" if query.prefix else "")
        case Or(parts) if parts:
            inner = [_match(part) for part in parts]
            return None if None in inner else "(" + " OR ".join(map(str, inner)) + ")"
        case And(parts):
            wanted = [_match(part) for part in parts if not isinstance(part, Not)]
            unwanted = [_match(part.part) for part in parts if isinstance(part, Not)]
            if not wanted or None in wanted or None in unwanted:
                return None
            both = "(" + " AND ".join(map(str, wanted)) + ")"
            return f"({both} NOT ({' OR '.join(map(str, unwanted))}))" if unwanted else both
        case _:
            return None


def _condition(query: Query, parameters: list[object]) -> str:
    """The query as an SQL condition on ``e`` that is never NULL; adds its parameters."""
    matched, others = _split(query)
    if matched is not None:
        found = f"e.n IN (SELECT rowid FROM search_text WHERE search_text MATCH {_parameter(parameters, matched)})"
        return _joined("AND", [found, *(_condition(part, parameters) for part in others)])
    match query:
        case And():
            return _joined("AND", [_condition(part, parameters) for part in others]) if others else "1"
        case Or(parts):
            together = Or(tuple(part for part in parts if _match(part) is not None))
            apart = [part for part in parts if _match(part) is None]
            asked = [together, *apart] if together.parts else apart
            return _joined("OR", [_condition(part, parameters) for part in asked]) if asked else "0"
        case Not(part):
            return f"NOT {_condition(part, parameters)}"
        case Range(field, low, high):
            return _between(*VALUES[field], low, high, parameters)
        case _:
            return "1"


def _joined(operator: str, conditions: list[str]) -> str:
    """The conditions in parentheses, such that SQLite's parser and expressions stay far from their limits of depth.

    In halves of halves, and the deepest first, where a parser that reads from the left has the least in mind.
    """
    if len(conditions) == 1:
        return conditions[0]
    conditions = sorted(conditions, key=_depth, reverse=True)
    middle = len(conditions) // 2
    return f"({_joined(operator, conditions[:middle])} {operator} {_joined(operator, conditions[middle:])})"


def _depth(condition: str) -> int:
    """How many parentheses are open at once."""
    return max(accumulate({"(": 1, ")": -1}.get(character, 0) for character in condition))


def _between(
    least: str, greatest: str, low: float | str | None, high: float | str | None, parameters: list[object]
) -> str:
    """Some part of what lies from column `least` to column `greatest` lies between `low` and `high`."""
    conditions = [f"e.{least} IS NOT NULL"]
    if low is not None:
        conditions.append(f"e.{greatest} >= {_parameter(parameters, low)}")
    if high is not None:
        conditions.append(f"e.{least} <= {_parameter(parameters, high)}")
    return "(" + " AND ".join(conditions) + ")"


def _parameter(parameters: list[object], value: object) -> str:
    """The placeholder for a value that is bound last so far."""
    parameters.append(value)
    return f"?{len(parameters)}"


def _wanted(query: Query) -> Iterator[Words]:
    """The words that raise an event's score: those that are not excluded."""
    match query:
        case Words():
            yield query
        case And(parts) | Or(parts):
            for part in parts:
                yield from _wanted(part)
