"""Two versions of a detector that find different things, and the program with either of them; run by a test.

`python -m tests.integration.two_detectors old|new ARGUMENTS…` is `treatywire ARGUMENTS…` with that one.
"""

import sys
from datetime import datetime

from msgspec.structs import replace

from pipelines import detection
from pipelines.detection import Detector, version
from schemas.mention import Mention
from schemas.vocabulary import EventType

_ENGLISH = detection.detector_for


def old(language: str | None) -> Detector | None:
    """It sees no ratification."""

    def detect(title: str, text: str, published: datetime | None) -> tuple[Mention, ...]:
        return tuple(found for found in _found(title, text, published) if found.type is not EventType.RATIFICATION)

    return detect


def new(language: str | None) -> Detector | None:
    """It sees no allegation, and does not trust what it reads of the day of a signature."""

    def detect(title: str, text: str, published: datetime | None) -> tuple[Mention, ...]:
        return tuple(
            replace(found, date=None) if found.type is EventType.SIGNATURE else found
            for found in _found(title, text, published)
            if found.type is not EventType.ALLEGATION
        )

    return detect


def _found(title: str, text: str, published: datetime | None) -> tuple[Mention, ...]:
    english = _ENGLISH("en")
    assert english is not None
    return english(title, text, published)


DETECTORS = {"old": old, "new": new}


def main(which: str, *arguments: str) -> None:
    """Runs the program with this detector, under a version that says so."""
    from app.cli import main as program

    detection.detector_for = DETECTORS[which]
    version.detector_version = lambda: which  # type: ignore[assignment]
    sys.argv[1:] = arguments
    program()


if __name__ == "__main__":
    # By its importable name: Beam pickles the detectors.
    from tests.integration import two_detectors

    two_detectors.main(*sys.argv[1:])
