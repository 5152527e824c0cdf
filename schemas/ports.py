"""What jobs need of the outside: small Protocols, each with an embedded, an in-memory and a served adapter.

Every method may raise `Unavailable`; a retry is then safe. Offsets are positive, ascending and per log; 0 stands before
the first. A log keeps the order of its appends, as far as they concern the same article or dossier.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.development import Development
from schemas.event import EventView
from schemas.feed import Feed, FeedState
from schemas.query.tree import Query
from schemas.state import ArticleState, DossierState, State
from schemas.subscription import Alert, Subscription
from schemas.vocabulary import Stage

T_co = TypeVar("T_co", covariant=True)


class Unreadable(Struct, frozen=True):
    """A record of a log that cannot be decoded."""

    data: bytes
    reason: str


class Entry(Struct, Generic[T_co], frozen=True):
    """A record with its place in a log."""

    offset: int
    """Ascending in what a reader gives; good for that reader until it is committed."""
    record: T_co | Unreadable


class Position(Struct, frozen=True):
    """Up to where a named reader has finished: the offset of the last entry whose effects are durable."""

    reader: str
    offset: int


class InFlight(Struct, frozen=True):
    """A batch that a reader had begun and neither finished nor given up: what the process died of, perhaps."""

    first: int
    last: int
    attempts: int
    """How often entries first to last were begun."""


class Reader(Protocol[T_co]):
    """A named reader of one log with a durable position; at least once."""

    def read(self, limit: int) -> Sequence[Entry[T_co]]:
        """Up to `limit` entries after the position, in order; empty where there is none now. Moves nothing."""

    def begin(self, first: int, last: int) -> InFlight:
        """Notes durably that these entries are worked on; says how often these very ones were begun."""

    def in_flight(self) -> InFlight | None:
        """What was begun and not committed; asked before each read, it tells of a death in mid-work.

        It may be another process's death, whose entries have come to this one.
        """

    def commit(self, offset: int) -> None:
        """Moves the position behind every entry given up to `offset` (never back); forgets what was in flight.

        Entries that have gone to another process meanwhile are left to it.
        """

    def position(self) -> int:
        """The offset last committed, else 0."""

    def lag(self) -> int:
        """How many entries of the log are not committed."""

    def missed(self) -> int:
        """How many entries this object found gone when it came to them: they had expired, and nobody has read them."""


class ArticleLog(Protocol):
    """The articles topic."""

    def append(self, articles: Sequence[Article], *, again: bool = False) -> None:
        """Durable on return. The same id, revision and content hash twice is one entry, or two equal ones.

        With `again`, what is there already moves to the end, so that every reader meets it once more.

        Raises:
            BadRecord: The log takes no article that long; nothing was appended.
        """

    def reader(self, name: str) -> Reader[Article]:
        """A reader of this name, at its stored position."""

    def end(self) -> int:
        """The offset of the last entry, else 0."""

    def expire(self, before: datetime) -> int:
        """Deletes articles fetched before then which every reader has passed; returns how many."""


class DevelopmentLog(Protocol):
    """The developments topic; kept for ever."""

    def append(self, developments: Sequence[Development]) -> None:
        """Durable on return. An id that is there is left as it is, or appended again by a log that cannot look."""

    def reader(self, name: str) -> Reader[Development]:
        """A reader of this name, at its stored position."""

    def after(self, offset: int, limit: int) -> Sequence[Entry[Development]]:
        """Up to `limit` entries after `offset`, in order, for one who keeps a position of its own."""

    def end(self) -> int:
        """The offset of the last entry, else 0."""


class DeadLetters(Protocol):
    """Input that could not be used."""

    def add(self, letters: Sequence[DeadLetter]) -> None:
        """Durable on return; a letter that is there already has its attempts added up and its reason replaced."""

    def list(self, stage: Stage | None = None, limit: int = 100) -> Sequence[DeadLetter]:
        """The latest, newest first."""

    def remove(self, ids: Iterable[str]) -> None:
        """Forgets letters that were replayed; unknown ids are no error."""

    def expire(self, before: datetime) -> int:
        """Forgets letters recorded before then; returns how many."""

    def count(self) -> Mapping[Stage, int]:
        """How many of each stage there are."""


class Hit(Struct, frozen=True):
    """One event found, with how well it fits: greater is better, comparable within one search."""

    event: EventView
    score: float


class States(Protocol):
    """States with their outboxes, and the projections that are written with them."""

    def alone(self) -> AbstractContextManager[None]:
        """While it lasts no other process is in here: where a save is several writes, they do not mingle.

        Waits for its turn. A process that dies in its turn, or stands still, loses it after seconds; one that merges
        without it, or too late, is kept from harm to the states by their versions, and its views may be behind until
        it has tried again.

        Raises:
            Unavailable: The turn does not come, or the store does not answer.
        """

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist, by id."""

    def save(
        self,
        states: Sequence[State],
        views: Sequence[EventView],
        retired: Iterable[str] = (),
        failed: Sequence[DeadLetter] = (),
        position: Position | None = None,
        basis: Sequence[State] = (),
    ) -> None:
        """Writes states (each at its `version` + 1), then projections, letters and last the reader's position.

        Embedded, all at once; elsewhere in this order, so that a crash in between is repaired by doing it again.
        `retired` are ids of events that are no more, or are only an alias now. A view that is older than the stored one
        (by `revision`) is ignored. `basis` are states from which views and retired ones follow, and which are not
        written since they are as they were.

        Raises:
            Conflict: The stored version of a state, or of one of the basis, is not its `version`; nothing was written,
                or what was written is repaired by doing it again with fresh states.
            BadRecord: The store will never take one of the states.
        """

    def unpublished(self, limit: int) -> Sequence[tuple[str, Development]]:
        """(state id, development) of outbox entries that are not marked, oldest first.

        What another living process is about to publish may come later.
        """

    def mark_published(self, entries: Sequence[tuple[str, str]]) -> None:
        """Takes (state id, development id) out of the outboxes; entries that are out already are no error.

        Changes neither version nor anything else of the states.
        """


