"""What is in the outboxes of states and not known to be published."""

import threading
from collections.abc import Sequence
from datetime import timedelta

from connectors.elasticsearch import pages
from connectors.elasticsearch.bulk import Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.documents import get
from connectors.elasticsearch.indices import STATES
from connectors.elasticsearch.numbering import Numbering
from connectors.elasticsearch.state_documents import Entry, entries_of, with_entries
from connectors.elasticsearch.states import TRIES
from schemas.codec import decode
from schemas.development import Development
from schemas.errors import Unavailable
from schemas.state import Aggregate, DossierState, State

LEFT_BEHIND = timedelta(seconds=30)
"""The age at which another process's entries count as left behind by its death. Younger ones it publishes itself: were
they given to all, each worker would publish what every other one is about to."""


class Outbox:
    """The entries of all states.

    What this object's process saved, it knows by itself; the rest it looks for, at the first call all of it. The
    documents are then read by id, so that what was marked a moment ago does not come again.

    Args:
        cluster: Where.
        numbering: What numbers the entries.
    """

    def __init__(self, cluster: Cluster, numbering: Numbering) -> None:
        self._cluster, self._numbering = cluster, numbering
        self._lock = threading.Lock()
        self._ours: dict[str, int] = {}  # state → least number of its entries, as far as known
        self._swept = False

    def saving(self, states: Sequence[State]) -> None:
        """Remembers states that are saved with something in their outboxes."""
        with self._lock:
            for state in states:
                if isinstance(state, Aggregate | DossierState) and state.outbox:
                    self._ours.setdefault(state.id, self._numbering.now())

    def unpublished(self, limit: int) -> Sequence[tuple[str, Development]]:
        """(state id, development), the longest there first.

        Those of this process at once; those of others when they are 30 s old, or at this object's first call.
        """
        if limit < 1:
            return []
        self._look_for_others(limit)
        with self._lock:
            wanted = sorted(self._ours, key=lambda name: (self._ours[name], name))
        found: list[tuple[Entry, str]] = []
        # The oldest entries are those of the states that have had one the longest.
        for start in range(0, len(wanted), limit):
            found += self._entries(wanted[start : start + limit])
            if len(found) >= limit:
                break
        found.sort(key=lambda each: each[0].number)
        return [(name, decode(entry.data, Development)) for entry, name in found[:limit]]

    def mark_published(self, entries: Sequence[tuple[str, str]]) -> None:
        """Takes (state id, development id) out; the states keep their versions.

        A save that was loaded before and comes after puts them in again: they are published twice, under one id.

        Raises:
            Unavailable: Others write the same states all the time.
        """
        marked: dict[str, set[str]] = {}
        for name, development in entries:
            marked.setdefault(name, set()).add(development)
        for _ in range(TRIES):
            writes: list[Write] = []
            for name, stored in get(self._cluster, STATES, marked).items():
                there = entries_of(stored.source)
                left = [entry for entry in there if entry.id not in marked[name]]
                if len(left) < len(there):
                    writes.append(Write(STATES, name, with_entries(stored.source, left), stored.unchanged()))
                self._note(name, left)
            outcome = bulk(self._cluster, writes)
            marked = {write.name: marked[write.name] for write in outcome.conflicts}
            if not marked:
                return
        raise Unavailable(f"state {min(marked)}: others wrote it {TRIES} times while its outbox was marked")

    def _look_for_others(self, limit: int) -> None:
        """Adds states with entries that are left behind: at first all, then the oldest as far as the limit."""
        first, self._swept = not self._swept, True
        before = self._numbering.now() - LEFT_BEHIND // timedelta(microseconds=1)
        query = {"exists": {"field": "pending"}} if first else {"range": {"pending": {"lte": before}}}
        sort = [{"pending": "asc"}, {"id": "asc"}]
        try:
            if first:
                found = list(pages.hits(self._cluster, STATES, query, sort, source=False))
            else:
                body = {"query": query, "sort": sort, "size": limit, "source": False, "track_total_hits": False}
                found = self._cluster.search(STATES, body)["hits"]["hits"]
        except BaseException:
            self._swept = not first
            raise
        with self._lock:
            for hit in found:
                pending, name = hit["sort"][:2]
                self._ours[name] = min(pending, self._ours.get(name, pending))

    def _entries(self, names: Sequence[str]) -> list[tuple[Entry, str]]:
        """The entries of these states as they are now; states that have none are forgotten."""
        stored = get(self._cluster, STATES, names, only=("outbox",))
        found: list[tuple[Entry, str]] = []
        for name in names:
            entries = entries_of(stored[name].source) if name in stored else []
            found += [(entry, name) for entry in entries]
            self._note(name, entries)
        return found

    def _note(self, name: str, entries: Sequence[Entry]) -> None:
        """Remembers since when the state has entries; one that has none is forgotten."""
        with self._lock:
            if entries:
                self._ours[name] = min(entry.number for entry in entries)
            else:
                self._ours.pop(name, None)
