"""All results of a search, page by page, over one moment of an index."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from connectors.elasticsearch.cluster import Cluster
from schemas.errors import TreatywireError

PAGE = 1000
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
    """The hits after the first `skip`, in order, by point in time and ``search_after``.

    A deep page costs as much as the first. Sees what this process wrote. Close the iterator where it is left early.

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
    name = cluster.alias(kind)
    point: str = cluster.call(
        f"search in {name}", lambda client: client.open_point_in_time(index=name, keep_alive=KEEP_ALIVE)
    )["id"]
    after: list[Any] | None = None
    try:
        while True:
            size = min(skip, page) or page
            body = {
                "query": query,
                "sort": list(sort),
                "size": size,
                "track_total_hits": False,
                "source": False if skip else source,
                "pit": {"id": point, "keep_alive": KEEP_ALIVE},
                "allow_partial_search_results": False,
            }
            if after is not None:
                body["search_after"] = after
            answer = _page(cluster, name, body)
            point = answer["pit_id"]
            found = answer["hits"]["hits"]
            if not skip:
                yield from found
            if len(found) < size:
                return
            skip -= size if skip else 0
            after = found[-1]["sort"]
    finally:
        with suppress(TreatywireError):  # it ends by itself, a minute later
            cluster.call("end a search", lambda client: client.close_point_in_time(id=point))


def _page(cluster: Cluster, name: str, body: dict[str, Any]) -> Any:
    return cluster.call(f"search in {name}", lambda client: client.search(**body))
