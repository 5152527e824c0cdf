"""The ports that Elasticsearch serves, over one cluster."""

from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.event_store import Commit, ElasticsearchEventStore
from connectors.elasticsearch.feeds import ElasticsearchFeeds
from connectors.elasticsearch.leases import ElasticsearchLeases
from connectors.elasticsearch.ledger import ElasticsearchLedger
from connectors.elasticsearch.subscriptions import ElasticsearchSubscriptions
from schemas.ports import DeadLetters


class Adapters:
    """What is not a log. Logs and dead letters are another system's, as a rule Kafka's; it is told to move a reader.

    May be shared by threads. To pickle it, what it was given must be picklable.

    Args:
        cluster: Where.
        dead_letters: Where letters go.
        commit_articles: Moves a reader of the articles log.
        commit_developments: Moves a reader of the developments log.
    """

    def __init__(
        self, cluster: Cluster, *, dead_letters: DeadLetters, commit_articles: Commit, commit_developments: Commit
    ) -> None:
        self.cluster = cluster
        self._given = dead_letters, commit_articles, commit_developments
        self.events = ElasticsearchEventStore(cluster, dead_letters, commit_articles)
        self.subscriptions = ElasticsearchSubscriptions(cluster)
        self.ledger = ElasticsearchLedger(cluster, commit_developments)
        self.feeds = ElasticsearchFeeds(cluster)
        self.leases = ElasticsearchLeases(cluster)

    def __getstate__(self) -> tuple[Cluster, DeadLetters, Commit, Commit]:
        return self.cluster, *self._given

    def __setstate__(self, state: tuple[Cluster, DeadLetters, Commit, Commit]) -> None:
        cluster, dead_letters, articles, developments = state
        self.__init__(  # type: ignore[misc]
            cluster, dead_letters=dead_letters, commit_articles=articles, commit_developments=developments
        )

    def close(self) -> None:
        """Ends all connections; the next use begins anew."""
        self.cluster.close()
