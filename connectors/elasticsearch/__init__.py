"""What is not a log, on Elasticsearch: event store and search, subscriptions, ledger, feeds, leases.

`open_elasticsearch` gives a cluster that `ElasticsearchSettings` names, `Adapters` the ports over it. `index` makes and
checks the indices, `generations` replaces those of the findings, `rights` says what a user must be allowed.
Nothing outside this package knows a field of an index.
"""

from connectors.elasticsearch.adapters import Adapters
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.opening import open_elasticsearch
from schemas.elasticsearch_settings import ElasticsearchSettings

__all__ = ["Adapters", "Cluster", "ElasticsearchSettings", "open_elasticsearch"]
