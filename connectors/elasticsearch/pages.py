"""All results of a search, page by page, over one moment of an index."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from connectors.elasticsearch.cluster import Cluster
from schemas.errors import TreatywireError

PAGE, SKIPPED = 1000, 10_000
"""Hits of one request, with their documents and without; more than 10,000 Elasticsearch does not give."""
KEEP_ALIVE = "1m"
"""How long the server keeps the moment for us between two pages."""


def hits(
    cluster: Cluster,
    kind: str,
    query: dict[str, Any],
    sort: Sequence[dict[str, str]],
    *,
    source: Any = True,
    skip: int = 0,
    page: int = PAGE,
) -> Iterator[dict[str, Any]]:
    """The hits after the first `skip`, in order: one request where one page holds them all.

    Further pages are those of one moment of the index, by point in time and ``search_after``: a deep page costs as much
    as the first. Sees what this process wrote. Close the iterator where it is left early.

    Args:
        cluster: Where.
        kind: The index.
        query: What is looked for.
        sort: An order in which no two are alike.
        source: What of each document is wanted.
        skip: How many of the first to pass over; their documents are not fetched.
        page: How many in one request.
    """
    cluster.see(kind)
    body: dict[str, Any] = {"query": query, "sort": list(sort), "track_total_hits": False}
    if not skip:
        first = cluster.search(kind, {**body, "size": page, "source": source})["hits"]["hits"]
        yield from first
        if len(first) < page:
            return
        body["search_after"] = first[-1]["sort"]
    name = cluster.alias(kind)
    point = _open(cluster, name)
    try:
        while True:
            size = min(skip, SKIPPED) or page
            here = {"pit": {"id": point, "keep_alive": KEEP_ALIVE}, "size": size, "source": False if skip else source}
            answer = _page(cluster, name, body | here)
            point = answer["pit_id"]
            found = answer["hits"]["hits"]
            if not skip:
                yield from found
            if len(found) < size:
                return
            skip -= size if skip else 0
            body["search_after"] = found[-1]["sort"]
    finally:
        with suppress(TreatywireError):  # it ends by itself, a minute later
            cluster.call("end a search", lambda client: client.close_point_in_time(id=point))


def _open(cluster: Cluster, name: str) -> str:
    """A moment of the index, by its id."""
    return str(
        cluster.call(f"search in {name}", lambda client: client.open_point_in_time(index=name, keep_alive=KEEP_ALIVE))[
            "id"
        ]
    )


def _page(cluster: Cluster, name: str, body: dict[str, Any]) -> Any:
    return cluster.call(f"search in {name}", lambda client: client.search(**body, allow_partial_search_results=False))
