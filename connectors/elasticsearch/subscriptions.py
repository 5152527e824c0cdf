"""Who wants to hear of what."""

from collections.abc import Sequence

import msgspec

from connectors.elasticsearch import ledger
from connectors.elasticsearch.bulk import Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.conditions import ALL
from connectors.elasticsearch.documents import get
from connectors.elasticsearch.indices import SUBSCRIPTIONS
from connectors.elasticsearch.pages import hits
from connectors.elasticsearch.times import micros
from schemas.codec import decode, encode
from schemas.errors import BadRecord
from schemas.subscription import Subscription


class ElasticsearchSubscriptions:
    """The subscriptions as an index. A change is seen by every process when it returns: it refreshes the index.

    So the alert job, which reads what comes after a subscription's position, cannot have missed the subscription.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def add(self, subscription: Subscription) -> None:
        """Durable on return; the same id again replaces it.

        Raises:
            BadRecord: Elasticsearch refuses it.
        """
        data = encode(subscription).decode()
        columns = {"id": subscription.id, "created": micros(subscription.created), "data": data}
        write = Write(SUBSCRIPTIONS, subscription.id, msgspec.json.encode(columns))
        for refused in bulk(self._cluster, [write]).refused:
            raise BadRecord(f"subscription {subscription.id}: {refused.reason}")
        self._cluster.refresh(SUBSCRIPTIONS)

    def list(self) -> Sequence[Subscription]:
        """All, by creation then id."""
        found = hits(self._cluster, SUBSCRIPTIONS, ALL, [{"created": "asc"}, {"id": "asc"}], source=["data"])
        return [decode(hit["_source"]["data"], Subscription) for hit in found]

    def remove(self, id: str) -> bool:
        """Whether it was there. What is due to it is given up, once it is gone.

        A crash in between is made good by removing it again.
        """
        there = bool(get(self._cluster, SUBSCRIPTIONS, [id], only=("id",)))
        bulk(self._cluster, [Write(SUBSCRIPTIONS, id, None)])
        self._cluster.refresh(SUBSCRIPTIONS)
        ledger.give_up(self._cluster, id)
        return there
