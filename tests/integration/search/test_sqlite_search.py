"""The search index in SQLite."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from connectors.sqlite import search
from schemas.event import EventView, Quote
from schemas.query.fields import FIELDS, Kind
from schemas.query.parse import DEEPEST, parse
from schemas.query.postings import LONGEST_CODE, code
from schemas.query.tree import Keyword
from tests.unit.query.events import RATIFICATION

NOON = datetime(2025, 5, 21, 12, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """An empty index."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(search.SCHEMA)
    yield connection
    connection.close()


def _view(name: str, *, date: str | None = None, seen: datetime = NOON, text: str = "treaty") -> EventView:
    return replace(RATIFICATION, id=name, date=date, first_seen=seen, quote=Quote(text))


def _found(connection: sqlite3.Connection, text: str, sort: str = "date") -> list[str]:
    hits = search.search(connection, parse(text), since=None, sort=sort, limit=100, offset=0)
    return [event for event, _ in hits]


def _index(connection: sqlite3.Connection, *views: EventView) -> None:
    for view in views:
        search.index_view(connection, view)


def test_results_come_latest_first_and_ties_by_id(connection: sqlite3.Connection) -> None:
    """By date, where an undated event has the day on which it was first seen; or by when it was first seen."""
    _index(
        connection,
        _view("evt-c", date="2025-06-01", seen=NOON),
        _view("evt-a", date="2025-05-21", seen=NOON + timedelta(days=9)),
        _view("evt-d", seen=NOON),
        _view("evt-b", date="2025-05-21", seen=NOON + timedelta(days=9)),
        _view("evt-e", date="2024", seen=NOON + timedelta(days=10)),
    )
    assert _found(connection, "*") == ["evt-c", "evt-a", "evt-b", "evt-d", "evt-e"]
    assert _found(connection, "treaty") == ["evt-c", "evt-a", "evt-b", "evt-d", "evt-e"]
    assert _found(connection, "treaty", "seen") == ["evt-e", "evt-a", "evt-b", "evt-c", "evt-d"]


def test_the_best_scores_come_first(connection: sqlite3.Connection) -> None:
    """More of the words asked for, in less text, scores more; codes do not score, and ties go by id."""
    _index(
        connection,
        _view("evt-a", text="uranium " + "and other things " * 20),
        _view("evt-b", text="uranium and more uranium"),
        _view("evt-d", text="nothing"),
        _view("evt-c", text="nothing"),
    )
    hits = search.search(connection, parse("party:IRN uranium"), since=None, sort="score", limit=9, offset=0)
    assert [event for event, _ in hits] == ["evt-b", "evt-a"]
    assert hits[0][1] > hits[1][1] > 0
    assert _found(connection, "uranium OR outlets:2", "score") == ["evt-b", "evt-a", "evt-c", "evt-d"]
    assert search.search(connection, parse("party:IRN"), since=None, sort="score", limit=1, offset=0) == [
        ("evt-a", 0.0)
    ]


