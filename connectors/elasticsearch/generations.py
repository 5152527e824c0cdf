"""A new generation of the findings, built beside the one that serves.

`begin` makes its indices, behind aliases of their own (``treatywire-events-next``). A replay of the articles log fills
them through ``open_elasticsearch(settings, building=True)``, `carry_over` adds what is older than the log, and `switch`
moves the serving aliases in one step of the cluster: a search sees the one generation or the other, never none. The
replay may go on afterwards until it has passed where the live readers stood at the switch. `finish` deletes what served
before. Each step may be broken off and done again. Subscriptions, ledger, feeds and leases belong to no generation.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from connectors.elasticsearch import indices
from connectors.elasticsearch.bulk import CREATE, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.documents import get
from connectors.elasticsearch.index import behind, create, create_index
from connectors.elasticsearch.indices import EVENTS, GENERATIONAL, STATES
from connectors.elasticsearch.pages import hits
from connectors.elasticsearch.state_documents import state_of
from connectors.elasticsearch.times import micros
from schemas.codec import decode
from schemas.errors import Misconfigured
from schemas.event import EventView
from schemas.state import Aggregate, DossierState

_COPIED = 500


def begin(cluster: Cluster) -> dict[str, str]:
    """The empty indices of the next generation, by kind; those that an earlier call has made stay as they are.

    Raises:
        Misconfigured: The last switch is not finished; or the user may not make indices.
    """
    create(cluster)  # templates, and what is missing altogether
    serving, building = _pair(cluster)
    for kind in GENERATIONAL:
        if building.get(kind) == serving[kind]:
            raise Misconfigured("elasticsearch: the last generation is in service, but not finished; finish it first")
        if kind not in building:
            number = int(serving[kind].rpartition("-")[2]) + 1
            building[kind] = indices.index_name(cluster.settings, kind, number)
            create_index(cluster, kind, building[kind], indices.alias(cluster.settings, kind, building=True))
    return building


def carry_over(serving: Cluster, building: Cluster, before: datetime) -> int:
    """Adds to the new generation what the old one knows from articles last seen before then; gives how many documents.

    Events and states that the new one has found itself stay as it found them. A dossier of which both know something is
    the new one's; its status is derived anew when something is next heard of it.

    Args:
        serving: The old generation.
        building: The new one.
        before: From when on the articles log holds everything.
    """
    aggregates: set[str] = set()
    copied = 0
    for page in _paged(serving, STATES, {"bool": {"must_not": [{"term": {"kind": "dossier"}}]}}):
        new = [source for source in page if _is_older(source, before)]
        aggregates.update(source["id"] for source in new)
        copied += _copy_states(building, new)
    for page in _paged(serving, STATES, {"term": {"kind": "dossier"}}):
        copied += _copy_states(building, [one for one in page if _has_any(one, aggregates)])
    for page in _paged(serving, EVENTS, {"range": {"last_seen": {"lt": micros(before)}}}):
        there = get(building, EVENTS, [source["id"] for source in page], only=("id",))
        missing = [source for source in page if source["id"] not in there]
        copied += len(missing)
        bulk(building, [_event(source) for source in missing])
    return copied


def switch(cluster: Cluster) -> None:
    """Lets the new generation serve, in one step; done again, it changes nothing.

    Raises:
        Misconfigured: There is no new generation, or it is empty while the old one is not.
    """
    serving, building = _pair(cluster)
    if missing := [kind for kind in GENERATIONAL if kind not in building]:
        raise Misconfigured(f"elasticsearch: no new generation of {' and '.join(missing)} was begun")
    for kind in GENERATIONAL:
        if not _count(cluster, building[kind]) and _count(cluster, serving[kind]):
            raise Misconfigured(f"elasticsearch: {building[kind]} is empty and {serving[kind]} is not; replay first")
    actions: list[dict[str, Any]] = []
    for kind in GENERATIONAL:
        alias = indices.alias(cluster.settings, kind)
        if serving[kind] != building[kind]:
            actions.append({"remove": {"index": serving[kind], "alias": alias, "must_exist": True}})
            actions.append({"add": {"index": building[kind], "alias": alias, "is_write_index": True}})
    if actions:
        cluster.call("switch generations", lambda client: client.indices.update_aliases(actions=actions))


def finish(cluster: Cluster) -> list[str]:
    """Forgets what was built for, and deletes what no longer serves; the names of what was deleted.

    Raises:
        Misconfigured: The new generation does not serve yet.
    """
    serving, building = _pair(cluster)
    deleted = []
    for kind in GENERATIONAL:
        if building.get(kind, serving[kind]) != serving[kind]:
            raise Misconfigured(f"elasticsearch: {building[kind]} does not serve yet; switch first")
    for kind in GENERATIONAL:
        if kind in building:
            _remove_alias(cluster, building[kind], indices.alias(cluster.settings, kind, building=True))
        for name in _all_of(cluster, kind):
            if name != serving[kind]:
                _delete(cluster, name)
                deleted.append(name)
    return deleted


def _remove_alias(cluster: Cluster, name: str, alias: str) -> None:
    actions = [{"remove": {"index": name, "alias": alias}}]
    cluster.call(f"remove alias {alias}", lambda client: client.indices.update_aliases(actions=actions))


def _all_of(cluster: Cluster, kind: str) -> list[str]:
    """The indices of this kind, whichever generation's, by name."""
    pattern = indices.pattern(cluster.settings, kind)
    found = cluster.call(f"get {pattern}", lambda client: client.indices.get(index=pattern, features=["aliases"]))
    return sorted(found)


