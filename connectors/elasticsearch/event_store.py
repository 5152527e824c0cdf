"""States, projections and their search."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

from connectors.elasticsearch import lookup, projections, search
from connectors.elasticsearch.bulk import Refused
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.numbering import Numbering
from connectors.elasticsearch.outbox import Outbox
from connectors.elasticsearch.states import load_states, look, write_states
from connectors.elasticsearch.turn import Turn
from schemas.dead_letter import DeadLetter, dead_letter
from schemas.development import Development
from schemas.errors import Conflict
from schemas.event import EventView
from schemas.ports import DeadLetters, Hit, Position
from schemas.query.tree import Query
from schemas.state import DossierState, State
from schemas.vocabulary import Stage

Commit = Callable[[Position], None]
"""Moves a reader of a log that is kept elsewhere."""


def _now() -> datetime:
    return datetime.now(UTC)


class ElasticsearchEventStore:
    """The event store as two indices. Any number of writers, which merge in turn (`alone`).

    There is no transaction over documents. `save` writes in an order in which a crash between any two steps, and a
    conflict after the first, is repaired by doing it all again, as its caller does, since the position comes last:

    1. A look at all states and the basis: where one was saved since it was loaded, `Conflict`, and nothing is written.
    2. Aggregates, and what is known of articles and kin, each where nobody wrote since. Merges are idempotent: done
       again, those that were written change no more. An outbox is part of its state's document, so a development is
       neither lost nor made up.
    3. Projections: those retired are deleted, then views written; an older view is ignored by its revision.
    4. A look at whether the aggregates are still what was saved, or what the views are based on. If not, another may
       have retired one of these events before step 3 brought it back: `Conflict`, and with fresh states it comes out
       right.
    5. Dossiers, those that lead before those that became an alias. Which other events stand differently now, and so
       have their views written again, is found by comparing with the stored dossier: it must not be there before they
       are.
    6. Dead letters. Done again, their attempts are counted once more.
    7. The position.

    Args:
        cluster: Where.
        dead_letters: Where letters go.
        commit: Moves a reader of the articles log.
        numbering: What orders outbox entries.
        at_first: The age from which on other processes' entries are given at the first look.
        now: A clock, for letters made here.
    """

    def __init__(
        self,
        cluster: Cluster,
        dead_letters: DeadLetters,
        commit: Commit,
        *,
        numbering: Numbering | None = None,
        at_first: timedelta = timedelta(),
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._cluster, self._dead_letters, self._commit, self._now = cluster, dead_letters, commit, now
        self._turn = Turn(cluster)
        self._outbox = Outbox(cluster, numbering or Numbering(), at_first)
        self._loaded = threading.local()  # `index` of a thread's first load since its last save: of one generation

    def alone(self) -> AbstractContextManager[None]:
        """Waits for the turn to merge; a process that dies in its turn loses it after 10 s.

        Raises:
            Unavailable: The others take turns for half a minute, or the cluster does not answer.
        """
        return self._turn.taken()

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist, by id, as they are at this moment."""
        states, index = load_states(self._cluster, ids)
        self._outbox.loaded(states.values())
        self._loaded.index = getattr(self._loaded, "index", None) or index
        return states

    def save(
        self,
        states: Sequence[State],
        views: Sequence[EventView],
        retired: Iterable[str] = (),
        failed: Sequence[DeadLetter] = (),
        position: Position | None = None,
        basis: Sequence[State] = (),
    ) -> None:
        """Writes states, projections, letters and the reader's position, one after the other; all durable on return.

        A view that Elasticsearch never takes becomes a letter that carries its document; a state, a `BadRecord`.

        Raises:
            Conflict: The stored version of a state, or of one of the basis, is not its `version`, or another generation
                serves since it was loaded; nothing was written. Or somebody wrote at the same moment: then states and
                views may be written, and doing it again repairs them.
            BadRecord: A state that Elasticsearch will never take; the other states may be written.
        """
        gone = list(retired)
        dossiers = [state for state in states if isinstance(state, DossierState)]
        others = [state for state in states if not isinstance(state, DossierState)]
        loaded, self._loaded.index = getattr(self._loaded, "index", None), None
        stored = look(self._cluster, (*states, *basis))
        if loaded is not None and any(one.index != loaded for one in stored.values()):
            raise Conflict("another generation serves since these states were loaded")
        with self._outbox.saving(states) as waiting:
            self._turn.keep()
            write_states(self._cluster, others, stored, self._outbox.number, waiting)
            self._turn.keep()
            projections.retire(self._cluster, gone)
            refused = projections.save(self._cluster, views)
            if views or gone:
                look(self._cluster, others, ahead=1)
                look(self._cluster, basis)
            self._turn.keep()
            for group in ([one for one in dossiers if not one.alias_of], [one for one in dossiers if one.alias_of]):
                write_states(self._cluster, group, stored, self._outbox.number, waiting)
        letters = [*failed, *map(self._letter, refused)]
        if letters:
            self._dead_letters.add(letters)
        if position is not None:
            self._commit(position)

    def unpublished(self, limit: int) -> Sequence[tuple[str, Development]]:
        """(state id, development) of outbox entries that are not marked, the longest there first.

        What another process saved comes when it is 10 s old, or is so by `at_first` at the first call; until then that
        one publishes it.
        """
        return self._outbox.unpublished(limit)

    def mark_published(self, entries: Sequence[tuple[str, str]]) -> None:
        """Takes (state id, development id) out of the outboxes; entries that are out already are no error."""
        self._outbox.mark_published(entries)

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

        What this process saved is found at once, what others saved within a second.
        """
        return search.search(self._cluster, query, since=since, sort=sort, limit=limit, offset=offset)

    def count(self, query: Query | None, *, since: datetime | None = None) -> int:
        """How many events match."""
        return search.count(self._cluster, query, since=since)

    def event(self, id: str) -> EventView | None:
        """The event of this id, alias, or unique beginning of one (at least 4 characters after the dash)."""
        return lookup.event(self._cluster, id)

    def dossier(self, id: str) -> DossierState | None:
        """The dossier of this id, alias or unique beginning of one; an id that became an alias leads to the other."""
        return lookup.dossier(self._cluster, id)

    def events_of(self, dossier: str) -> Sequence[EventView]:
        """All events of a dossier, by date (undated by first_seen) then id."""
        return projections.of_dossier(self._cluster, dossier)

    def _letter(self, refused: Refused) -> DeadLetter:
        where = f"elasticsearch {self._cluster.alias(refused.write.kind)} {refused.write.name}"
        data = refused.write.document or b""
        return dead_letter(Stage.RECORD, data, source=where[:500], reason=refused.reason, now=self._now())
