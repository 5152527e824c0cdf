"""Every pattern finds what it says it accepts, and not what it says it rejects."""

import pytest

from pipelines.detection.english.detector import patterned
from pipelines.detection.english.document import Document
from pipelines.detection.english.names import names
from pipelines.detection.english.patterns import PATTERNS as WORDED
from pipelines.detection.english.patterns.quarrel import QUARREL
from pipelines.detection.pattern import Pattern
from schemas.vocabulary import EventType, Modality

PATTERNS = (*WORDED, *QUARREL)


def _found(sentence: str, modality: Modality) -> set[EventType]:
    document = Document(sentence, 0, None, names())
    worded = (candidate for _, rules in patterned(document) for candidate in rules)
    return {candidate.type for candidate in worded if candidate.modality is modality}


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [(pattern, each) for pattern in PATTERNS for each in pattern.accepts],
    ids=lambda value: getattr(value, "id", None),
)
def test_pattern_finds_what_it_accepts(pattern: Pattern, sentence: str) -> None:
    """Pattern finds what it accepts."""
    assert pattern.type in _found(sentence, pattern.modality or Modality.OCCURRED)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [(pattern, each) for pattern in PATTERNS for each in pattern.rejects],
    ids=lambda value: getattr(value, "id", None),
)
def test_pattern_does_not_find_what_it_rejects(pattern: Pattern, sentence: str) -> None:
    """Pattern does not find what it rejects."""
    assert pattern.type not in _found(sentence, pattern.modality or Modality.OCCURRED)


def test_every_type_has_a_pattern_and_every_pattern_an_example_of_both_kinds() -> None:
    """Every type has a pattern and every pattern an example of both kinds."""
    assert {pattern.type for pattern in PATTERNS} == set(EventType)
    assert [pattern.id for pattern in PATTERNS if not (pattern.accepts and pattern.rejects)] == []
    assert len({pattern.id for pattern in PATTERNS}) == len(PATTERNS)