def _delete(cluster: Cluster, name: str) -> None:
    cluster.call(f"delete {name}", lambda client: client.options(ignore_status=404).indices.delete(index=name))


def _pair(cluster: Cluster) -> tuple[dict[str, str], dict[str, str]]:
    """The indices by kind that serve, and those that are being built."""
    found: list[dict[str, str]] = []
    for building in (False, True):
        aliases = {indices.alias(cluster.settings, kind, building=building): kind for kind in GENERATIONAL}
        leading = behind(cluster, aliases)
        found.append({aliases[alias]: names[0] for alias, names in leading.items()})
    if missing := [kind for kind in GENERATIONAL if kind not in found[0]]:
        raise Misconfigured(f"elasticsearch: nothing serves {' and '.join(missing)}; `treatywire index create` first")
    return found[0], found[1]


def _count(cluster: Cluster, name: str) -> int:
    cluster.call(f"refresh {name}", lambda client: client.indices.refresh(index=name))
    return int(cluster.call(f"count in {name}", lambda client: client.count(index=name))["count"])


def _paged(cluster: Cluster, kind: str, query: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    page: list[dict[str, Any]] = []
    for hit in hits(cluster, kind, query, [{"id": "asc"}], page=_COPIED):
        page.append(hit["_source"])
        if len(page) == _COPIED:
            yield page
            page = []
    yield page


def _is_older(source: dict[str, Any], before: datetime) -> bool:
    state = state_of(source)
    return not isinstance(state, Aggregate) or all(cell.last_seen < before for cell in state.cells.values())


def _has_any(source: dict[str, Any], aggregates: set[str]) -> bool:
    state = state_of(source)
    return isinstance(state, DossierState) and not aggregates.isdisjoint(state.events)


def _copy_states(building: Cluster, sources: list[dict[str, Any]]) -> int:
    writes = [Write(STATES, source["id"], msgspec.json.encode(source), CREATE) for source in sources]
    return len(writes) - len(bulk(building, writes).conflicts)


def _event(source: dict[str, Any]) -> Write:
    revision = decode(source["data"], EventView).revision
    condition = {"version": revision, "version_type": "external_gte"}
    return Write(EVENTS, source["id"], msgspec.json.encode(source), condition)
