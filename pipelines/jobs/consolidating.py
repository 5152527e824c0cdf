"""What the workers of a cluster do with what was heard: merge, save, publish."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog

from pipelines.jobs.merging import merge
from pipelines.jobs.publish import publish
from pipelines.transforms.detect_for_dossiers import Heard
from pipelines.transforms.rejected import Rejected, reason_of
from schemas.codec import encode
from schemas.dead_letter import dead_letter
from schemas.errors import Misconfigured, Unavailable
from schemas.ports import DeadLetters, DevelopmentLog, EventStore
from schemas.vocabulary import Origin, Stage

T = TypeVar("T")

PATIENCE_S = 300.0
"""How long a bundle waits for a server that is away. Failing it would start the whole job anew, again and again."""
RECOVERY = timedelta(minutes=1)
"""So long after its start a process may be given what another had in hand when it died: nobody tells it which."""
FIRST_S, LONGEST_S = 0.5, 10.0


class Consolidating:
    """Makes what was heard durable, from any number of threads and processes; doing it again changes nothing.

    A statement that makes the code raise is found by halving its batch, and its article set aside.

    Args:
        store: Where states and views are.
        developments: Where what is new is told.
        dead_letters: Where what cannot be used goes.
        origin: By which way the articles came.
        clock: UTC.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        store: EventStore,
        developments: DevelopmentLog,
        dead_letters: DeadLetters,
        *,
        origin: Origin,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._store, self._developments, self._dead_letters = store, developments, dead_letters
        self._origin, self._clock, self._sleep = origin, clock, sleep
        self._recovered = clock() + RECOVERY
        self._working = threading.Lock()
        self._log = structlog.get_logger(job="detect")

    def consolidate(self, heard: Sequence[Heard]) -> None:
        """Merges, saves and publishes; durable on return.

        Raises:
            Unavailable: A server was away for minutes.
            Misconfigured: It will not have us.
        """
        # One thread at a time: two would publish the same entries, or one pass over what the other is about to save.
        with self._working:
            self._work(heard)
            self._patiently(lambda: publish(self._store, self._developments))

    def sweep(self) -> None:
        """Publishes what others have saved and not published, before they died.

        Raises:
            Unavailable: A server does not answer now.
        """
        with self._working:
            publish(self._store, self._developments)

    def set_aside(self, rejected: Sequence[Rejected]) -> None:
        """Writes dead letters; durable on return."""
        now = self._clock()
        letters = [dead_letter(one.stage, one.data, source=one.source, reason=one.reason, now=now) for one in rejected]
        self._patiently(lambda: self._dead_letters.add(letters))

    def _work(self, heard: Sequence[Heard]) -> None:
        try:
            tries = itertools.count()
            self._patiently(lambda: self._save(heard, again=next(tries) > 0))
        except (Unavailable, Misconfigured, MemoryError):
            raise
        except Exception as error:
            if len(heard) > 1:
                half = len(heard) // 2
                self._work(heard[:half])
                self._work(heard[half:])
                return
            article = heard[0].article
            self._log.error("an article cannot be worked on", article=article.id, error=repr(error))
            where = f"article {article.id} revision {article.revision}"
            self.set_aside([Rejected(Stage.ARTICLE, encode(article), where, reason_of(error))])

    def _save(self, heard: Sequence[Heard], *, again: bool) -> None:
        afresh = again or self._clock() < self._recovered
        statements = [one.statement for one in heard]
        merge(statements, self._store, origin=self._origin, clock=self._clock, afresh=afresh)

    def _patiently(self, work: Callable[[], T]) -> T:
        return patiently(work, self._sleep)


def patiently(work: Callable[[], T], sleep: Callable[[float], object] = time.sleep) -> T:
    """What the work gives, tried again while something is away, for minutes.

    Raises:
        Unavailable: It stays away.
    """
    waited, pause = 0.0, FIRST_S
    while True:
        try:
            return work()
        except Unavailable as error:
            if waited >= PATIENCE_S:
                raise
            structlog.get_logger(job="detect").warning("unavailable", reason=str(error), next_try_seconds=pause)
        sleep(pause)
        waited += pause
        pause = min(2 * pause, LONGEST_S)
