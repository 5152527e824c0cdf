"""A detector that one article makes raise, and another one kills. Workers import it."""

import os
import signal
from datetime import datetime

from pipelines.detection import Detector, detector_for
from schemas.mention import Mention

RAISES, KILLS = "This text makes the code raise.", "This text kills the process."


def poisonous(language: str | None) -> Detector | None:
    """The detector of the program, behind the poison."""
    inner = detector_for(language)

    def detect(title: str, text: str, published: datetime | None) -> tuple[Mention, ...]:
        if RAISES in text:
            raise ZeroDivisionError("a bug that one article finds")
        if KILLS in text:
            os.kill(os.getpid(), signal.SIGKILL)
        assert inner is not None
        return inner(title, text, published)

    return detect
