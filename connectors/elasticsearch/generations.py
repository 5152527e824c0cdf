"""Generations of findings, as indices behind aliases.

The generation that serves is behind ``treatywire-states`` and ``treatywire-events``; the one that is being built and
the one that served before are behind the same names with their numbers (``treatywire-events-g000002``), besides
``-next`` and ``-last``, which say which they are. A switch moves all of these in one step of the cluster. What is known
of a generation is a document among its states, and so moves with them.
"""

import threading
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from connectors.elasticsearch import indices
from connectors.elasticsearch.bulk import CREATE, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.documents import Stored, get
from connectors.elasticsearch.event_store import Commit, ElasticsearchEventStore
from connectors.elasticsearch.index import behind, create_index, make
from connectors.elasticsearch.indices import EVENTS, GENERATIONAL, LAST, NEXT, STATES
from connectors.elasticsearch.pages import hits
from connectors.elasticsearch.state_documents import state_of
from connectors.elasticsearch.states import TRIES
from schemas.codec import decode
from schemas.errors import Misconfigured, Unavailable
from schemas.event import EventView
from schemas.ports import DeadLetters, Findings, Generation
from schemas.state import ArticleState

ABOUT = "generation"
"""The name and kind of the document among the states."""


class About(Struct, frozen=True, omit_defaults=True):
    """What is kept of a generation."""

    detectors: tuple[str, ...] = ()
    held_until: datetime | None = None
    begun: int = 0
    """The greatest number that was given to one after it."""


class ElasticsearchFindings(ElasticsearchEventStore):
    """An event store over one generation."""

    def views(self, after: str, limit: int) -> Sequence[EventView]:
        """Events whose ids come after this one, by id."""
        return [decode(source["data"], EventView) for source in self._after(EVENTS, {"match_all": {}}, after, limit)]

    def heard(self, after: str, limit: int) -> Sequence[ArticleState]:
        """States of articles whose ids come after this one, by id."""
        spoke = {"term": {"kind": str(ArticleState.__struct_config__.tag)}}
        states = map(state_of, self._after(STATES, spoke, after, limit))
        return [state for state in states if isinstance(state, ArticleState)]

    def _after(self, kind: str, query: dict[str, Any], after: str, limit: int) -> list[dict[str, Any]]:
        if not after:
            self._cluster.refresh(kind)  # what others have written a moment ago counts
        asked = {"bool": {"filter": [query, {"range": {"id": {"gt": after}}}]}}
        found = hits(self._cluster, kind, asked, [{"id": "asc"}], page=limit)
        try:
            return [hit["_source"] for hit in islice(found, limit)]
        finally:
            found.close()  # type: ignore[attr-defined] # a generator, which ends its search


