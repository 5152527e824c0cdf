"""The detect job with a detector that raises at ``raise`` and kills its process at ``kill``; run by a test.

`python -m tests.integration.deadly FOLDER` works the log of that folder's database to its end.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from connectors.sqlite import Adapters, open_database
from pipelines.detection import Detector, detector_for
from pipelines.jobs.detect import DetectJob
from pipelines.transforms.micro_batch import MicroBatchEngine
from schemas.mention import Mention


def deadly(title: str, text: str, published: datetime | None) -> tuple[Mention, ...]:
    """As the English detector, where it lives."""
    if text.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if text.startswith("raise"):
        raise RecursionError("the detector raises at this one")
    detector = detector_for("en")
    assert detector is not None
    return detector(title, text, published)


def detectors(language: str | None) -> Detector | None:
    """The deadly one for every language."""
    del language
    return deadly


def main(folder: Path) -> None:
    """Works to the end of the log."""
    adapters = Adapters(open_database(folder / "treatywire.sqlite3"))
    job = DetectJob(
        MicroBatchEngine(detectors),
        adapters.articles.reader("detect"),
        adapters.events,
        adapters.developments,
        clock=lambda: datetime.now(UTC),
    )
    while adapters.articles.reader("detect").position() < adapters.articles.end():
        job.step(datetime.now(UTC))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
