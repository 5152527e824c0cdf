"""From what a person types to an id: the id itself, an alias, or the unique beginning of one."""

from collections.abc import Iterable
from typing import Any

from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.document_ids import is_text
from connectors.elasticsearch.documents import get
from connectors.elasticsearch.indices import EVENTS, STATES
from connectors.elasticsearch.pages import hits
from connectors.elasticsearch.state_documents import DOSSIER, state_of
from schemas.codec import decode
from schemas.event import EventView
from schemas.state import DossierState

AFTER_DASH = 4
"""Characters after an event id's dash without which it is not looked for."""
_IS_DOSSIER = {"term": {"kind": DOSSIER}}


def event(cluster: Cluster, typed: str) -> EventView | None:
    """The event; None where there is none, or more than one begins so."""
    if not typed or not is_text(typed):
        return None
    if stored := get(cluster, EVENTS, [typed], only=("data",)).get(typed):
        return decode(stored.source["data"], EventView)
    cluster.see(EVENTS)
    found = _first_events(cluster, {"term": {"aliases": typed}})
    if found:
        return found[0]
    if len(typed.partition("-")[2]) < AFTER_DASH:
        return None
    for field in ("id", "aliases"):
        found = _first_events(cluster, {"prefix": {field: typed}})
        if found:
            return found[0] if len(found) == 1 else None
    return None


def dossier(cluster: Cluster, typed: str) -> DossierState | None:
    """The dossier; None where there is none, or more than one begins so. One that is an alias leads to the other."""
    if not typed or not is_text(typed):
        return None
    cluster.see(STATES)
    resolved = _resolved(cluster, [typed])[typed]
    exact = _dossier(cluster, resolved)
    if exact is not None:
        return exact
    leads: set[str] = set()
    begins = {
        "bool": {"should": [{"prefix": {"id": typed}}, {"prefix": {"aliases": typed}}], "minimum_should_match": 1}
    }
    found = hits(cluster, STATES, _and(begins), [{"id": "asc"}], source=["id", "aliases"], page=100)
    try:
        for hit in found:
            names = (hit["_source"]["id"], *hit["_source"]["aliases"])
            leads |= set(_resolved(cluster, [name for name in names if name.startswith(typed)]).values())
            if len(leads) > 1:
                return None
    finally:
        found.close()  # type: ignore[attr-defined] # a generator, which ends its search
    return _dossier(cluster, leads.pop()) if leads else None


def _first_events(cluster: Cluster, query: dict[str, Any]) -> list[EventView]:
    """Up to two events, by id."""
    body = {"query": query, "sort": [{"id": "asc"}], "size": 2, "source": ["data"], "track_total_hits": False}
    return [decode(hit["_source"]["data"], EventView) for hit in cluster.search(EVENTS, body)["hits"]["hits"]]


def _dossier(cluster: Cluster, name: str) -> DossierState | None:
    stored = get(cluster, STATES, [name]).get(name)
    state = state_of(stored.source) if stored else None
    return state if isinstance(state, DossierState) else None


def _resolved(cluster: Cluster, names: Iterable[str]) -> dict[str, str]:
    """The dossiers that these turned out to be, or themselves. Aliases lead to lesser ids, so this ends."""
    now = {name: name for name in names}
    while leading := _leading(cluster, set(now.values())):
        now = {name: leading.get(led, led) for name, led in now.items()}
    return now


def _leading(cluster: Cluster, names: set[str]) -> dict[str, str]:
    """By alias the least dossier that lists it, where that is less than the alias itself."""
    leading: dict[str, str] = {}
    asked = _and({"terms": {"aliases": sorted(names)}})
    for hit in hits(cluster, STATES, asked, [{"id": "asc"}], source=["id", "aliases"], page=100):
        for name in names.intersection(hit["_source"]["aliases"]):
            leading[name] = min(hit["_source"]["id"], leading.get(name, name))
    return {name: least for name, least in leading.items() if least < name}


def _and(query: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"filter": [_IS_DOSSIER, query]}}
