"""Follows one partition of a log, and finds out which of its entries the process dies of."""

import threading
import time
from collections.abc import Callable, Generator
from typing import Protocol

import structlog

from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.codec import encode
from schemas.errors import Unavailable
from schemas.ports import Entry, InFlight, Partitions, Standing, Unreadable
from schemas.vocabulary import Stage

TURN_S = 0.5
"""How long one tick may go on giving entries: then others of the bundle have their turn."""
AT_ONCE = 500
CAREFUL = 5000
"""How many entries are taken one at a time after the process has died twice at one place. One that kills it further on
is met by a later start, since checkpoints move that place on."""
COPY_EVERY_S = 5.0
"""A bundle that waits for a checkpoint holds its processor until then: so only now and then."""
COPY_HELD_S = 1.0
"""The same while others wait for it."""
DEATHS = 3
"""How often an entry alone may kill the process before it is set aside."""


class HeldLog(Partitions[Article], Protocol):
    """A log whose readers may be asked to stand still for a while."""

    def held(self) -> bool:
        """Whether nothing should be begun now; cheap."""


class PartitionFollower:
    """The entries of one partition in this process, from where the runner's state says; at least once.

    A process that starts notes durably where it begins; the note goes with the first checkpoint that is complete. One
    that finds the note of another start at the same place takes the entries one at a time, and notes each before it is
    worked on. This needs the work on an entry to be done before the next one is asked for, as it is within one stage.

    Args:
        log: Where the partition is.
        name: The reader's, under which notes and a copy of the place are kept.
        partition: Which one.
        clock: Seconds that never go back.
    """

    def __init__(self, log: HeldLog, name: str, partition: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._log, self._name, self._partition, self._clock = log, name, partition, clock
        self._logger = structlog.get_logger(reader=name, partition=partition)
        self.turn = threading.Lock()
        """Held while entries are given: a stale attempt of the runner's may still be at it."""
        self._copying = threading.Lock()
        self._copied: Standing | None = None
        self._careful_until = -1
        self._on_trial: InFlight | None = None
        self._place_before: int | None = None
        self._held = False
        self._last = self._copy_next = float("-inf")
        self.place: int | None = None
        """Where to go on; None before the first entry was asked for."""
        self.missed = 0
        """How many entries had expired before they were read."""

    def idle_s(self) -> float:
        """Seconds since entries were last asked for."""
        return self._clock() - self._last

    def follow(self, offset: int | None) -> Generator[Entry[Article] | Rejected, None, None]:
        """What comes from `offset` on, for half a second or until there is no more now; moves `place` along.

        What has killed the process three times alone comes as `Rejected`.

        Args:
            offset: The next entry's; None where the runner knows of none, at the very first start.

        Raises:
            Unavailable: The log does not answer now; what was given so far stands.
        """
        deadline = self._clock() + TURN_S
        tried = False
        try:
            place = self.place = self._begin(offset)
            if self._place_before is not None and place < self._place_before:
                self._place_before = None  # the runner began again, further back
            self._held = self._log.held()
            if self._held:
                self._stand_still(place)
                return
            while True:
                careful = place < self._careful_until
                portion = self._log.read(self._partition, place, 1 if careful else AT_ONCE)
                for entry in portion.entries:
                    tried = tried or careful
                    if careful and self._try(entry.offset - 1) > DEATHS:
                        yield self._given_up(entry)
                    else:
                        yield entry
                    self.place = entry.offset
                self.missed += portion.lost
                place = self.place = portion.next
                if not portion.entries or self._clock() > deadline:
                    return
        finally:
            self._last = self._clock()
            if tried:
                self._note(None)

    def copy_due(self) -> int | None:
        """A place for `finished`, to be told when the bundle at hand is in a complete checkpoint; now and then only.

        It is the place of the call before: what was given until then left in bundles that have ended, so it is worked
        on when that checkpoint is complete. What the bundle at hand gives may wait in the runner's buffers until later.
        """
        now, copied = self._clock(), self._copied
        if copied is None or self.place is None or now < self._copy_next:
            return None
        if copied.offset == self.place and (copied.begun is None or self.place < self._careful_until):
            return None
        self._copy_next = now + (COPY_HELD_S if self._held else COPY_EVERY_S)
        due, self._place_before = self._place_before, self.place
        return due

    def finished(self, done: int) -> None:
        """Copies a place for the group, now that all before it is known to be worked on."""
        with self._copying:
            assert self._copied is not None
            begun = self._copied.begun if self._careful_until > done else None
            if begun is None and self._held and self.place is not None and done < self.place:
                begun = InFlight(done, self.place - 1, 0)
            if Standing(done, begun) != self._copied:
                self._stand(Standing(done, begun))

    def _begin(self, offset: int | None) -> int:
        """Where to go on; at this process's first call also what others have died of there."""
        with self._copying:
            if self._copied is None:
                found = self._log.standing(self._name, self._partition)
                place = found.offset if offset is None else offset
                self._stand(Standing(found.offset, self._starting(place, found.begun)))
                return place
            return self._copied.offset if offset is None else offset

    def _stand_still(self, place: int) -> None:
        """Lets those who wait for us see that we have worked on more than the copied place tells."""
        with self._copying:
            copied = self._copied
            if copied is not None and copied.begun is None and copied.offset < place:
                self._stand(Standing(copied.offset, InFlight(copied.offset, place - 1, 0)))

    def _starting(self, place: int, begun: InFlight | None) -> InFlight:
        if begun is not None and begun.first == begun.last >= place:
            self._on_trial, self._careful_until = begun, begun.last + 1
            return begun
        again = begun is not None and begun.first == place
        starts = begun.attempts + 1 if begun is not None and again else 1
        if starts > 1:
            self._careful_until = place + CAREFUL
            self._logger.warning("died here before; entries are taken one at a time", offset=place, starts=starts)
        return InFlight(place, place + CAREFUL - 1, starts)

    def _try(self, at: int) -> int:
        """Notes that an entry is worked on alone; says for which time."""
        known = self._on_trial
        if known is not None and at < known.first:
            return 1  # one that came through before; the note is about a later one
        attempts = known.attempts + 1 if known is not None and known.first == at else 1
        self._on_trial = None
        self._note(InFlight(at, at, attempts))
        return attempts

    def _note(self, begun: InFlight | None) -> None:
        with self._copying:
            assert self._copied is not None
            if self._on_trial is None and begun != self._copied.begun:
                self._stand(Standing(self._copied.offset, begun))

    def _stand(self, standing: Standing) -> None:
        self._copied = standing
        try:
            self._log.stand(self._name, self._partition, standing)
        except Unavailable as error:
            # A copy only: the runner's state is what counts.
            self._logger.warning("the place could not be noted", reason=str(error))

    def _given_up(self, entry: Entry[Article]) -> Rejected:
        where = f"articles log, partition {self._partition}, offset {entry.offset - 1}"
        reason = f"killed the process {DEATHS} times"
        self._logger.error("an article kills the process; it is set aside", offset=entry.offset - 1)
        if isinstance(entry.record, Unreadable):
            return Rejected(Stage.RECORD, entry.record.data, where, reason)
        return Rejected(Stage.ARTICLE, encode(entry.record), where, reason)
