"""Reading one partition by offset, in no group: for those who keep a position of their own."""

import threading
import time
from typing import Any

from connectors.kafka.client import WAIT_MS, Client
from connectors.kafka.library import TopicPartition
from schemas.errors import Misconfigured, Unavailable

FIRST_S = 0.05
STUCK_S = 8.0
FETCH_MS = 50
"""How long a broker waits for entries before it says that there are none; who seeks another place waits for that."""


class Tail:
    """The only partition of a topic. May be shared by threads, which then wait for each other.

    Raises:
        Misconfigured: The topic has several partitions, so that its entries have no order.
    """

    def __init__(self, client: Client, topic: str) -> None:
        self._client, self._topic = client, topic
        self._place = TopicPartition(topic, 0)
        self._lock = threading.Lock()
        self._consumer: Any = None

    def read(self, offset: int, limit: int, max_bytes: int) -> list[Any]:
        """Up to `limit` records from the broker's `offset` on, in order; fewer at the end, or with `max_bytes`."""
        with self._lock, self._client.errors(f"read {self._topic}"):
            consumer = self._opened()
            if consumer.position(self._place) != offset:
                consumer.seek(self._place, offset)
            records: list[Any] = []
            size, started = 0, time.monotonic()
            while len(records) < limit and size < max_bytes:
                wait_ms = 0 if records else FIRST_S * 1000
                polled = consumer.poll(timeout_ms=int(wait_ms), max_records=limit - len(records))
                came = polled.get(self._place, [])
                records += came
                size += sum(len(record.value or b"") for record in came)
                if not came and self._at_end(consumer):
                    break
                if time.monotonic() - started > STUCK_S:
                    if records:
                        break
                    raise Unavailable(f"{self._topic}: there are entries, and none came within {STUCK_S:.0f} s")
            return records

    def close(self) -> None:
        """Ends the connection; the next read makes another."""
        with self._lock:
            consumer, self._consumer = self._consumer, None
            if consumer is not None:
                with self._client.errors(f"leave {self._topic}"):
                    consumer.close(autocommit=False, timeout_ms=2000)

    def _at_end(self, consumer: Any) -> bool:
        end = self._client.ends_of(self._topic, {0})[0]
        return bool(consumer.position(self._place, timeout_ms=WAIT_MS) >= end)

    def _opened(self) -> Any:
        if self._consumer is None:
            count = self._client.partitions(self._topic)
            if count != 1:
                raise Misconfigured(f"{self._topic} has {count} partitions; it takes 1, so that it has one order")
            consumer = self._client.consumer(fetch_max_wait_ms=FETCH_MS)
            consumer.assign([self._place])
            self._consumer = consumer
        return self._consumer
