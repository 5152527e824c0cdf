"""Documents by their ids: as they are now, whether or not an index was refreshed since."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.document_ids import document_id
from connectors.elasticsearch.failures import reason_of
from schemas.errors import Misconfigured, Unavailable

AT_ONCE = 200
"""Documents asked for in one request."""


class Stored(Struct, frozen=True):
    """A document, and what a write must name so that it replaces just this one."""

    source: dict[str, Any]
    sequence: int
    term: int
    index: str
    """The index itself, where it was found."""

    def unchanged(self) -> dict[str, Any]:
        """The condition on a write, that nobody wrote since."""
        return {"if_seq_no": self.sequence, "if_primary_term": self.term}


def get(cluster: Cluster, kind: str, names: Iterable[str], *, only: Sequence[str] = ()) -> dict[str, Stored]:
    """The documents that exist, by name.

    Args:
        cluster: Where.
        kind: The index.
        names: Which; repeated ones are asked for once.
        only: Paths of the source that are wanted; all where empty.

    Raises:
        Misconfigured: There is no such index, or no right to read it.
        Unavailable: Elasticsearch does not answer.
    """
    by_id = {document_id(name): name for name in names}
    alias, ids = cluster.alias(kind), list(by_id)
    found: dict[str, Stored] = {}
    for start in range(0, len(ids), AT_ONCE):
        asked = ids[start : start + AT_ONCE]
        for document in _ask(cluster, alias, asked, list(only)):
            if "error" in document:
                _raise(cluster, alias, document["error"])
            if document.get("found"):
                stored = Stored(document["_source"], document["_seq_no"], document["_primary_term"], document["_index"])
                found[by_id[document["_id"]]] = stored
    return found


def _ask(cluster: Cluster, alias: str, ids: list[str], only: list[str]) -> list[dict[str, Any]]:
    answer = cluster.call(
        f"get from {alias}", lambda client: client.mget(index=alias, ids=ids, source_includes=only or None)
    )
    return list(answer["docs"])


def _raise(cluster: Cluster, alias: str, error: dict[str, Any]) -> None:
    where = f"elasticsearch {cluster.settings.urls}: get from {alias}: {reason_of(error)}"
    if error.get("type") in ("index_not_found_exception", "security_exception"):
        raise Misconfigured(f"{where}; `treatywire index create` makes what is missing")
    raise Unavailable(where)
