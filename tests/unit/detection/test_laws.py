"""What holds of every text: offsets, determinism, and what makes no difference."""

import datetime
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.detection import detector_for, quote
from schemas.mention import Mention, Span

_WHEN = datetime.datetime(2025, 5, 21, 12, tzinfo=datetime.UTC)
_SENTENCES = (
    "Peru and Chile signed a border treaty on Monday.",
    "Iran's parliament voted 192 to 19 to ratify the pact with Russia.",
    'Oman said: "We have not signed the agreement."',
    "The truce between Chad and Sudan, declared last week, collapsed.",
    "Zambia will withdraw from the Ottawa Convention if its neighbours don't.",
    "Ethiopia accused Eritrea of violating the Algiers Agreement; Eritrea denied it.",
    "It was signed in 1987 by Bolivia and Paraguay.",
    "The film's sequel opened in London.",
)
_texts = st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=5)


def _mentions(title: str, text: str) -> tuple[Mention, ...]:
    detect = detector_for("en")
    assert detect is not None
    return detect(title, text, _WHEN)


def _without_offsets(mentions: tuple[Mention, ...]) -> list[tuple[object, ...]]:
    return [
        (
            each.type,
            each.modality,
            each.instrument and each.instrument.kind,
            each.parties,
            [(a.code, a.role) for a in each.actors],
            each.body,
            each.vote,
            each.date,
            each.confidence,
        )
        for each in mentions
    ]


@given(st.text(max_size=300), st.text(max_size=600))
@settings(max_examples=150, deadline=None)
def test_no_unicode_string_makes_it_raise(title: str, text: str) -> None:
    """No unicode string makes it raise."""
    _mentions(title, text)


@given(st.text(max_size=40), _texts, st.text(max_size=40))
@settings(max_examples=100, deadline=None)
def test_offsets_lie_in_the_text(title: str, sentences: list[str], noise: str) -> None:
    """Offsets lie in the text."""
    text = noise.join(sentences)
    whole = f"{title}\n{text}" if title else text
    for mention in _mentions(title, text):
        assert mention.evidence
        assert all(0 <= span.start < span.end <= len(whole) for span in mention.evidence)


@given(_texts)
@settings(max_examples=50, deadline=None)
def test_it_is_deterministic(sentences: list[str]) -> None:
    """It is deterministic."""
    text = "\n\n".join(sentences)
    assert _mentions("", text) == _mentions("", text)


@given(_texts, st.sampled_from((" ", "  ", "\t", "\u00a0")))
@settings(max_examples=60, deadline=None)
def test_the_amount_of_white_space_makes_no_difference(sentences: list[str], blank: str) -> None:
    """The amount of white space makes no difference."""
    text = "\n\n".join(sentences)
    assert _without_offsets(_mentions("", text)) == _without_offsets(_mentions("", text.replace(" ", blank)))


@given(_texts, st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_the_number_of_blank_lines_makes_no_difference(sentences: list[str], lines: int) -> None:
    """The number of blank lines makes no difference."""
    assert _without_offsets(_mentions("", "\n\n".join(sentences))) == _without_offsets(
        _mentions("", ("\n" * lines).join(sentences))
    )


@given(_texts)
@settings(max_examples=40, deadline=None)
def test_the_style_of_quotation_marks_makes_no_difference(sentences: list[str]) -> None:
    """The style of quotation marks makes no difference."""
    text = "\n".join(sentences)
    curly = re.sub(r'"([^"]*)"', "\u201c\\1\u201d", text).replace("'", "\u2019")
    assert _without_offsets(_mentions("", text)) == _without_offsets(_mentions("", curly))


_COMMENTS = (
    "Nobody was hurt.",
    "The rain is expected to stop.",
    "Analysts praised the treaty.",
    "Talks were tense.",
    "Both sides denied a breach of the ceasefire.",
    "They signed the agreement. It is to be ratified by both parliaments.",
    '"The pact is dead," an official said, and the truce with it.',
)


@given(_texts, st.sampled_from(_COMMENTS))
@settings(max_examples=40, deadline=None)
def test_an_appended_paragraph_that_names_nobody_and_no_date_changes_nothing(sentences: list[str], more: str) -> None:
    """Nor the confidence: such a paragraph is not read."""
    text = "\n\n".join(sentences)
    assert _mentions("", text) == _mentions("", f"{text}\n\n{more}")


def test_a_text_of_one_line_of_control_characters_or_of_no_sentence_gives_nothing() -> None:
    """A text of one line of control characters or of no sentence gives nothing."""
    for text in ("", "\x00\x01\x02" * 500, "treaty " * 2000, "." * 5000, "\n" * 5000, "(" * 3000 + "treaty"):
        _mentions("", text)


def test_a_long_text_is_read_to_its_end() -> None:
    """A long text is read to its end."""
    text = "The rain fell on the hills. " * 8000 + "Peru and Chile signed a border treaty."
    assert [mention.type for mention in _mentions("", text)] == ["signature"]


@given(_texts)
@settings(max_examples=40, deadline=None)
def test_a_quote_holds_its_evidence(sentences: list[str]) -> None:
    """A quote holds its evidence."""
    text = " ".join(sentences)
    for mention in _mentions("Treaty news", text):
        shown = quote("Treaty news", text, mention.evidence)
        assert len(shown.text) <= 420
        assert all(0 <= mark.start < mark.end <= len(shown.text) for mark in shown.marks)
        whole = f"Treaty news\n{text}"
        first: Span = mention.evidence[0]
        assert whole[first.start : first.end].startswith(shown.text[shown.marks[0].start : shown.marks[0].end][:50])
