"""The adapters under test: Elasticsearch, composed with logs in memory as it is with Kafka's."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from connectors import memory
from connectors.elasticsearch import Adapters, Cluster, ElasticsearchSettings
from connectors.elasticsearch.bulk import Write, bulk
from connectors.elasticsearch.indices import KINDS
from connectors.elasticsearch.pages import hits
from schemas import ports
from tests.integration.contract.stores import Ports, Store


@dataclass(frozen=True)
class Composed:
    """All ports: the logs' from one place, the rest from another."""

    logs: memory.Adapters
    served: Adapters

    @property
    def articles(self) -> ports.ArticleLog:
        return self.logs.articles

    @property
    def developments(self) -> ports.DevelopmentLog:
        return self.logs.developments

    @property
    def dead_letters(self) -> ports.DeadLetters:
        return self.logs.dead_letters

    @property
    def events(self) -> ports.EventStore:
        return self.served.events

    @property
    def followed(self) -> ports.Followed:
        return self.logs.followed

    @property
    def generations(self) -> ports.Generations:
        return self.served.generations

    @property
    def subscriptions(self) -> ports.Subscriptions:
        return self.served.subscriptions

    @property
    def ledger(self) -> ports.Ledger:
        return self.served.ledger

    @property
    def feeds(self) -> ports.Feeds:
        return self.served.feeds

    @property
    def leases(self) -> ports.Leases:
        return self.served.leases


def composed(logs: memory.Adapters, cluster: Cluster) -> Composed:
    """The ports over this cluster, with these logs."""
    served = Adapters(
        cluster,
        dead_letters=logs.dead_letters,
        commit_articles=lambda position: logs.articles.reader(position.reader).commit(position.offset),
        commit_developments=lambda position: logs.developments.reader(position.reader).commit(position.offset),
    )
    return Composed(logs, served)


@contextmanager
def served_store(settings: ElasticsearchSettings) -> Iterator[Store]:
    """An empty store; reopened, it is found by a connection that has written nothing."""
    logs = memory.Adapters()
    with ExitStack() as open_:

        def reopen() -> Ports:
            return composed(logs, open_.enter_context(Cluster(settings)))

        emptied(open_.enter_context(Cluster(settings)))
        yield Store(reopen(), reopen)


def emptied(cluster: Cluster, kinds: Sequence[str] = KINDS) -> None:
    """Deletes every document."""
    for kind in kinds:
        cluster.refresh(kind)
        found = hits(cluster, kind, {"match_all": {}}, [{"_doc": "asc"}], source=False)
        bulk(cluster, [Write(kind, hit["_id"], None) for hit in found])
        cluster.refresh(kind)
