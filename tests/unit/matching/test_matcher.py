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
from tests.unit.query.strategies import BEGIN, corpora_with_queries, queries, views

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


def test_an_identifier_may_hold_any_signs() -> None:
    """Those too that mean something within the matcher."""
    event = replace(RATIFICATION, dossier="npt 1968: a*")
    assert _matcher(a='dossier:"NPT 1968: a*"', b="dossier:npt").match(replace(NEW, event=event)) == ("a",)


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


@settings(max_examples=200, deadline=None)
@given(
    asked=corpora_with_queries(),
    naming_change=st.lists(queries(for_developments=True), max_size=3),
    change=st.sampled_from((Change.NEW, *Change)),
    sample=st.lists(views(), max_size=2),
)
def test_the_matcher_names_whom_the_reference_evaluator_does(
    asked: tuple[list[EventView], list[Query]], naming_change: list[Query], change: Change, sample: list[EventView]
) -> None:
    """For any queries and any development, whatever it learnt about rarity."""
    events, plain = asked
    wanted = [(f"sub-{number % 9}", query) for number, query in enumerate([*plain, *naming_change])]
    matcher = Matcher(wanted, sample)
    for event in events:
        development = replace(NEW, event=event, change=change)
        expected = {
            name
            for name, query in wanted
            if audible(development, names_change="change" in fields_used(query)) and matches(query, event, change)
        }
        assert matcher.match(development) == tuple(sorted(expected))
        assert expected == {name for name, query in wanted if hears(query, development)}
