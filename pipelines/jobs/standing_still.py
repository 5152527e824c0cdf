"""What the detect job heeds of generations: it stands still before a switch, and ends after one to another detector."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from schemas.ports import Generations

Step = Callable[[datetime], timedelta]
HELD_POLL = timedelta(seconds=0.25)


class StandingStill:
    """A step that looks at the serving generation before each step of the detect job.

    It notes which detector writes there. Where the index was made by another one, it says so and goes on: what is found
    from now on is the new detector's, what was found before stays until `treatywire upgrade`. Where it is rebuilt under
    a running process by another one, the process ends: started again, it is of the new version, or else says so.

    Args:
        step: The detect job's.
        generations: Of its store.
        detector: The version at work here.
    """

    def __init__(self, step: Step, generations: Generations, detector: str) -> None:
        self._step, self._generations, self._detector = step, generations, detector
        self._number: int | None = None
        self._log = structlog.get_logger(job="detect")

    def __call__(self, now: datetime) -> timedelta:
        """The job's step; none while a switch is held."""
        serving = self._generations.serving()
        made_by_us = serving.detectors[:1] in ((), (self._detector,))
        if self._number != serving.number:
            if self._number is not None and not made_by_us:
                sys.exit(f"the index was rebuilt by detector {serving.detectors[0]}, and this is {self._detector}")
            if not made_by_us or len(serving.detectors) > 1:
                self._log.warning(
                    "the index was made by another version of the detector; `treatywire upgrade` brings it up to date"
                )
            self._generations.wrote(self._detector)
            self._number = serving.number
        if serving.held_until is not None and serving.held_until > now:
            return HELD_POLL
        return self._step(now)
