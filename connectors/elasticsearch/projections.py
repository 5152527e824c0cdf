"""Event views: written with their revision as version, so that a late one never replaces a later one."""

from collections.abc import Iterable, Sequence

from connectors.elasticsearch.bulk import Refused, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.columns import HAPPENED, event_document
from connectors.elasticsearch.indices import EVENTS
from connectors.elasticsearch.pages import hits
from schemas.codec import decode
from schemas.event import EventView


def save(cluster: Cluster, views: Sequence[EventView]) -> Sequence[Refused]:
    """Writes each view but those that are older than the stored one; gives those that Elasticsearch never takes.

    That a version is greater already (409) is success: this view, or a later one, is there.
    """
    latest: dict[str, EventView] = {}
    for view in views:
        known = latest.get(view.id)
        if known is None or view.revision >= known.revision:
            latest[view.id] = view
    return bulk(cluster, [_write(view) for view in latest.values()]).refused


def retire(cluster: Cluster, ids: Iterable[str]) -> None:
    """Forgets events that are no more, or are only an alias of another now; unknown ids are no error."""
    bulk(cluster, [Write(EVENTS, event, None) for event in dict.fromkeys(ids)])


def of_dossier(cluster: Cluster, dossier: str) -> Sequence[EventView]:
    """The views of a dossier, by date (undated by first_seen) then id."""
    order = [{HAPPENED: "asc"}, {"id": "asc"}]
    found = hits(cluster, EVENTS, {"term": {"dossier_id": dossier}}, order, source=["data"])
    return [decode(hit["_source"]["data"], EventView) for hit in found]


def _write(view: EventView) -> Write:
    condition = {"version": view.revision, "version_type": "external_gte"}
    return Write(EVENTS, view.id, event_document(view), condition)
