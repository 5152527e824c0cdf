"""The upgrade job: an index that another detector made becomes this one's. Alerts nobody; may be killed anywhere."""

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from pipelines.jobs.adapters import Adapters
from pipelines.jobs.detect import Engine
from pipelines.jobs.rebuild import PAUSE, Hold, Progress, Rebuild, Report, reader_of
from schemas.errors import FencedOff, Unavailable
from schemas.ports import Generation

LEASE = "job:upgrade"
LEASED = timedelta(seconds=15)


class StoppedError(Unavailable):
    """Told to stop; the next upgrade goes on from there."""


class Upgrade:
    """Brings the index to the version of a detector. One at a time, by a lease.

    Args:
        adapters: To work on; of a user who may make and delete indices.
        engine: Makes what detects; called where there is something to replay.
        detector: Its version.
        clock: The time, UTC.
        stop: Ends the work between two batches.
        holder: Under which name it holds the lease; the same name again takes up its own.
        tell: Hears of progress.
        came_round: Called before each piece of work.
        hold: For how long detect jobs stand still before the switch.
    """

    def __init__(
        self,
        adapters: Adapters,
        engine: Callable[[], Engine],
        detector: str,
        *,
        clock: Callable[[], datetime],
        stop: threading.Event,
        holder: str,
        tell: Callable[[Progress], None] = lambda _: None,
        came_round: Callable[[], object] = lambda: None,
        hold: Hold = Hold(),  # noqa: B008 - it is frozen
    ) -> None:
        self._adapters, self._engine, self._detector = adapters, engine, detector
        self._clock, self._stop, self._tell, self._holder, self._hold = clock, stop, tell, holder, hold
        self._came_round, self._generations = came_round, adapters.generations
        self._log = structlog.get_logger(job="upgrade")

    def run(self, *, again: bool = False, before_switch: Callable[[Report], bool] = lambda _: True) -> Report | None:
        """What it changes; None where the index is this detector's already.

        Args:
            again: Whether to rebuild it all the same.
            before_switch: Hears what is about to change, and says whether the new generation is to serve. If not, it is
                kept, and a later upgrade goes on with it.

        Raises:
            StoppedError: `stop` was set.
            FencedOff: Another upgrade took over.
            Misconfigured: The new generation has no events and the old one has some; or no right to make one.
            Unavailable: Something is away, or no moment to switch came; nothing is lost.
        """
        self._wait_for_lease()
        try:
            self._finish()
            if self._is_up_to_date(again=again):
                self._abandon()  # another version's, for which the log would be kept
                return None
            rebuild = Rebuild(
                self._adapters,
                self._begin(),
                self._engine,
                clock=self._clock,
                stop=self._stop,
                tell=self._tell,
                keep=self._keep,
                hold=self._hold,
            )
            return rebuild.run(before_switch)
        finally:
            self._release()

    def abandon(self) -> bool:
        """Gives up what was begun; whether there was anything. Searches never saw it."""
        self._wait_for_lease()
        try:
            return self._abandon()
        finally:
            self._release()

    def _keep(self) -> None:
        """Stays the one who upgrades."""
        self._came_round()
        if self._stop.is_set():
            raise StoppedError("stopped; `treatywire upgrade` goes on from there, and with --abandon gives it up")
        if self._adapters.leases.acquire(LEASE, self._holder, LEASED, self._clock()) is None:
            raise FencedOff("another `treatywire upgrade` has taken over")

    def _wait_for_lease(self) -> None:
        while self._adapters.leases.acquire(LEASE, self._holder, LEASED, self._clock()) is None:
            self._came_round()
            self._tell(Progress("waiting"))
            if self._stop.wait(PAUSE.total_seconds()):
                raise StoppedError("stopped; another `treatywire upgrade` is at work, or died a moment ago")

    def _release(self) -> None:
        with suppress(Unavailable):  # it runs out by itself
            lease = self._adapters.leases.acquire(LEASE, self._holder, LEASED, self._clock())
            if lease is not None:
                self._adapters.leases.release(lease)

    def _finish(self) -> None:
        """Does what a death after a switch has left undone."""
        if self._generations.leaving() is not None:
            self._tell(Progress("deleting"))
            self._adapters.followed.forget(reader_of(self._generations.serving()))
            self._generations.finish()

    def _is_up_to_date(self, *, again: bool) -> bool:
        serving, building = self._generations.serving(), self._generations.building()
        if again or (building is not None and building.detectors == (self._detector,)):
            return False
        if not serving.detectors and not self._adapters.events.count(None):
            self._generations.wrote(self._detector)
            return True
        return serving.detectors == (self._detector,)

    def _begin(self) -> Generation:
        building = self._generations.building()
        if building is not None and building.detectors not in ((), (self._detector,)):  # none: it died as it began
            self._log.warning("begun by another detector, and given up", detector=building.detectors[0])
            self._abandon()
        return self._generations.begin(self._detector)

    def _abandon(self) -> bool:
        building = self._generations.building()
        if building is None:
            return False
        self._adapters.followed.forget(reader_of(building))
        return self._generations.abandon()
