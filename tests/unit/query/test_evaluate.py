"""What an event matches: the meaning of every field."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.errors import BadQuery
from schemas.query.analysis import tokens, words
from schemas.query.evaluate import document, matches, matches_document
from schemas.query.fields import FIELDS
from schemas.query.parse import parse
from schemas.query.tree import And, Or
from schemas.vocabulary import Change
from tests.unit.query.events import FOUND_BY, NOT_FOUND_BY, RATIFICATION


@pytest.mark.parametrize("text", FOUND_BY)
def test_an_event_is_found(text: str) -> None:
    """By each field, and each way to ask it."""
    assert matches(parse(text), RATIFICATION)


@pytest.mark.parametrize("text", NOT_FOUND_BY)
def test_an_event_is_not_found(text: str) -> None:
    """By another value, by another field's value, by a phrase that goes from one text to the next."""
    assert not matches(parse(text), RATIFICATION)


def test_every_field_is_tried_above() -> None:
    """But `change`, which has its own test."""
    tried = " ".join(FOUND_BY)
    assert [name for name in FIELDS if f"{name}:" not in tried] == ["change"]


def test_change_is_that_of_the_development() -> None:
    """Given beside the view; a view alone has none."""
    query = parse("change:new", for_developments=True)
    assert matches(query, RATIFICATION, Change.NEW)
    assert not matches(query, RATIFICATION, Change.HISTORY)
    assert not matches(query, RATIFICATION)


@pytest.mark.parametrize(
    ("date", "asked", "found"),
    [
        ("2024-12/2025-02", "date:2025-01-15", True),
        ("2024-12/2025-02", "date:[2025-02-28 TO *]", True),
        ("2024-12/2025-02", "date:[2025-03-01 TO *]", False),
        ("2025", "date:2025-07-01", True),
        (None, "date:*", False),
        (None, "NOT date:2025", True),
        ("2025-02-30", "date:*", False),
    ],
)
def test_an_interval_matches_a_range_that_it_overlaps(date: str | None, asked: str, found: bool) -> None:
    """A month, a year, an interval; no date, and one that is in no calendar, match no range."""
    assert matches(parse(asked), replace(RATIFICATION, date=date)) is found


@given(st.text())
def test_an_event_is_found_by_its_own_text(text: str) -> None:
    """Any headline, quoted as a phrase, and each of its words, wherever there is a letter or digit in it."""
    assume(tokens(text) and not text.endswith("*"))
    view = replace(RATIFICATION, headline=text)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    assert matches(parse(f'"{escaped}"'), view)
    for word in words(text):
        assert matches(parse(f'"{word}"'), view)
        try:
            begun = parse(f"{word}*")
        except BadQuery:  # one letter
            continue
        assert matches(begun, view)


def test_no_parts_are_everything_and_nothing() -> None:
    """The empty conjunction and the empty disjunction."""
    assert matches(And(()), RATIFICATION)
    assert not matches(Or(()), RATIFICATION)


def test_a_document_is_asked_any_number_of_queries() -> None:
    """The view is analysed once."""
    asked = document(RATIFICATION, Change.NEW)
    assert [matches_document(parse(text), asked) for text in ("pact", "peace")] == [True, False]
    assert asked.bounds["date"] == ("2025-05-01", "2025-05-31")
    assert asked.keys["change"] == {"new"}
    assert asked.texts["instrument"] == (("comprehensiv", "strategic", "partnership", "treati"), ("irn", "rus", "2025"))
