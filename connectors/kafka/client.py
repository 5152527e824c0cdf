"""The connections of one process to one cluster, made when they are first needed."""

import os
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from connectors.kafka.client_options import client_options
from connectors.kafka.failures import translated
from connectors.kafka.library import (
    LATEST,
    KafkaAdminClient,
    KafkaConsumer,
    KafkaNetClient,
    KafkaProducer,
    TopicPartition,
    kafka_errors,
)
from connectors.kafka.refusal import refusal
from schemas.errors import Misconfigured
from schemas.kafka_settings import KafkaSettings

WAIT_S = 8.0
"""How long a broker may be silent before we say that it is away: with what comes before and after, within 10 s."""
WAIT_MS = int(WAIT_S * 1000)
ANSWER_MS = 6000
"""How long one answer may take; with the tries before it, still within 10 s."""
RETRY_S, RETRY_COORDINATOR_S = 1.0, 5.0
"""How long a question is asked again where a broker says that it is not ready: after an idle connection was closed, or
while the cluster makes its own topic of offsets."""
_PAUSE_S = 0.1
_RECONNECT = {"reconnect_backoff_ms": 50, "reconnect_backoff_max_ms": 1000}
"""The library's own 30 s would keep a client silent for half a minute after its broker is back."""
MAX_REQUEST_BYTES = 12 * 1024 * 1024
METADATA_AGE_MS = 60_000
"""How long it takes at most to notice partitions that were added."""


