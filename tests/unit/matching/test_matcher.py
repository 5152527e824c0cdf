"""Many queries against one development."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pipelines.matching import Matcher, audible, hears
from schemas.development import Development
from schemas.event import EventView
from schemas.query.evaluate import matches
from schemas.query.parse import parse
from schemas.query.tree import Query, fields_used
from schemas.vocabulary import Change, Origin
from tests.unit.query.events import RATIFICATION
from tests.unit.query.strategies import BEGIN, developments, queries, views

NEW = Development(
    id="dev-1", change=Change.NEW, cell="c", event=RATIFICATION, origin=Origin.LIVE, recorded=BEGIN, late_by=0.0
)


def _matcher(**queries: str) -> Matcher:
    return Matcher((name, parse(text, for_developments=True)) for name, text in queries.items())


def test_the_subscriptions_that_match_are_named_in_order() -> None:
    """Sorted, each once, whatever their queries need."""
    matcher = _matcher(
        z="party:IRN AND type:ratification",
        y="party:IRN AND type:signature",
        x="*",
        w="-type:signature",
        v="uran* OR nucl*",
        u='"nuclear energy" outlets:2',
        t="party:(USA OR RUS) (treaty OR convention) body:(legislature OR court)",
        s="seen:2026",
        a="party:IRN AND type:ratification",
    )
    assert matcher.match(NEW) == ("a", "t", "u", "v", "w", "x", "z")


def test_a_subscription_with_two_queries_is_named_once() -> None:
    """The id counts."""
    twice = Matcher([("a", parse("party:IRN")), ("a", parse("pact")), ("b", parse("party:FRA"))])
    assert twice.match(NEW) == ("a",)


def test_no_subscriptions_hear_nothing() -> None:
    """Also of an event that has no words."""
    assert Matcher(()).match(NEW) == ()
    assert _matcher(a="*").match(replace(NEW, event=replace(RATIFICATION, headline=""))) == ("a",)


@pytest.mark.parametrize(
    ("change", "news", "heard"),
    [
        (Change.NEW, True, ("all", "new", "not-history")),
        (Change.NEW, False, ("new", "not-history")),
        (Change.HISTORY, False, ("history",)),
        (Change.CORROBORATED, True, ("not-history",)),
        (Change.STATUS, True, ("not-history",)),
    ],
)
def test_only_news_is_heard_unless_the_query_names_a_change(change: Change, news: bool, heard: tuple[str, ...]) -> None:
    """A query that names `change`, in whatever way, hears all that it matches."""
    matcher = Matcher(
        (name, parse(text, for_developments=True))
        for name, text in {
            "all": "party:IRN",
            "new": "party:IRN AND change:new",
            "history": "change:history",
            "not-history": "party:IRN NOT change:history",
        }.items()
    )
    development = replace(NEW, change=change, event=replace(RATIFICATION, news=news))
    assert matcher.match(development) == heard


subscriptions = st.lists(st.tuples(st.sampled_from("abcdef"), queries(for_developments=True)), max_size=8)


@settings(max_examples=500, deadline=None)
@given(asked=subscriptions, development=developments(), sample=st.lists(views(), max_size=2))
def test_the_matcher_names_whom_the_reference_evaluator_does(
    asked: list[tuple[str, Query]], development: Development, sample: list[EventView]
) -> None:
    """For any queries and any development, whatever it learnt about rarity."""
    expected = {
        name
        for name, query in asked
        if audible(development, names_change="change" in fields_used(query))
        and matches(query, development.event, development.change)
    }
    assert Matcher(asked, sample).match(development) == tuple(sorted(expected))
    assert expected == {name for name, query in asked if hears(query, development)}
