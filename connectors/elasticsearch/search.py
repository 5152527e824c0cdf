"""Searching events."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.columns import HAPPENED
from connectors.elasticsearch.conditions import ALL, Dsl, condition, wanted, words
from connectors.elasticsearch.indices import EVENTS
from connectors.elasticsearch.pages import PAGE, hits
from connectors.elasticsearch.times import micros
from schemas.codec import decode
from schemas.event import EventView
from schemas.ports import Hit
from schemas.query.tree import Query, normal

_ORDERS: dict[str, list[dict[str, str]]] = {
    "date": [{HAPPENED: "desc"}, {"id": "asc"}],
    "score": [{"_score": "desc"}, {"id": "asc"}],
    "seen": [{"seen": "desc"}, {"id": "asc"}],
}


def search(
    cluster: Cluster, query: Query | None, *, since: datetime | None, sort: str, limit: int, offset: int
) -> Sequence[Hit]:
    """Events that match, best first: by `date` or `seen` (latest first), or by `score`; ties by id.

    The score is BM25 of the words asked for, computed in this order only and 0.0 in the others. One request where the
    page ends within the first 1000, else pages over one moment of the index.
    """
    if limit < 1:
        return []
    asked = _asked(query, since, scored=sort == "score")
    if offset + limit <= PAGE:
        cluster.see(EVENTS)
        body = {"from_": offset, "size": limit, "source": ["data"], "track_total_hits": False}
        found = cluster.search(EVENTS, {"query": asked, "sort": _ORDERS[sort], **body})["hits"]["hits"]
    else:
        found = list(islice(hits(cluster, EVENTS, asked, _ORDERS[sort], source=["data"], skip=offset), limit))
    return [_hit(each) for each in found]


def count(cluster: Cluster, query: Query | None, *, since: datetime | None) -> int:
    """How many events match."""
    cluster.see(EVENTS)
    name, asked = cluster.alias(EVENTS), _asked(query, since, scored=False)
    return int(cluster.call(f"count in {name}", lambda client: client.count(index=name, query=asked))["count"])


def _asked(query: Query | None, since: datetime | None, *, scored: bool) -> Dsl:
    """What must hold, as filters that do not score; `scored`, the words that are wanted beside it."""
    plain = None if query is None else normal(query)
    conditions = [] if plain is None else [condition(plain)]
    if since is not None:
        conditions.append({"range": {"seen": {"gte": micros(since)}}})
    if plain is not None and scored and (raising := [words(one) for one in wanted(plain)]):
        return {"bool": {"filter": conditions, "should": raising}}
    return {"bool": {"filter": conditions}} if conditions else ALL if not scored else {"bool": {"filter": [ALL]}}


def _hit(found: dict[str, Any]) -> Hit:
    return Hit(decode(found["_source"]["data"], EventView), float(found.get("_score") or 0.0))
