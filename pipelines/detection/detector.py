"""Which detector reads which language."""

import datetime
from functools import lru_cache
from typing import Protocol

from schemas.mention import Mention

DETECTOR_VERSION = "1.0.0"
"""Changes whenever the findings for some article may change."""


class Detector(Protocol):
    """Finds treaty events in articles of one language."""

    def __call__(self, title: str, text: str, published: datetime.datetime | None) -> tuple[Mention, ...]:
        """The mentions of one article, in the order of the text.

        Deterministic, linear in the length of the text; raises for no string.

        Args:
            title: The headline; may be empty.
            text: The article without its headline.
            published: Aware, UTC; None where unknown, and then relative dates stay null.
        """
        ...


def detector_for(language: str | None) -> Detector | None:
    """The detector for a BCP 47 language tag; None where there is none.

    A text of unknown language is read as English: where it is not, nothing is found in it.
    """
    primary = "en" if language is None else language.replace("_", "-").partition("-")[0].lower()
    return _english() if primary == "en" else None


@lru_cache(maxsize=1)
def _english() -> Detector:
    # imported here so that asking for another language does not pay for the English gazetteer
    from pipelines.detection.english.detector import EnglishDetector

    return EnglishDetector()