def test_of_very_many_results_only_those_indexed_last_are_scored(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are found as well, after them."""
    monkeypatch.setattr(search, "SCORED", 2)
    _index(connection, *(_view(f"evt-{n}", text="uranium " * (9 - n)) for n in range(4)))
    hits = search.search(connection, parse("uranium"), since=None, sort="score", limit=9, offset=0)
    assert [event for event, _ in hits] == ["evt-2", "evt-3", "evt-0", "evt-1"]
    assert [score > 0 for _, score in hits] == [True, True, False, False]
    assert _found(connection, "uranium OR outlets:2", "score") == ["evt-2", "evt-3", "evt-0", "evt-1"]


def test_pages_follow_one_another(connection: sqlite3.Connection) -> None:
    """`limit` and `offset` cut the same order; `since` counts the moment itself."""
    _index(connection, *(_view(f"evt-{n}", seen=NOON + timedelta(days=n)) for n in range(5)))
    pages = [search.search(connection, None, since=None, sort="seen", limit=2, offset=at) for at in (0, 2, 4, 6)]
    assert [[event for event, _ in page] for page in pages] == [["evt-4", "evt-3"], ["evt-2", "evt-1"], ["evt-0"], []]
    late = NOON + timedelta(days=3)
    hits = search.search(connection, parse("treaty"), since=late, sort="date", limit=9, offset=0)
    assert hits == [("evt-4", 0.0), ("evt-3", 0.0)]
    assert search.count(connection, parse("treaty"), since=late) == 2
    assert search.count(connection, None, since=None) == 5


def test_an_event_indexed_again_is_found_as_it_is_now(connection: sqlite3.Connection) -> None:
    """By its new words and values, and not by the old."""
    _index(connection, _view("evt-a", date="2024", text="uranium"), _view("evt-b"))
    _index(connection, _view("evt-a", date="2025", text="plutonium"))
    assert _found(connection, "uranium") == []
    assert _found(connection, "plutonium") == ["evt-a"]
    assert _found(connection, "date:2024") == []
    assert _found(connection, "date:2025") == ["evt-a"]
    assert _found(connection, "*") == ["evt-b", "evt-a"]


def test_an_unindexed_event_is_not_found(connection: sqlite3.Connection) -> None:
    """Neither by words nor by values; ids that nobody knows are no error."""
    _index(connection, _view("evt-a"), _view("evt-b"))
    search.unindex(connection, ["evt-a", "evt-unknown"])
    assert _found(connection, "treaty") == _found(connection, "outlets:2") == _found(connection, "*") == ["evt-b"]
    _index(connection, _view("evt-a"))
    assert _found(connection, "treaty") == ["evt-a", "evt-b"]


def test_nothing_is_committed_here(connection: sqlite3.Connection) -> None:
    """The caller's transaction takes it all back."""
    connection.execute("BEGIN")
    _index(connection, _view("evt-a"))
    connection.execute("ROLLBACK")
    assert _found(connection, "*") == []


def test_the_schema_may_be_applied_again(connection: sqlite3.Connection) -> None:
    """And what is indexed stays."""
    _index(connection, _view("evt-a"))
    connection.executescript(search.SCHEMA)
    assert _found(connection, "treaty") == ["evt-a"]


def test_every_field_has_its_column() -> None:
    """Of words, or of least and greatest values."""
    assert [name for name, field in FIELDS.items() if field.kind is Kind.WORDS] == list(search.TEXT_FIELDS)
    assert [name for name, field in FIELDS.items() if field.ranged] == list(search.VALUES)


def test_a_long_code_is_kept_as_its_hash(connection: sqlite3.Connection) -> None:
    """And still found; another of the same beginning is not."""
    long = "npt " * 100
    assert len(code(Keyword("dossier", long))) < LONGEST_CODE
    _index(connection, replace(_view("evt-a"), dossier=long + "1"), replace(_view("evt-b"), dossier=long + "2"))
    assert _found(connection, f'dossier:"{long}1"') == ["evt-a"]


@pytest.mark.parametrize(
    "step",
    [
        "(x y OR z AND {})",
        "(x OR y AND NOT {})",
        "(outlets:2 OR x AND {} y)",
        "(x y OR NOT z AND {} outlets:3)",
        "(outlets:2 OR NOT {})",
    ],
)
def test_queries_as_deep_as_may_be_are_answered(connection: sqlite3.Connection, step: str) -> None:
    """By FTS5 and by SQLite, whose parsers have limits of their own."""
    _index(connection, _view("evt-a"))
    text = "treaty"
    for _ in range((DEEPEST - 1) // (2 if "NOT {" in step else 1)):
        text = step.format(text)
    for sort in ("date", "score"):
        _found(connection, text, sort)


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(f"w{number}" for number in range(1000)) + " OR treaty",
        "treaty " + " ".join(f"-w{number}" for number in range(1000)),
        " ".join(f"-w{number}" for number in range(1000)),
        " OR ".join(f"outlets:{number}" for number in range(600)),
        " ".join(f"-outlets:{number}" for number in range(3, 600)),
        " ".join(f"-(w{number} outlets:3)" for number in range(350)),
    ],
)
def test_queries_as_wide_as_may_be_are_answered(connection: sqlite3.Connection, text: str) -> None:
    """A thousand parts side by side."""
    _index(connection, _view("evt-a"))
    assert _found(connection, text) == _found(connection, text, "score") == ["evt-a"]
