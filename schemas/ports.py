"""What jobs need of the outside: small Protocols, each with an embedded, an in-memory and (later) a served adapter.

Every method may raise `Unavailable`; a retry is then safe. Offsets are positive, ascending and per log; 0 stands before
the first. A log keeps the order of its appends.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.development import Development
from schemas.event import EventView
from schemas.feed import Feed, FeedState
from schemas.query.tree import Query
from schemas.state import DossierState, State
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
        """What was begun and not committed; asked at a start, it tells of a death in mid-work."""

    def commit(self, offset: int) -> None:
        """Moves the position to `offset` (never back) and forgets what was in flight."""

    def position(self) -> int:
        """The offset last committed, else 0."""


class ArticleLog(Protocol):
    """The articles topic."""

    def append(self, articles: Sequence[Article], *, again: bool = False) -> None:
        """Durable on return. The same id, revision and content hash twice is one entry, or two equal ones.

        With `again`, what is there already moves to the end, so that every reader meets it once more.
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


class EventStore(Protocol):
    """States, projections and their search."""

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist, by id."""

    def save(
        self,
        states: Sequence[State],
        views: Sequence[EventView],
        retired: Iterable[str] = (),
        failed: Sequence[DeadLetter] = (),
        position: Position | None = None,
    ) -> None:
        """Writes states (each at its `version` + 1), then projections, letters and last the reader's position.

        Embedded, all at once; elsewhere in this order, so that a crash in between is repaired by doing it again.
        `retired` are ids of events that are no more, or are only an alias now. A view that is older than the stored one
        (by `revision`) is ignored.

        Raises:
            Conflict: The stored version of a state is not its `version`; nothing was written.
        """

    def unpublished(self, limit: int) -> Sequence[tuple[str, Development]]:
        """(state id, development) of outbox entries that are not marked, oldest first."""

    def mark_published(self, entries: Sequence[tuple[str, str]]) -> None:
        """Takes (state id, development id) out of the outboxes; entries that are out already are no error.

        Changes neither version nor anything else of the states.
        """

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
        """Replaces what is recorded of a delivery after a try."""

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