class ElasticsearchGenerations:
    """Generations side by side in one cluster; of a user who may make and delete indices, but to ask and to note.

    This store keeps no logs: `switch` cannot see whether its moment is good.

    Args:
        cluster: Where; on the generation that serves.
        dead_letters: Where letters go.
        commit: Moves a reader of the articles log.
    """

    def __init__(self, cluster: Cluster, dead_letters: DeadLetters, commit: Commit) -> None:
        self._cluster, self._dead_letters, self._commit = cluster, dead_letters, commit
        self._lock = threading.Lock()
        self._beside: dict[int, Cluster] = {}

    def close(self) -> None:
        """Ends the connections to generations that do not serve."""
        with self._lock:
            clusters, self._beside = self._beside, {}
        for cluster in clusters.values():
            cluster.close()

    def serving(self) -> Generation:
        """The one that every search reads."""
        return self._generation("")

    def building(self) -> Generation | None:
        """The one that was begun, and does not serve yet."""
        return self._generation(NEXT) if self._names(NEXT) else None

    def leaving(self) -> Generation | None:
        """The one that served before the last switch, until `finish`."""
        return self._generation(LAST) if self._names(LAST) else None

    def wrote(self, detector: str) -> None:
        """Notes that a detector writes into the serving generation."""
        for _ in range(TRIES):
            about, stored = self._about(self._cluster)
            if detector in about.detectors:
                return
            known = about.detectors
            if not known and self._count(self._cluster.alias(EVENTS)):
                known = ("unknown",)
            if self._note(self._cluster, replace(about, detectors=(*known, detector)), stored):
                return
        raise Unavailable(f"others noted something of the generation {TRIES} times meanwhile")

    def begin(self, detector: str) -> Generation:
        """The one that is being built by this detector; what an earlier call has made of it stays.

        Raises:
            Misconfigured: Another detector's is being built, the last switch is not finished, or no right to.
        """
        make(self._cluster)  # templates, and what is missing altogether
        if self._names(LAST):
            raise Misconfigured("the last switch of generations is not finished; finish it first")
        started = self._names(NEXT)
        number = _number_of(next(iter(started.values()))) if started else self._next_number()
        for kind in GENERATIONAL:
            if kind not in started:
                name = indices.index_name(self._cluster.settings, kind, number)
                create_index(self._cluster, kind, name, self._alias(kind, NEXT), self._alias(kind, number))
        with Cluster(self._cluster.settings, generation=number) as cluster:
            about, stored = self._about(cluster)
            if stored is None:
                about = About((detector,))
                self._note(cluster, about, None)
        if about.detectors != (detector,):
            raise Misconfigured(f"generation {number} is being built by {about.detectors[0]}; abandon it first")
        return Generation(number, about.detectors)

    def findings(self, generation: Generation) -> Findings:
        """What is in this generation. Once it serves or is gone, the use of what was given before raises."""
        cluster = self._cluster
        if generation.number != self.serving().number:
            with self._lock:
                cluster = self._beside.setdefault(
                    generation.number, Cluster(self._cluster.settings, generation=generation.number)
                )
        return ElasticsearchFindings(cluster, self._dead_letters, self._commit)

    def hold(self, until: datetime | None) -> None:
        """Asks detect jobs to begin nothing before then."""
        for _ in range(TRIES):
            about, stored = self._about(self._cluster)
            if about.held_until == until or self._note(self._cluster, replace(about, held_until=until), stored):
                return
        raise Unavailable(f"others noted something of the generation {TRIES} times meanwhile")

    def switch(self, follower: str, leader: str) -> None:  # noqa: ARG002 - the caller sees to the readers
        """Lets the new generation serve, in one step of the cluster.

        Raises:
            Misconfigured: None is being built, or it has no events while the old one has some.
        """
        serving, building = self._names(""), self._names(NEXT)
        if building.keys() != set(GENERATIONAL):
            raise Misconfigured("elasticsearch: no new generation was begun")
        if not self._count(building[EVENTS]) and self._count(serving[EVENTS]):
            raise Misconfigured(f"elasticsearch: {building[EVENTS]} has no events, and {serving[EVENTS]} has some")
        actions: list[dict[str, Any]] = []
        for kind in GENERATIONAL:
            old, new = serving[kind], building[kind]
            actions += [
                {"remove": {"index": index, "alias": self._alias(kind, suffix), "must_exist": True}}
                for index, suffix in ((new, NEXT), (new, _number_of(new)), (old, ""))
            ]
            actions += [
                {"add": {"index": index, "alias": self._alias(kind, suffix), "is_write_index": True}}
                for index, suffix in ((old, LAST), (old, _number_of(old)), (new, ""))
            ]
        try:
            self._cluster.call("switch generations", lambda client: client.indices.update_aliases(actions=actions))
        except Misconfigured:
            if self._names("") != building:  # else it was done, its answer was lost, and it was tried again
                raise
        self.close()

    def finish(self) -> None:
        """Deletes the generation that served before."""
        self._delete(LAST)

    def abandon(self) -> bool:
        """Deletes the one that is being built."""
        return self._delete(NEXT)

    def _delete(self, suffix: str) -> bool:
        names = self._names(suffix)
        for name in names.values():
            self._cluster.call(
                f"delete {name}",
                lambda client, name=name: client.options(ignore_status=404).indices.delete(index=name),  # type: ignore[misc]
            )
        self.close()
        return bool(names)

    def _alias(self, kind: str, suffix: str | int) -> str:
        return indices.alias(self._cluster.settings, kind, suffix)

    def _names(self, suffix: str) -> dict[str, str]:
        """The indices behind the aliases of a stage, by kind."""
        aliases = {self._alias(kind, suffix): kind for kind in GENERATIONAL}
        found = {aliases[alias]: names[0] for alias, names in behind(self._cluster, aliases).items()}
        if not suffix and (missing := [kind for kind in GENERATIONAL if kind not in found]):
            raise Misconfigured(f"elasticsearch: nothing serves {' and '.join(missing)}; `treatywire index create`")
        return found

    def _generation(self, suffix: str) -> Generation:
        number = _number_of(next(iter(self._names(suffix).values())))
        if not suffix:
            about, _ = self._about(self._cluster)
        else:
            with Cluster(self._cluster.settings, generation=number) as cluster:
                about, _ = self._about(cluster)
        return Generation(number, about.detectors, about.held_until)

    def _next_number(self) -> int:
        """A number that was never given, noted before it is used."""
        for _ in range(TRIES):
            about, stored = self._about(self._cluster)
            number = max(about.begun, _number_of(self._names("")[STATES])) + 1
            if self._note(self._cluster, replace(about, begun=number), stored):
                return number
        raise Unavailable(f"others noted something of the generation {TRIES} times meanwhile")

    def _about(self, cluster: Cluster) -> tuple[About, Stored | None]:
        stored = get(cluster, STATES, [ABOUT]).get(ABOUT)
        return (msgspec.json.decode(stored.source["data"], type=About) if stored else About()), stored

    def _note(self, cluster: Cluster, about: About, stored: Stored | None) -> bool:
        """Writes it unless somebody else did since it was read."""
        data = msgspec.json.encode(about).decode()
        document = msgspec.json.encode({"id": ABOUT, "kind": ABOUT, "version": 1, "aliases": [], "data": data})
        write = Write(STATES, ABOUT, document, stored.unchanged() if stored else CREATE)
        return not bulk(cluster, [write]).conflicts

    def _count(self, name: str) -> int:
        self._cluster.call(f"refresh {name}", lambda client: client.indices.refresh(index=name))
        return int(self._cluster.call(f"count in {name}", lambda client: client.count(index=name))["count"])


def _number_of(index: str) -> int:
    return int(index.rpartition("-")[2])
