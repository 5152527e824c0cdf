"""The normal form of trees."""

from hypothesis import given, settings

from schemas.event import EventView
from schemas.query.evaluate import matches
from schemas.query.tree import (
    And,
    Everything,
    Exists,
    Keyword,
    Not,
    Or,
    Query,
    Words,
    fields_used,
    normal,
)
from tests.unit.query.strategies import queries, views

A, B, C = Exists("body"), Keyword("party", "IRN"), Words("text", ("treati",))


def test_the_normal_form_is_flat_and_says_nothing_twice() -> None:
    """Nested operations of one kind become one; what changes no answer goes."""
    assert normal(And((A, And((B, And((C, A))))))) == And((A, B, C))
    assert normal(Or((Or((A, B)), Or((C,))))) == Or((A, B, C))
    assert normal(And((Everything(), And((A,))))) == A
    assert normal(Or((A, Everything()))) == Everything()
    assert normal(Not(Not(A))) == A
    assert normal(And(())) == Everything()
    assert normal(Or(())) == Not(Everything())


@settings(max_examples=300, deadline=None)
@given(query=queries(), view=views())
def test_the_normal_form_has_the_same_answers(query: Query, view: EventView) -> None:
    """For any tree, and it is its own normal form."""
    assert matches(normal(query), view) == matches(query, view)
    assert normal(normal(query)) == normal(query)


def test_the_fields_of_a_query_are_those_of_its_leaves() -> None:
    """Negated ones too."""
    assert fields_used(And((A, Or((Not(B), C)), Everything()))) == {"body", "party", "text"}
