"""A query finds the same events wherever it is asked."""

import pytest
from hypothesis import given, settings

from schemas.event import EventView
from schemas.query.tree import Query, normal
from tests.integration.search.evaluators import EVALUATORS, Evaluator, in_memory
from tests.unit.query.strategies import corpora, queries


@pytest.mark.parametrize("evaluator", [pytest.param(found, id=name) for name, found in EVALUATORS.items()])
@settings(max_examples=250, deadline=None)
@given(views=corpora(), query=queries())
def test_every_index_finds_what_the_reference_finds(evaluator: Evaluator, views: list[EventView], query: Query) -> None:
    """Any tree, in normal form or not, over any events."""
    expected = in_memory(views, query)
    assert evaluator(views, query) == expected
    assert evaluator(views, normal(query)) == expected
