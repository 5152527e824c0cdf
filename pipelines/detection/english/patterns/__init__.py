"""The patterns of English, by type of happening."""

from pipelines.detection.english.patterns.consent import CONSENT
from pipelines.detection.english.patterns.ending import ENDING
from pipelines.detection.english.patterns.joining import JOINING
from pipelines.detection.english.patterns.making import MAKING
from pipelines.detection.english.patterns.operation import OPERATION
from pipelines.detection.pattern import Pattern

PATTERNS: tuple[Pattern, ...] = (*JOINING, *CONSENT, *ENDING, *MAKING, *OPERATION)
"""All patterns whose arguments the clause gives; those of `quarrel` have finders of their own."""

__all__ = ["PATTERNS"]
