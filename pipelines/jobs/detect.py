"""The detect job: articles log → states, index, developments log, dead letters."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from pipelines.jobs.merging import merge
from pipelines.jobs.publish import publish
from pipelines.transforms.rejected import Rejected, reason_of
from schemas.article import Article
from schemas.codec import encode
from schemas.dead_letter import dead_letter
from schemas.errors import FencedOff, Misconfigured, Unavailable
from schemas.ports import DevelopmentLog, Entry, InFlight, Position, Reader, States, Unreadable
from schemas.state import Statement
from schemas.vocabulary import Origin, Stage

POLL = timedelta(seconds=0.25)
SWEEP_EVERY = timedelta(seconds=15)
"""How often outboxes are looked through for what a process has left that died before it had published it."""
BATCH = 500
"""Articles at once: small enough that a committed event is never more than a second or two behind."""
DEATHS = 3
"""How often an article alone may kill the process before it is set aside."""


class Engine(Protocol):
    """What detects: `MicroBatchEngine`, or a test's."""

    def run(self, batch: Sequence[Entry[Article]]) -> tuple[list[tuple[str, Statement]], list[Rejected]]:
        """(aggregate id, statement) pairs, and what was set aside."""


class DetectJob:
    """Detects and consolidates micro-batches of the articles log.

    At-least-once reading with idempotent merges: events, dossiers and developments come out as if each article had been
    read once. An article that raises is found by halving its batch; one that kills the process is found by reading one
    at a time after two deaths at the same entries, and set aside after three alone. Both end as dead letters. Where
    processes share the reader, the entries of one that died come to another, which then is as careful.
    """

    def __init__(
        self,
        engine: Engine,
        reader: Reader[Article],
        store: States,
        developments: DevelopmentLog,
        *,
        name: str = "detect",
        origin: Origin = Origin.LIVE,
        batch: int = BATCH,
        clock: Callable[[], datetime],
    ) -> None:
        self._engine, self._reader, self._store, self._developments = engine, reader, store, developments
        self._name, self._origin, self._batch, self._clock = name, origin, batch, clock
        self._log = structlog.get_logger(job=name)
        self._swept: datetime | None = None
        self._begun: InFlight | None = None
        self._is_tried_before = False
        self._once_more_until = 0
        self._one_by_one_until = 0

    def step(self, now: datetime) -> timedelta:
        """Works on one batch and publishes what is new; the wait is zero where there may be more."""
        self._look_for_deaths()
        if self._swept is None or now - self._swept >= SWEEP_EVERY:
            publish(self._store, self._developments)
            self._swept = now
        position = self._reader.position()
        careful = position < self._one_by_one_until
        entries = self._reader.read(1 if careful else self._batch)
        if position < self._once_more_until:
            # None where they have left the log meanwhile; then what comes next is no suspect.
            entries = [entry for entry in entries if entry.offset <= self._once_more_until] or entries
        if not entries:
            return POLL
        deaths = self._begin(entries) - 1
        if len(entries) == 1 and deaths >= DEATHS:
            self._give_up(entries[0], f"killed the process {deaths} times", deaths)
        else:
            self._work(entries)
        publish(self._store, self._developments)
        return timedelta() if careful or len(entries) == self._batch else POLL

    def _look_for_deaths(self) -> None:
        """Notes up to where a process died in mid-work: this one before its start, or another whose entries came here.

        What this process itself has begun and could not finish, since a server was away, is no death. The first death
        may well have another cause, and costs one more try of the very same entries; after a second they come singly.
        """
        died, ours = self._reader.in_flight(), self._begun
        if died is None or (ours is not None and (died.first, died.last) == (ours.first, ours.last)):
            return
        if died.attempts > 1:
            self._one_by_one_until = max(self._one_by_one_until, died.last)
        if died.last > self._once_more_until:
            self._once_more_until = died.last
            self._swept = None
            self._log.warning("died in mid-work", first=died.first, last=died.last, attempts=died.attempts)

    def _begin(self, entries: Sequence[Entry[Article]]) -> int:
        """How often these very entries were begun, by this process once: a try after `Unavailable` is no death."""
        first, last = entries[0].offset, entries[-1].offset
        self._is_tried_before = self._begun is not None and (self._begun.first, self._begun.last) == (first, last)
        if self._begun is None or not self._is_tried_before:
            self._begun = self._reader.begin(first, last)
        return self._begun.attempts

    def _work(self, entries: Sequence[Entry[Article]]) -> None:
        """Saves the effects of these entries with the position after them; halves them where the code raises."""
        try:
            statements, rejected = self._engine.run(entries)
            self._save([statement for _, statement in statements], rejected, entries[-1].offset)
        except (FencedOff, Misconfigured, MemoryError, Unavailable):
            raise
        except Exception as error:
            if len(entries) > 1:
                half = len(entries) // 2
                for part in (entries[:half], entries[half:]):
                    self._begin(part)
                    self._work(part)
                return
            self._log.error("an article cannot be worked on", offset=entries[0].offset, error=repr(error))
            self._give_up(entries[0], reason_of(error), 1)

    def _save(self, statements: Sequence[Statement], rejected: Sequence[Rejected], offset: int) -> None:
        position = Position(self._name, offset)
        now = self._clock()
        letters = [
            dead_letter(item.stage, item.data, source=item.source, reason=item.reason, now=now) for item in rejected
        ]
        merge(
            statements,
            self._store,
            origin=self._origin,
            clock=self._clock,
            afresh=self._is_tried_before or offset <= self._once_more_until,
            failed=letters,
            position=position,
        )

    def _give_up(self, entry: Entry[Article], reason: str, attempts: int) -> None:
        """Sets one entry aside and goes on behind it."""
        where = f"articles log, offset {entry.offset}"
        if isinstance(entry.record, Unreadable):
            stage, data = Stage.RECORD, entry.record.data
        else:
            stage, data = Stage.ARTICLE, encode(entry.record)
        letter = dead_letter(stage, data, source=where, reason=reason, now=self._clock(), attempts=attempts)
        self._store.save((), (), (), [letter], Position(self._name, entry.offset))