class EventStore(States, Protocol):
    """States, projections and their search."""

    def search(
        self,
        query: Query | None,
        *,
        since: datetime | None = None,
        sort: str = "date",
        limit: int = 20,
        offset: int = 0,
    ) -> Sequence[Hit]:
        """Events that match, best first: by `date` or `seen` (latest first), or by `score`; ties by id.

        `since` filters `first_seen`. None finds all.
        """

    def count(self, query: Query | None, *, since: datetime | None = None) -> int:
        """How many events match."""

    def event(self, id: str) -> EventView | None:
        """The event of this id, alias, or unique beginning of an id (at least 4 characters after the dash)."""

    def dossier(self, id: str) -> DossierState | None:
        """The dossier of this id, alias or unique beginning of an id."""

    def events_of(self, dossier: str) -> Sequence[EventView]:
        """All events of a dossier, by date (undated by first_seen) then id."""


class Subscriptions(Protocol):
    """Who wants to hear of what."""

    def add(self, subscription: Subscription) -> None:
        """Durable on return."""

    def list(self) -> Sequence[Subscription]:
        """All, by creation then id."""

    def remove(self, id: str) -> bool:
        """Whether it was there. What is due to it is given up."""


class Ledger(Protocol):
    """Every delivery, with each try; rebuilt by nobody."""

    def record(self, alerts: Sequence[Alert], position: Position | None = None) -> None:
        """Adds alerts that are not there yet and leaves those that are, with the reader's position, at once."""

    def due(self, now: datetime, limit: int, without: Collection[str] = ()) -> Sequence[Alert]:
        """Alerts to try now, the longest due first, then as recorded; none of the subscriptions in `without`."""

    def update(self, alert: Alert) -> None:
        """Replaces what is recorded of a delivery after a try; durable on return.

        Raises:
            Conflict: A try is recorded that this alert knows nothing of: another process made it. Nothing was written.
        """

    def list(self, subscription: str | None = None, limit: int = 100) -> Sequence[Alert]:
        """The latest, newest first."""


