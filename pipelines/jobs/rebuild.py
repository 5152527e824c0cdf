"""One new generation: filled from the articles log, compared, and put in the old one's place.

The hand-over. The new generation is filled by a reader that follows the detect job's and never passes it: what has not
been told live is not in it, so nothing is robbed of its alert. It may serve at a moment when three things hold at once:

1. both readers stand at the same entry: nothing that was told live is missing in it;
2. the detect job is not at work on anything: what it finds next, it finds in the new generation;
3. no development of the old one is unpublished: none is lost with it.

To have such a moment come, detect jobs are asked to stand still while the last few articles are replayed; they go on by
themselves should this process die meanwhile. A store that keeps the log as well looks at 1 and 3 in the transaction
that switches, and refuses to save, under 2, what was loaded before it. Elsewhere all three are looked at from here, 2
by the notes that readers keep of what they have begun.

Every step can be broken off and done again: the reader's position, who has been heard, and which generation is in what
stage are durable, and merges are idempotent.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from pipelines.jobs.adapters import Adapters
from pipelines.jobs.carry_over import carry_over
from pipelines.jobs.comparing import Difference, compare
from pipelines.jobs.detect import DetectJob, Engine
from pipelines.jobs.loop import until_available
from pipelines.jobs.publish import publish
from pipelines.jobs.rebuilding import CountedFollower, HeardEngine, RebuiltStore, Told
from schemas.errors import Conflict, Unavailable
from schemas.ports import Generation
from schemas.vocabulary import Origin

LEADER = "detect"
SETTLE, HELD = timedelta(seconds=5), timedelta(seconds=30)
PAUSE, LONGEST_PAUSE = timedelta(seconds=0.2), timedelta(seconds=10)
TRIES = 12
"""How often a moment to switch is waited for."""


class Hold(Struct, frozen=True):
    """For how long detect jobs are asked to stand still."""

    settle: timedelta = SETTLE
    """How long after that a process that shares the reader may still begin what it was about to."""
    held: timedelta = HELD
    """At most, for one try to switch; for half of it those are waited for that are at work."""


class Progress(Struct, frozen=True):
    """How far a phase is: ``waiting``, ``replaying``, ``carrying over``, ``comparing``, ``switching``, ``deleting``."""

    phase: str
    done: int = 0
    total: int | None = None


class Report(Struct, frozen=True):
    """What an upgrade changes."""

    before: Generation
    after: Generation
    replayed: int
    """Articles of the log, since the upgrade was begun or last gone on with."""
    carried_over: int
    """Articles that the log no longer holds, likewise."""
    difference: Difference


class Rebuild:
    """One generation, from its beginning to its service.

    Args:
        adapters: To work on.
        generation: The one that was begun.
        engine: Makes what detects; called where there is something to replay.
        clock: The time, UTC.
        stop: Cuts waits short.
        tell: Hears of progress.
        hold: For how long detect jobs stand still.
        keep: Called before each step; raises where the work is not ours any longer.
    """

    def __init__(
        self,
        adapters: Adapters,
        generation: Generation,
        engine: Callable[[], Engine],
        *,
        clock: Callable[[], datetime],
        stop: threading.Event,
        tell: Callable[[Progress], None],
        keep: Callable[[], None],
        hold: Hold,
    ) -> None:
        self._adapters, self._generation, self._engine = adapters, generation, engine
        self._clock, self._stop, self._tell, self._keep, self._times = clock, stop, tell, keep, hold
        self._name = reader_of(generation)
        self._serving = adapters.generations.serving()
        self._before = adapters.generations.findings(self._serving)
        self._new = adapters.generations.findings(generation)
        self._reader = CountedFollower(adapters.followed.follow(self._name, LEADER))
        self._store = RebuiltStore(self._new, self._reader, Told(adapters.developments))
        self._job: DetectJob | None = None

    def run(self, before_switch: Callable[[Report], bool]) -> Report:
        """What it changes; whether it serves then, `before_switch` says."""
        self._catch_up()
        carried = self._carry_over()
        self._tell(Progress("comparing"))
        difference = compare(self._before, self._new, self._catch_up, self._keep)
        report = Report(self._serving, self._generation, self._reader.committed, carried, difference)
        if before_switch(report):
            self._tell(Progress("switching"))
            self._switch()
            self._finish()
        return report

    def _catch_up(self) -> None:
        """Replays as far as the detect job has come by now; what it does meanwhile is for the next time."""
        before, wanted = self._reader.committed, self._reader.lag()
        while (done := self._reader.committed - before) < wanted and self._reader.lag():
            self._keep()
            self._tell(Progress("replaying", done, wanted))
            self._step()

    def _step(self) -> None:
        if self._job is None:
            self._job = DetectJob(
                HeardEngine(self._engine(), self._before),
                self._reader,
                self._store,
                self._adapters.developments,
                name=self._name,
                origin=Origin.REPLAY,
                clock=self._clock,
            )
        job = self._job
        until_available("upgrade", lambda: job.step(self._clock()), self._stop)

    def _carry_over(self) -> int:
        carried = 0
        self._tell(Progress("carrying over"))
        for number in carry_over(self._before, self._store, self._catch_up, now=self._clock()):
            self._keep()
            carried += number
            self._tell(Progress("carrying over", carried))
        return carried

    def _switch(self) -> None:
        generations, pause = self._adapters.generations, PAUSE
        for _ in range(TRIES):
            self._keep()
            self._publish_found()  # most of it before anybody has to stand still
            try:
                until = self._hold()
                self._catch_up()
                if self._is_moment(until):
                    generations.switch(self._name, LEADER)
                    return
            except Conflict:
                pass
            finally:
                generations.hold(None)  # a new generation never is held; of the old one detect jobs go on
            self._stop.wait(pause.total_seconds())
            pause = min(2 * pause, LONGEST_PAUSE)  # who died in mid-work must be missed, and another go on
        raise Unavailable(
            "no moment to switch came: a detect job does not stand still, or one has died in mid-work and none goes on "
            "with it; see that one runs, and `treatywire upgrade` again"
        )

    def _hold(self) -> datetime:
        """Asks detect jobs to stand still until then; where several share the reader, waits until they do."""
        begun = self._clock()
        until = begun + self._times.held
        self._adapters.generations.hold(until)
        while self._adapters.readers_share and (waited := self._clock() - begun) < self._times.held / 2:
            self._keep()
            if waited > self._times.settle and not self._reader.leader_works():
                break
            self._stop.wait(PAUSE.total_seconds())
        return until

    def _is_moment(self, until: datetime) -> bool:
        """Whether all is in the new generation and told, as far as this can be seen from here."""
        # As one that comes anew sees the outboxes: also what a process left a moment ago that died.
        publish(self._adapters.generations.findings(self._serving), self._adapters.developments)
        self._publish_found()
        if not self._adapters.readers_share:
            return True  # it is looked at in the transaction that switches
        return not self._reader.leader_works() and not self._reader.lag() and self._clock() < until

    def _publish_found(self) -> None:
        """Puts what is found for the first time into the log, as replayed.

        Before the new generation serves: from then on every detect process would, each by itself.
        """
        self._store.publish(self._adapters.developments)

    def _finish(self) -> None:
        self._tell(Progress("deleting"))
        self._adapters.followed.forget(self._name)
        if self._adapters.readers_share:
            self._stop.wait(SETTLE.total_seconds())  # for searches that are at their second page
        self._adapters.generations.finish()


def reader_of(generation: Generation) -> str:
    """The name under which the articles log is read for this generation."""
    return f"upgrade-{generation.number}"
