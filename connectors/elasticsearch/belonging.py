"""Which developments log goes with the indices: positions of subscriptions are places in that very one."""

import msgspec

from connectors.elasticsearch.bulk import CREATE, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.documents import get
from connectors.elasticsearch.indices import LEASES

_NAME = "belongs to"
"""Of a document among the leases, which belong to no generation; no lease has such a name."""


def log_of(cluster: Cluster, log: str) -> str:
    """The id of the log that was first noted: this one, where none was."""
    bulk(cluster, [_write(log, first=True)])
    return str(get(cluster, LEASES, [_NAME])[_NAME].source["holder"])


def adopt(cluster: Cluster, log: str) -> None:
    """Notes this log, whatever was noted before."""
    bulk(cluster, [_write(log, first=False)])


def _write(log: str, *, first: bool) -> Write:
    document = {"name": _NAME, "holder": log, "token": 0, "until": 0}
    return Write(LEASES, _NAME, msgspec.json.encode(document), CREATE if first else {})