class Feeds(Protocol):
    """Which feeds are watched, and what is known of each."""

    def add(self, feed: Feed) -> bool:
        """Whether it is new; else its name and interval are replaced."""

    def remove(self, url: str) -> bool:
        """Whether it was there. Its articles stay."""

    def list(self) -> Sequence[tuple[Feed, FeedState]]:
        """All, by address."""

    def known(self, articles: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Content hashes of each article id seen before, in order of revision; unknown ids are absent."""

    def save(self, state: FeedState, hashes: Sequence[tuple[str, int, str]] = ()) -> None:
        """What a poll found: the feed's state, and (article id, revision, content hash) of what was appended."""


class Lease(Struct, frozen=True):
    """The right to do something until `until` (UTC), told by a token that grows with each new holder."""

    name: str
    holder: str
    token: int
    until: datetime


class Leases(Protocol):
    """Who does what, among any number of processes."""

    def acquire(self, name: str, holder: str, ttl: timedelta, now: datetime) -> Lease | None:
        """A lease where nobody else holds one that has not run out; the holder's own is renewed, same token."""

    def check(self, lease: Lease) -> None:
        """Raises FencedOff where a later token was given out."""

    def release(self, lease: Lease) -> None:
        """Gives it back; one that has passed on is no error."""


class Portion(Struct, Generic[T_co], frozen=True):
    """Some entries of one partition, and where to go on."""

    entries: Sequence[Entry[T_co]]
    next: int
    """Where the next portion begins."""
    lost: int = 0
    """How many entries had expired before they were read."""


class Standing(Struct, frozen=True):
    """Where a named reader stands in one partition, and what it had begun there."""

    offset: int
    begun: InFlight | None = None


class Partitions(Protocol[T_co]):
    """A log by its partitions, for a runner that keeps its own place in each.

    Offsets here are a partition's own and those of the next entry, from 0 on.
    """

    def count(self) -> int:
        """How many there are; it may grow."""

    def read(self, partition: int, offset: int, limit: int) -> Portion[T_co]:
        """Up to `limit` entries from `offset` on, in order; none where there are none now.

        Where that offset is no longer there, or not yet, it begins with the first entry that is.
        """

    def standing(self, name: str, partition: int) -> Standing:
        """Where the reader of this name stands; one that never stood anywhere, at the first entry that is there."""

    def stand(self, name: str, partition: int, standing: Standing) -> None:
        """Moves the reader; durable on return."""


class Follower(Reader[Article], Protocol):
    """A reader of the articles log that never passes another one, its leader; for one process at a time."""

    def lag(self) -> int:
        """How many entries the leader has committed and this one has not."""

    def leader_works(self) -> bool:
        """Whether the leader has begun what it has not committed."""


class Followed(Protocol):
    """A log of articles that can be read behind another reader."""

    def follow(self, name: str, leader: str) -> Follower:
        """A reader of this name that gives only what `leader` has committed, in the order of the log.

        Nothing expires that it has yet to read, where the log can see to that.
        """

    def forget(self, name: str) -> None:
        """Forgets a reader; an unknown one is no error."""


class Generation(Struct, frozen=True):
    """The findings of one detector and one instrument registry."""

    number: int
    """Never given twice."""
    detectors: tuple[str, ...] = ()
    """Versions of those that wrote into it, the one it was built by first; none where nobody has."""
    held_until: datetime | None = None
    """Until when (UTC) detect jobs are asked to begin nothing, since another generation is about to serve."""


class Findings(EventStore, Protocol):
    """One generation, which can be gone through as well."""

    def views(self, after: str, limit: int) -> Sequence[EventView]:
        """Up to `limit` events whose ids come after this one, by id."""

    def heard(self, after: str, limit: int) -> Sequence[ArticleState]:
        """Up to `limit` states of articles whose ids come after this one, by id."""


class Generations(Protocol):
    """The generation that serves, the one that is being built, and the one that served before.

    Each step may be broken off and done again. Subscriptions, ledger, feeds and leases belong to no generation.
    """

    def serving(self) -> Generation:
        """The one that every search reads, and that `Adapters.events` writes into. Cheap enough for every step."""

    def building(self) -> Generation | None:
        """The one that was begun, and does not serve yet."""

    def leaving(self) -> Generation | None:
        """The one that served before the last switch, until `finish`."""

    def wrote(self, detector: str) -> None:
        """Notes that a detector of this version writes into the serving generation from now on."""

    def begin(self, detector: str) -> Generation:
        """The one that is being built by this detector; a new, empty one where there is none.

        Raises:
            Misconfigured: Another detector's is being built, or the last switch is not finished; or no right to.
        """

    def findings(self, generation: Generation) -> Findings:
        """What is in this generation, to be read, and written where it is being built."""

    def hold(self, until: datetime | None) -> None:
        """Asks detect jobs to begin nothing before then; None lets them go on."""

    def switch(self, follower: str, leader: str) -> None:
        """Lets the new generation serve: a search sees the one or the other, never none, never parts of both.

        A store that keeps the articles log too makes sure that this is done at a moment when both readers stand at the
        same entry, and nothing is unpublished in the old generation. Elsewhere the caller sees to that.

        Raises:
            Conflict: It is not such a moment; nothing was changed.
            Misconfigured: None is being built, or it has no events while the old one has some.
        """

    def finish(self) -> None:
        """Deletes the generation that served before; none is no error."""

    def abandon(self) -> bool:
        """Deletes the one that is being built; whether there was one."""
