"""A query finds the same events wherever it is asked."""

import pytest
from hypothesis import given, settings

from schemas.event import EventView
from schemas.query.parse import parse
from schemas.query.tree import Query, normal
from tests.integration.search.evaluators import EVALUATORS, Evaluator, in_memory
from tests.unit.query.events import FOUND_BY, NOT_FOUND_BY, RATIFICATION
from tests.unit.query.strategies import corpora_with_queries

everywhere = pytest.mark.parametrize("evaluator", [pytest.param(found, id=name) for name, found in EVALUATORS.items()])


@everywhere
def test_every_index_knows_every_field(evaluator: Evaluator) -> None:
    """What finds the example in memory finds it everywhere, and nothing else does."""
    texts = (*FOUND_BY, *NOT_FOUND_BY)
    found = evaluator([RATIFICATION], [parse(text) for text in texts])
    assert [text for text, ids in zip(texts, found, strict=True) if ids] == list(FOUND_BY)


@everywhere
@settings(max_examples=150, deadline=None)
@given(asked=corpora_with_queries())
def test_every_index_finds_what_the_reference_finds(
    evaluator: Evaluator, asked: tuple[list[EventView], list[Query]]
) -> None:
    """Any trees, in normal form or not, over any events."""
    views, queries = asked
    expected = in_memory(views, queries)
    assert evaluator(views, queries) == expected
    assert evaluator(views, [normal(query) for query in queries]) == expected
