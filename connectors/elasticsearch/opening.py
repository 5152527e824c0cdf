"""From settings to a cluster that is what it should be."""

from connectors.elasticsearch import index
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.settings import ElasticsearchSettings


def open_elasticsearch(settings: ElasticsearchSettings, *, building: bool = False) -> Cluster:
    """The connection, after a look at every index.

    Args:
        settings: Where it is.
        building: Whether to work on the generation that is being built (`generations.begin`).

    Raises:
        Misconfigured: Address, user or right is wrong; an index is missing or made otherwise.
        Unavailable: It does not answer now.
    """
    cluster = Cluster(settings, building=building)
    try:
        index.check(cluster)
    except BaseException:
        cluster.close()
        raise
    return cluster
