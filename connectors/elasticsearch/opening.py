"""From settings to a cluster that is what it should be."""

from connectors.elasticsearch import index, indices
from connectors.elasticsearch.cluster import Cluster
from schemas.elasticsearch_settings import ElasticsearchSettings


def open_elasticsearch(settings: ElasticsearchSettings, *, migrating: bool = False) -> Cluster:
    """The connection, after a look at every index.

    Args:
        settings: Where it is.
        migrating: Whether those of the findings may be made otherwise, since they are about to be replaced.

    Raises:
        Misconfigured: Address, user or right is wrong; an index is missing or made otherwise.
        Unavailable: It does not answer now.
    """
    cluster = Cluster(settings)
    try:
        index.check(cluster, indices.LASTING if migrating else indices.KINDS)
    except BaseException:
        cluster.close()
        raise
    return cluster
