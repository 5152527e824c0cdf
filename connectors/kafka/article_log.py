"""The articles log."""

from collections.abc import Sequence
from datetime import datetime

from connectors.kafka.appending import append
from connectors.kafka.client import Client
from connectors.kafka.cloud_event import ARTICLE
from connectors.kafka.readers import Readers
from schemas.article import Article
from schemas.ports import Reader


class KafkaArticleLog:
    """The articles topic, its key the article's id. Any number of writers; readers share its partitions.

    The order of appends is kept for each article, and within each partition; among partitions there is none.
    """

    def __init__(self, client: Client, readers: Readers) -> None:
        self._client, self._readers = client, readers
        self._topic = client.settings.articles

    def append(self, articles: Sequence[Article], *, again: bool = False) -> None:  # noqa: ARG002 - every append is new
        """Durable on return. A topic cannot look: an id and revision that is there is there twice, `again` or not.

        Raises:
            BadRecord: An article is longer than a topic takes; nothing was appended.
        """
        append(self._client, self._topic, [ARTICLE.written(article) for article in articles])

    def reader(self, name: str) -> Reader[Article]:
        """The reader of this name in this process; it joins its consumer group when it is first read."""
        return self._readers.reader(self._topic, name, ARTICLE)

    def end(self) -> int:
        """How many entries the topic ever had: with one partition, the number of the last."""
        return sum(self._client.ends(self._topic).values())

    def expire(self, before: datetime) -> int:  # noqa: ARG002 - the port's signature
        """Nothing, always 0: brokers delete by the topic's ``retention.ms``, which `topics.check` sees to.

        They do so by age alone, also what a reader has yet to read; that reader then logs how much it missed.
        """
        return 0
