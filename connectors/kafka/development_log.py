"""The developments log."""

from collections.abc import Sequence

from connectors.kafka.appending import append
from connectors.kafka.client import Client
from connectors.kafka.cloud_event import DEVELOPMENT
from connectors.kafka.reader import READ_BYTES
from connectors.kafka.readers import Readers
from connectors.kafka.tail import Tail
from schemas.development import Development
from schemas.ports import Entry, Reader


class KafkaDevelopmentLog:
    """The developments topic, its key the dossier's id, kept for ever. Any number of writers.

    It has one partition, so that it has one order: `after` and the position of a subscription at its creation are
    single numbers, and mean the same to everybody.
    """

    def __init__(self, client: Client, readers: Readers, tail: Tail) -> None:
        self._client, self._readers, self._tail = client, readers, tail
        self._topic = client.settings.developments

    def append(self, developments: Sequence[Development]) -> None:
        """Durable on return. A topic cannot look: an id that is there is appended again."""
        append(self._client, self._topic, [DEVELOPMENT.written(development) for development in developments])

    def reader(self, name: str) -> Reader[Development]:
        """The reader of this name in this process; it joins its consumer group when it is first read."""
        return self._readers.reader(self._topic, name, DEVELOPMENT)

    def after(self, offset: int, limit: int) -> Sequence[Entry[Development]]:
        """Up to `limit` entries after `offset`, in order, and not much more than 8 MiB of them."""
        return [
            Entry(
                record.offset + 1,
                DEVELOPMENT.read(record.key, record.value, record.headers, f"{self._topic}, offset {record.offset}"),
            )
            for record in self._tail.read(offset, limit, READ_BYTES)
        ]

    def end(self) -> int:
        """The offset of the last entry, else 0."""
        return sum(self._client.ends(self._topic).values())
