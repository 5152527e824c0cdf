"""The ports that Kafka serves, over one cluster."""

from contextlib import ExitStack

from connectors.kafka.article_log import KafkaArticleLog
from connectors.kafka.client import Client
from connectors.kafka.cloud_event import ARTICLE
from connectors.kafka.dead_letters import KafkaDeadLetters
from connectors.kafka.development_log import KafkaDevelopmentLog
from connectors.kafka.follower import KafkaFollowed
from connectors.kafka.partitions import KafkaPartitions
from connectors.kafka.readers import Readers
from connectors.kafka.tail import Tail
from schemas.kafka_settings import KafkaSettings
from schemas.ports import Position


class KafkaAdapters:
    """The logs of one cluster. May be shared by threads, and pickled for another process, which connects anew.

    Nothing is connected before it is used; `close` leaves the consumer groups, so that other members take over at once
    and not after ten seconds.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self.settings = settings
        self.client = Client(settings)
        self._readers = Readers(self.client)
        self._tails = Tail(self.client, settings.developments), Tail(self.client, settings.dead_letters)
        self.articles = KafkaArticleLog(self.client, self._readers)
        self.article_partitions = KafkaPartitions(self.client, settings.articles, ARTICLE)
        self.followed = KafkaFollowed(self.client, self.article_partitions, settings.articles)
        self.developments = KafkaDevelopmentLog(self.client, self._readers, self._tails[0])
        self.dead_letters = KafkaDeadLetters(self.client, self._tails[1])

    def __getstate__(self) -> KafkaSettings:
        return self.settings

    def __setstate__(self, settings: KafkaSettings) -> None:
        self.__init__(settings)  # type: ignore[misc]

    def commit_articles(self, position: Position) -> None:
        """Moves a reader of the articles log, for a store whose effects are durable by now."""
        self.articles.reader(position.reader).commit(position.offset)

    def commit_developments(self, position: Position) -> None:
        """The same of the developments log."""
        self.developments.reader(position.reader).commit(position.offset)

    def close(self) -> None:
        """Leaves all groups and ends all connections; the next use begins anew."""
        with ExitStack() as closing:  # each, whatever the others raise
            closing.callback(self.client.close)
            for tail in self._tails:
                closing.callback(tail.close)
            closing.callback(self.article_partitions.close)
            closing.callback(self._readers.close)
