"""What is in the outboxes of states and not known to be published."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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

LEFT_BEHIND = timedelta(seconds=10)
"""The age at which another process's entries count as left behind by its death: so long it takes to be missed. Younger
ones it publishes itself: were they given to all, each worker would publish what every other one is about to."""


class Outbox:
    """The entries of all states.

    What this object's process saved, it knows by itself; the rest it looks for, at the first call all of it. The
    documents are then read by id, so that what was marked a moment ago does not come again.

    Args:
        cluster: Where.
        numbering: What numbers the entries.
        at_first: The age from which on others' entries are given at the first call.
    """

    def __init__(self, cluster: Cluster, numbering: Numbering, at_first: timedelta = timedelta()) -> None:
        self._cluster, self._numbering, self._at_first = cluster, numbering, at_first
        self._lock = threading.Lock()
        self._ours: dict[str, int] = {}  # state → least number of its entries, as far as known
        self._given: dict[str, set[int]] = {}  # state → the numbers that this process gave to its entries
        self._loaded: dict[str, frozenset[str]] = {}
        self._under_way: Counter[str] = Counter()  # states that are being saved, by how many threads
        self._taken_over = 0  # entries of others up to this number are left behind
        self._swept = False

    def loaded(self, states: Iterable[State]) -> None:
        """Remembers what waits in the outboxes of states that were loaded."""
        with self._lock:
            for state in states:
                self._loaded.pop(state.id, None)
                if isinstance(state, Aggregate | DossierState) and state.outbox:
                    self._loaded[state.id] = frozenset(one.id for one in state.outbox)

    @contextmanager
    def saving(self, states: Sequence[State]) -> Iterator[Mapping[str, frozenset[str]]]:
        """Gives the ids that were in the outboxes of these states when they were loaded.

        What was there and is not any more has been published meanwhile, and is not put in again. While the block runs,
        no other thread that finds nothing in them yet forgets them.
        """
        with self._lock:
            waiting = {state.id: self._loaded.get(state.id, frozenset()) for state in states}
            self._under_way.update(waiting.keys())
        try:
            yield waiting
        finally:
            with self._lock:
                self._under_way -= Counter(waiting.keys())

    def number(self, state: str) -> int:
        """The number of a new entry in this state's outbox, by which it is this process's to publish.

        An id would not tell: two that find the same at once put in the same, and one of them comes too late. Should
        they number it in the same microsecond, too, both publish it: readers of the log know an entry by its id.
        """
        number = self._numbering.next()
        with self._lock:
            self._given.setdefault(state, set()).add(number)
            self._ours.setdefault(state, number)
        return number

    def unpublished(self, limit: int) -> Sequence[tuple[str, Development]]:
        """(state id, development), the longest there first.

        Those of this process at once; those of others when they are 10 s old, or by `at_first` at the first call.
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
        age = self._at_first if first else LEFT_BEHIND
        before = self._numbering.now() - age // timedelta(microseconds=1)
        query = {"range": {"pending": {"lte": before}}}
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
            self._taken_over = max(self._taken_over, before)
            for hit in found:
                pending, name = hit["sort"][:2]
                self._ours[name] = min(pending, self._ours.get(name, pending))

    def _entries(self, names: Sequence[str]) -> list[tuple[Entry, str]]:
        """The entries of these states, as they are now, that are for us; states that have none at all are forgotten."""
        stored = get(self._cluster, STATES, names, only=("outbox",))
        found: list[tuple[Entry, str]] = []
        for name in names:
            entries = entries_of(stored[name].source) if name in stored else []
            self._note(name, entries)
            ours = self._given.get(name, ())
            found += [(entry, name) for entry in entries if entry.number in ours or entry.number <= self._taken_over]
        return found

    def _note(self, name: str, entries: Sequence[Entry]) -> None:
        """Remembers since when the state has entries; one that has none is forgotten."""
        with self._lock:
            if entries:
                self._ours[name] = min(entry.number for entry in entries)
            elif not self._under_way[name]:
                self._ours.pop(name, None)
                self._given.pop(name, None)
