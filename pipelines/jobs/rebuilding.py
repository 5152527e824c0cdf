"""The detect job's engine and store while a generation is rebuilt: nothing is told, and who has spoken is noted."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pipelines.consolidation.article import article_state_id
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.development import Development
from schemas.event import EventView
from schemas.ports import DevelopmentLog, Entry, Follower, InFlight, Position, States, Unreadable
from schemas.state import Aggregate, ArticleState, DossierState, Source, State, Statement

if TYPE_CHECKING:
    from pipelines.jobs.detect import Engine

AT_ONCE = 500


class Told:
    """The ids of all developments in the log."""

    def __init__(self, log: DevelopmentLog) -> None:
        self._log = log
        self._ids: set[str] = set()
        self._read = 0

    def refresh(self) -> None:
        """Reads what has come since the last call."""
        while entries := self._log.after(self._read, AT_ONCE):
            self._ids.update(entry.record.id for entry in entries if not isinstance(entry.record, Unreadable))
            self._read = entries[-1].offset

    def __contains__(self, id_: object) -> bool:
        return id_ in self._ids


class CountedFollower:
    """A follower that counts what it has committed: its lag alone does not tell, while more arrives."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._given: set[int] = set()
        self.committed = 0
        """Entries, by this object."""

    def read(self, limit: int) -> Sequence[Entry[Article]]:
        """What the follower gives."""
        entries = self._follower.read(limit)
        self._given = {entry.offset for entry in entries}
        return entries

    def begin(self, first: int, last: int) -> InFlight:
        """Notes what is worked on."""
        return self._follower.begin(first, last)

    def in_flight(self) -> InFlight | None:
        """What was begun and not committed."""
        return self._follower.in_flight()

    def commit(self, offset: int) -> None:
        """Moves the position."""
        self._follower.commit(offset)
        left = {place for place in self._given if place > offset}
        self.committed += len(self._given) - len(left)
        self._given = left

    def position(self) -> int:
        """The offset last committed, else 0."""
        return self._follower.position()

    def lag(self) -> int:
        """How many entries the leader has committed and this one has not."""
        return self._follower.lag()

    def missed(self) -> int:
        """How many had expired before they were read."""
        return self._follower.missed()

    def leader_works(self) -> bool:
        """Whether the leader has begun what it has not committed."""
        return self._follower.leader_works()


class HeardEngine:
    """An engine that lets every article speak that has spoken in the generation before, if only to say nothing.

    So the new generation knows of each of these whether the log holds it, which is what `carry_over` asks.

    Args:
        engine: Detects.
        before: The generation before.
    """

    def __init__(self, engine: "Engine", before: States) -> None:
        self._engine, self._before = engine, before

    def run(self, batch: Sequence[Entry[Article]]) -> tuple[list[tuple[str, Statement]], list[Rejected]]:
        """What the engine gives, with an empty statement for each article that is silent now."""
        statements, rejected = self._engine.run(batch)
        heard = {statement.source.article for _, statement in statements}
        articles = (entry.record for entry in batch if not isinstance(entry.record, Unreadable))
        silent = {article_state_id(article.id): article for article in articles if article.id not in heard}
        for id_, state in self._before.load(silent).items():
            if isinstance(state, ArticleState) and state.aggregates:
                article = silent[id_]
                source = Source(article=article.id, revision=article.revision, outlet=article.outlet, seen=article.seen)
                statements.append((article.id, Statement(source)))
        return statements, rejected


class RebuiltStore:
    """What detect and carry-over need of a store, over one that is being built.

    What was told before is not to be told again, and the rest not before the generation serves.

    Args:
        store: Of the new generation.
        reader: Whose position goes with each save; after it, since not every store can do both at once.
        told: What was told before.
    """

    def __init__(self, store: States, reader: Follower, told: Told) -> None:
        self._store, self._reader, self._told = store, reader, told

    def alone(self) -> AbstractContextManager[None]:
        """As that store does it."""
        return self._store.alone()

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist, by id."""
        return self._store.load(ids)

    def save(
        self,
        states: Sequence[State],
        views: Sequence[EventView],
        retired: Iterable[str] = (),
        failed: Sequence[DeadLetter] = (),
        position: Position | None = None,
        basis: Sequence[State] = (),
    ) -> None:
        """Saves, without the developments that are in the log already; then moves the reader."""
        self._told.refresh()
        self._store.save([self._unheard(state) for state in states], views, retired, failed, basis=basis)
        if position is not None:
            self._reader.commit(position.offset)

    def unpublished(self, limit: int) -> Sequence[tuple[str, Development]]:
        """None: they are published when the generation is about to serve."""
        del limit
        return ()

    def mark_published(self, entries: Sequence[tuple[str, str]]) -> None:
        """Takes (state id, development id) out of the outboxes."""
        self._store.mark_published(entries)

    def publish(self, log: DevelopmentLog) -> None:
        """Appends what is found for the first time; what the old generation has told meanwhile is not."""
        while entries := self._store.unpublished(AT_ONCE):
            self._told.refresh()
            found = [development for _, development in entries if development.id not in self._told]
            log.append(sorted(found, key=lambda one: (one.event.last_seen, one.id)))
            self._store.mark_published([(state, development.id) for state, development in entries])

    def _unheard(self, state: State) -> State:
        if not isinstance(state, Aggregate | DossierState) or not state.outbox:
            return state
        left = tuple(one for one in state.outbox if one.id not in self._told)
        return state if len(left) == len(state.outbox) else replace(state, outbox=left)