class Client:
    """One producer and one administrator for all threads of a process, and consumers for whoever asks.

    May be pickled; a child process, forked or spawned, makes connections of its own.
    """

    def __init__(self, settings: KafkaSettings) -> None:
        self.settings = settings
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._made: dict[type[Any], Any] = {}
        self._there: set[str] = set()
        self._admitted = False

    def __getstate__(self) -> KafkaSettings:
        return self.settings

    def __setstate__(self, settings: KafkaSettings) -> None:
        self.settings = settings
        self._begin()

    @contextmanager
    def errors(self, doing: str) -> Iterator[None]:
        """Raises what Kafka says in the errors of this program; `doing` names what was tried."""
        with translated(self.settings, doing):
            yield

    def producer(self) -> Any:
        """Idempotent, acknowledged by all replicas in sync; safe for threads."""
        return self._one(
            KafkaProducer,
            enable_idempotence=True,
            acks="all",
            compression_type="zstd",
            linger_ms=5,
            batch_size=256 * 1024,
            max_request_size=MAX_REQUEST_BYTES,
            max_block_ms=WAIT_MS,
            request_timeout_ms=WAIT_MS // 2,
            delivery_timeout_ms=WAIT_MS,
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_AGE_MS,
        )

    def administrator(self) -> Any:
        """For topics and offsets of others; safe for threads."""
        return self._one(KafkaAdminClient, request_timeout_ms=ANSWER_MS)

    def consumer(self, **more: Any) -> Any:
        """A consumer of the caller's own, for one thread at a time."""
        return _made(
            KafkaConsumer,
            **self._common(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_AGE_MS,
            request_timeout_ms=WAIT_MS,
            fetch_max_bytes=MAX_REQUEST_BYTES,
            **more,
        )

    def drop(self, kind: type[Any]) -> None:
        """Closes the producer or administrator; the next use makes a new one."""
        with self._lock:
            client = self._made.pop(kind, None)
        if client is not None:
            _close(client)

    def close(self) -> None:
        """Closes what was made; the next use makes it anew."""
        for kind in list(self._made):
            self.drop(kind)

    def require(self, topic: str) -> None:
        """Passes where a topic is there; asks once. A client that waits for one that is not would only time out.

        Raises:
            Misconfigured: There is no such topic.
            Unavailable: No broker answers.
        """
        if topic not in self._there:
            self.partitions(topic)

    def partitions(self, topic: str) -> int:
        """How many partitions a topic has.

        Raises:
            Misconfigured: There is no such topic.
            Unavailable: No broker answers.
        """
        return len(self._described(topic)["partitions"])

    def id_of(self, topic: str) -> str:
        """The id that the cluster gave a topic when it was made; one made anew under the same name has another.

        Raises:
            Misconfigured: There is no such topic.
            Unavailable: No broker answers.
        """
        return str(self._described(topic)["topic_id"])

    def _described(self, topic: str) -> Any:
        with self.errors(f"ask for {topic}"):
            described = _asked(lambda: self.administrator().describe_topics([topic])[0], RETRY_S)
            error = kafka_errors.for_code(described["error_code"])
            if error is kafka_errors.UnknownTopicOrPartitionError:
                where = f"kafka {self.settings.bootstrap}: there is no topic {topic}"
                raise Misconfigured(f"{where}; `treatywire topics create` makes it")
            if error is not kafka_errors.NoError:
                raise error(topic)
        self._there.add(topic)
        return described

    def ends(self, topic: str, at: int = LATEST) -> dict[int, int]:
        """The next offset of each partition of a topic; with `EARLIEST` the first that is still there."""
        return self.ends_of(topic, range(self.partitions(topic)), at)

    def ends_of(self, topic: str, partitions: Collection[int], at: int = LATEST) -> dict[int, int]:
        """The same of some partitions."""
        if not partitions:
            return {}
        with self.errors(f"ask how long {topic} is"):
            asked = {TopicPartition(topic, partition): at for partition in partitions}
            answer = _asked(lambda: self.administrator().list_partition_offsets(asked, timeout_ms=ANSWER_MS), RETRY_S)
        return {place.partition: found.offset for place, found in answer.items()}

    def committed(self, group: str, topic: str, partitions: Collection[int]) -> Mapping[int, tuple[int, str]]:
        """(next offset, metadata) that a group has committed; partitions without a commit are absent."""
        if not partitions:
            return {}
        with self.errors(f"ask where {group} stands"):
            asked = [TopicPartition(topic, partition) for partition in partitions]
            answer = _asked(lambda: self.administrator().list_group_offsets({group: asked})[group], RETRY_COORDINATOR_S)
        return {at.partition: (found.offset, found.metadata or "") for at, found in answer.items() if found.offset >= 0}

    def _one(self, kind: type[Any], **more: Any) -> Any:
        if self._process != os.getpid():
            self._inherited = self._made  # kept: a child must not close its parent's connections
            self._begin()
        with self._lock:
            if kind not in self._made:
                self._made[kind] = _made(kind, **self._common(), **more)
            return self._made[kind]

    def _common(self) -> dict[str, Any]:
        """What every client is given; first asks once whether the broker takes our credentials at all.

        Raises:
            Misconfigured: It does not. A client would try for as long as it is let.
        """
        if not self._admitted:
            self._admitted = True
            if against := refusal(self.settings):
                self._admitted = False
                raise Misconfigured(f"kafka {self.settings.bootstrap}: {against}")
        return {**client_options(self.settings), **_RECONNECT, "bootstrap_timeout_ms": WAIT_MS}


def _made(kind: type[Any], **config: Any) -> Any:
    """A client. One that cannot get in leaves its thread and sockets behind, which are closed here."""
    nets: list[Any] = []

    def net(**settings: Any) -> Any:
        nets.append(KafkaNetClient(**settings))
        return nets[-1]

    try:
        return kind(kafka_client=net, **config)
    except BaseException:
        for one in nets:
            one.close()
        raise


def _asked(ask: Callable[[], Any], patience_s: float) -> Any:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return ask()
        except kafka_errors.RetriableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)


def _close(client: Any) -> None:
    if not isinstance(client, KafkaProducer):
        with suppress(kafka_errors.KafkaError):
            client.close()
        return
    try:
        client.close(timeout=1)
    except kafka_errors.KafkaError:
        # kafka-python 3.0.12 gives up closing where something cannot be flushed: its thread would go on for good, with
        # what is in its queues, and the garbage collector would try to close it again.
        client._sender.force_close()
        client._closed = True
