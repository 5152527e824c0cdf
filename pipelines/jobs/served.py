"""Kafka and Elasticsearch as one set of adapters."""

from contextlib import ExitStack
from datetime import timedelta

from msgspec.structs import replace

from connectors.elasticsearch import Adapters as ElasticsearchAdapters
from connectors.elasticsearch import Cluster, belonging
from connectors.kafka import KafkaAdapters, check
from schemas import ports
from schemas.errors import Misconfigured

ABOUT_TO_PUBLISH = timedelta(seconds=5)
"""So old may be what a living worker has saved and not published yet; what is older, a worker that comes takes over."""


class ServedAdapters:
    """The logs on Kafka, everything else on Elasticsearch; any number of processes. Threads may share it; picklable.

    A reader of a log is one object for each name, here and for the store that moves it: it is the member of the
    consumer group.

    Args:
        kafka: The logs.
        cluster: Everything else.
        keep_articles: For how long the articles log must keep what it gets.
    """

    readers_share = True

    def __init__(self, kafka: KafkaAdapters, cluster: Cluster, keep_articles: timedelta) -> None:
        self.kafka, self.cluster, self._keep_articles = kafka, cluster, keep_articles
        self.articles: ports.ArticleLog = kafka.articles
        self.developments: ports.DevelopmentLog = kafka.developments
        self.dead_letters: ports.DeadLetters = kafka.dead_letters
        others = ElasticsearchAdapters(
            cluster,
            dead_letters=kafka.dead_letters,
            commit_articles=kafka.commit_articles,
            commit_developments=kafka.commit_developments,
            at_first=ABOUT_TO_PUBLISH,
        )
        self.events: ports.EventStore = others.events
        self.followed: ports.Followed = kafka.followed
        self._generations = others.generations
        self.generations: ports.Generations = self._generations
        self.subscriptions: ports.Subscriptions = others.subscriptions
        self.ledger: ports.Ledger = others.ledger
        self.feeds: ports.Feeds = others.feeds
        self.leases: ports.Leases = others.leases

    def __reduce__(self) -> tuple[object, ...]:
        return ServedAdapters, (self.kafka, self.cluster, self._keep_articles)

    @property
    def place(self) -> str:
        """Both addresses, with the prefixes of topics and indices."""
        kafka, elasticsearch = self.kafka.settings, self.cluster.settings
        return f"kafka {kafka.bootstrap} {kafka.prefix}.*, elasticsearch {elasticsearch.urls} {elasticsearch.prefix}-*"

    def check(self) -> None:
        """Passes where every topic is there and would lose nothing, and the indices were filled from these very logs.

        The indices themselves were looked at when it was opened.
        """
        check(self.kafka.client, self._keep_articles)
        ours = self.kafka.client.id_of(self.kafka.settings.developments)
        noted = belonging.log_of(self.cluster, ours)
        if noted != ours:
            raise Misconfigured(
                f"{self.place}: they do not belong together. The indices go with another developments log (topic id "
                f"{noted}, here {ours}): this is another cluster, or the topic was made anew. Set the right one, or "
                f"let `treatywire topics adopt` go on with this one"
            )

    def adopt(self) -> None:
        """Lets the indices go with these logs, whatever they were filled from; subscriptions hear what comes from now.

        Raises:
            Misconfigured: A topic is missing or would lose data.
        """
        check(self.kafka.client, self._keep_articles)
        end = self.developments.end()
        for subscription in self.subscriptions.list():
            self.subscriptions.add(replace(subscription, position=end))
        belonging.adopt(self.cluster, self.kafka.client.id_of(self.kafka.settings.developments))

    def close(self) -> None:
        """Leaves the consumer groups, so that other processes take over at once, and ends all connections."""
        with ExitStack() as closing:
            closing.callback(self.cluster.close)
            closing.callback(self._generations.close)
            closing.callback(self.kafka.close)
