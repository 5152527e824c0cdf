"""The ports that Kafka serves, over one cluster."""

from contextlib import ExitStack

from connectors.kafka.article_log import KafkaArticleLog
from connectors.kafka.client import Client
from connectors.kafka.dead_letters import KafkaDeadLetters
from connectors.kafka.development_log import KafkaDevelopmentLog
from connectors.kafka.readers import Readers
from connectors.kafka.settings import KafkaSettings
from connectors.kafka.tail import Tail


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
        self.developments = KafkaDevelopmentLog(self.client, self._readers, self._tails[0])
        self.dead_letters = KafkaDeadLetters(self.client, self._tails[1])

    def __getstate__(self) -> KafkaSettings:
        return self.settings

    def __setstate__(self, settings: KafkaSettings) -> None:
        self.__init__(settings)  # type: ignore[misc]

    def close(self) -> None:
        """Leaves all groups and ends all connections; the next use begins anew."""
        with ExitStack() as closing:  # each, whatever the others raise
            closing.callback(self.client.close)
            for tail in self._tails:
                closing.callback(tail.close)
            closing.callback(self._readers.close)
