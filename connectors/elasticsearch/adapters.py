"""The ports that Elasticsearch serves, over one cluster."""

from datetime import timedelta

from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.event_store import Commit, ElasticsearchEventStore
from connectors.elasticsearch.feeds import ElasticsearchFeeds
from connectors.elasticsearch.generations import ElasticsearchGenerations
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
        at_first: The age from which on a new process publishes what others left; else all that is there.
    """

    def __init__(
        self,
        cluster: Cluster,
        *,
        dead_letters: DeadLetters,
        commit_articles: Commit,
        commit_developments: Commit,
        at_first: timedelta = timedelta(),
    ) -> None:
        self.cluster = cluster
        self._given = dead_letters, commit_articles, commit_developments, at_first
        self.events = ElasticsearchEventStore(cluster, dead_letters, commit_articles, at_first=at_first)
        self.generations = ElasticsearchGenerations(cluster, dead_letters, commit_articles)
        self.subscriptions = ElasticsearchSubscriptions(cluster)
        self.ledger = ElasticsearchLedger(cluster, commit_developments)
        self.feeds = ElasticsearchFeeds(cluster)
        self.leases = ElasticsearchLeases(cluster)

    def __getstate__(self) -> tuple[Cluster, DeadLetters, Commit, Commit, timedelta]:
        return self.cluster, *self._given

    def __setstate__(self, state: tuple[Cluster, DeadLetters, Commit, Commit, timedelta]) -> None:
        cluster, dead_letters, articles, developments, at_first = state
        self.__init__(  # type: ignore[misc]
            cluster,
            dead_letters=dead_letters,
            commit_articles=articles,
            commit_developments=developments,
            at_first=at_first,
        )

    def close(self) -> None:
        """Ends all connections; the next use begins anew."""
        self.generations.close()
        self.cluster.close()
