"""A query finds in Elasticsearch what it finds in memory and in SQLite."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from connectors.elasticsearch import Cluster, projections, search
from connectors.elasticsearch.columns import event_properties
from connectors.elasticsearch.indices import EVENTS
from schemas.event import EventView, Quote
from schemas.query.analysis import tokens
from schemas.query.fields import FIELDS
from schemas.query.parse import DEEPEST, parse
from schemas.query.tree import Query, Words, normal
from tests.integration.elasticsearch.served import emptied
from tests.integration.search.evaluators import in_memory, in_sqlite
from tests.unit.query.events import FOUND_BY, NOT_FOUND_BY, RATIFICATION
from tests.unit.query.strategies import corpora_with_queries

NOON = datetime(2025, 5, 21, 12, tzinfo=UTC)


def _found_by_each(cluster: Cluster, views: Sequence[EventView], queries: Sequence[Query]) -> list[set[str]]:
    """For each query the ids of the views that match, in all orders alike."""
    emptied(cluster, [EVENTS])
    projections.save(cluster, views)
    found = []
    for query in queries:
        answers = [_found(cluster, query, sort) for sort in ("date", "seen", "score")]
        assert sorted(answers[0]) == sorted(answers[1]) == sorted(answers[2])
        assert search.count(cluster, query, since=None) == len(answers[0])
        found.append(set(answers[0]))
    return found


def _found(cluster: Cluster, query: Query | None, sort: str = "date", limit: int = 100, offset: int = 0) -> list[str]:
    hits = search.search(cluster, query, since=None, sort=sort, limit=limit, offset=offset)
    return [hit.event.id for hit in hits]


def _view(name: str, *, date: str | None = None, seen: datetime = NOON, text: str = "treaty") -> EventView:
    return replace(RATIFICATION, id=name, date=date, first_seen=seen, quote=Quote(text))


def test_the_index_knows_every_field(cluster: Cluster) -> None:
    """What finds the example in memory finds it here, and nothing else does."""
    texts = (*FOUND_BY, *NOT_FOUND_BY)
    found = _found_by_each(cluster, [RATIFICATION], [parse(text) for text in texts])
    assert [text for text, ids in zip(texts, found, strict=True) if ids] == list(FOUND_BY)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=corpora_with_queries())
def test_elasticsearch_memory_and_sqlite_find_the_same(
    cluster: Cluster, asked: tuple[list[EventView], list[Query]]
) -> None:
    """Any trees, in normal form or not, over any events."""
    views, queries = asked
    expected = in_memory(views, queries)
    assert _found_by_each(cluster, views, queries) == expected
    assert _found_by_each(cluster, views, [normal(query) for query in queries]) == expected
    assert in_sqlite(views, queries) == expected


def test_every_field_has_its_column() -> None:
    """Of words, or of least and greatest values; the others are codes."""
    columns = event_properties()
    for name, field in FIELDS.items():
        assert (name in columns or f"{name}_first" in columns) == (field.texts is not None or field.bounds is not None)


def test_results_come_latest_first_and_ties_by_id(cluster: Cluster) -> None:
    """By date, where an undated event has the day on which it was first seen; or by when it was first seen."""
    views = [
        _view("evt-c", date="2025-06-01", seen=NOON),
        _view("evt-a", date="2025-05-21", seen=NOON + timedelta(days=9)),
        _view("evt-d", seen=NOON),
        _view("evt-b", date="2025-05-21", seen=NOON + timedelta(days=9)),
        _view("evt-e", date="2024", seen=NOON + timedelta(days=10)),
    ]
    projections.save(cluster, views)
    assert _found(cluster, parse("treaty")) == ["evt-c", "evt-a", "evt-b", "evt-d", "evt-e"]
    assert _found(cluster, parse("treaty"), "seen") == ["evt-e", "evt-a", "evt-b", "evt-c", "evt-d"]


def test_the_best_scores_come_first(cluster: Cluster) -> None:
    """More of the words asked for, in less text, scores more; codes do not score, and ties go by id."""
    views = [
        _view("evt-a", text="uranium " + "and other things " * 20),
        _view("evt-b", text="uranium and more uranium"),
        _view("evt-d", text="nothing"),
        _view("evt-c", text="nothing"),
    ]
    projections.save(cluster, views)
    hits = search.search(cluster, parse("party:IRN uranium"), since=None, sort="score", limit=9, offset=0)
    assert [hit.event.id for hit in hits] == ["evt-b", "evt-a"]
    assert hits[0].score > hits[1].score > 0
    assert _found(cluster, parse("uranium OR outlets:2"), "score") == ["evt-b", "evt-a", "evt-c", "evt-d"]
    plain = search.search(cluster, parse("party:IRN"), since=None, sort="score", limit=1, offset=0)
    assert [(hit.event.id, hit.score) for hit in plain] == [("evt-a", 0.0)]


@pytest.mark.parametrize("sort", ["date", "score", "seen"])
def test_deep_pages_go_on_where_the_last_one_ended(cluster: Cluster, sort: str) -> None:
    """By `limit` and `offset`, far beyond the ten thousand that one request can give."""
    count = 12_500
    views = [_view(f"evt-{n:06}", seen=NOON + timedelta(seconds=n % 7)) for n in range(count)]
    projections.save(cluster, views)
    expected = sorted((view.id for view in views), key=lambda id_: (-(int(id_[4:]) % 7) if sort == "seen" else 0, id_))
    asked = parse("treaty")
    assert _found(cluster, asked, sort, limit=10, offset=995) == expected[995:1005]
    assert _found(cluster, asked, sort, limit=30, offset=11_990) == expected[11_990:12_020]
    assert _found(cluster, asked, sort, limit=10, offset=count - 3) == expected[-3:]
    assert _found(cluster, asked, sort, limit=10, offset=count) == []
    if sort == "date":
        assert _found(cluster, asked, sort, limit=count + 1) == expected


def test_a_phrase_may_go_on_to_any_number_of_words(cluster: Cluster) -> None:
    """Elasticsearch itself would try fifty."""
    words = [f"tre{a}{b}{c}qz" for a in "abcdefgh" for b in "abcdefgh" for c in "abcdefgh"]
    projections.save(cluster, [_view(f"evt-{n:04}", text=f"nuclear {word}") for n, word in enumerate(words)])
    assert all(len(tokens(word)) == 1 for word in words)
    asked = Words("text", ("nuclear", "tre"), prefix=True)
    assert search.count(cluster, asked, since=None) == len(words)


@pytest.mark.parametrize(
    "step",
    ["(x y OR z AND {})", "(x OR y AND NOT {})", "(outlets:2 OR x AND {} y)", "(outlets:2 OR NOT {})"],
)
def test_queries_as_deep_as_may_be_are_answered(cluster: Cluster, step: str) -> None:
    """Elasticsearch has a limit of its own, which is never met."""
    projections.save(cluster, [_view("evt-a")])
    text = "treaty"
    for _ in range((DEEPEST - 1) // (2 if "NOT {" in step else 1)):
        text = step.format(text)
    for sort in ("date", "score"):
        assert _found(cluster, parse(text), sort) == sorted(in_memory([_view("evt-a")], [parse(text)])[0])


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(f"w{number}" for number in range(1000)) + " OR treaty",
        "treaty " + " ".join(f"-w{number}" for number in range(1000)),
        " OR ".join(f"outlets:{number}" for number in range(600)),
        " ".join(f"-(w{number} outlets:3)" for number in range(350)),
    ],
)
def test_queries_as_wide_as_may_be_are_answered(cluster: Cluster, text: str) -> None:
    """A thousand parts side by side."""
    projections.save(cluster, [_view("evt-a")])
    assert _found(cluster, parse(text)) == _found(cluster, parse(text), "score") == ["evt-a"]


def test_a_search_by_another_process_sees_a_write_within_seconds(cluster: Cluster) -> None:
    """Without asking for a refresh: the index refreshes itself."""
    from tests.waiting import until

    with Cluster(cluster.settings) as other:
        assert _found(other, None) == []
        projections.save(cluster, [_view("evt-a")])
        assert until(lambda: _found(other, None), 10) == ["evt-a"]
