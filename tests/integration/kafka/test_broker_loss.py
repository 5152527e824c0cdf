"""The broker is killed: what it acknowledged is there afterwards, and nobody is silent about its absence."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from msgspec.structs import replace

from connectors.kafka import KafkaAdapters
from connectors.kafka.client import Client
from connectors.kafka.library import KafkaProducer
from schemas.article import Article
from schemas.errors import Unavailable
from schemas.ports import ArticleLog, Reader
from tests.integration.contract.records import article, letter
from tests.integration.kafka.conftest import Connect, Install
from tests.integration.kafka.server import GuardedKafka
from tests.waiting import until

BATCH = 20
SAYS_SO_S = 10
BACK_S = 15
"""After the broker serves clients again; the client alone would take up to 50."""


class Writer:
    """Appends batches of numbered articles, each again until it is acknowledged."""

    def __init__(self, log: ArticleLog) -> None:
        self._log = log
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.acknowledged = 0
        self.refused = 0

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            batch = [article(self.acknowledged + number) for number in range(BATCH)]
            try:
                self._log.append(batch)
                self.acknowledged += BATCH
            except Unavailable:
                self.refused += 1


@pytest.fixture
def broker_up(broker: GuardedKafka) -> Iterator[GuardedKafka]:
    """The broker, which runs again afterwards whatever the test did."""
    yield broker
    if not broker.healthy:
        broker.restart()


def said(reader: Reader[Article]) -> str:
    """What the reader raises, as it works, once it does."""
    try:
        batch = reader.read(10)
        if batch:
            reader.commit(batch[-1].offset)
    except Unavailable as error:
        return str(error)
    return ""


@pytest.mark.timeout(240)
def test_what_was_acknowledged_survives_kill_of_the_broker_in_order(
    broker_up: GuardedKafka, install: Install, connect: Connect
) -> None:
    """Three kills in mid-append; the reader says within ten seconds that the broker is gone, and goes on by itself."""
    adapters = connect(install())
    reader = adapters.articles.reader("detect")
    with Writer(adapters.articles) as writer:
        for _ in range(3):
            before = writer.acknowledged
            until(lambda: writer.acknowledged > before + 10 * BATCH)  # noqa: B023 - asked at once
            reader.commit(reader.read(BATCH)[-1].offset)
            until(lambda: adapters.articles.reader("detect").read(1))
            position = reader.position()
            broker_up.kill()
            killed = time.monotonic()
            assert "kafka 127.0.0.1" in until(lambda: said(reader), SAYS_SO_S)
            assert time.monotonic() - killed < SAYS_SO_S
            broker_up.restart()
            until(lambda: not said(reader) and reader.position() > position, BACK_S)  # noqa: B023 - asked at once
    assert writer.refused > 0
    found = until(lambda: all_of(adapters, writer.acknowledged))
    first_seen = list(dict.fromkeys(found))
    assert first_seen[: writer.acknowledged] == [article(number).id for number in range(writer.acknowledged)]


def all_of(adapters: KafkaAdapters, least: int) -> list[str]:
    """Every article of the log, in order; empty while there are fewer than so many."""
    reader = adapters.articles.reader("all")
    batch = reader.read(100_000)
    found = [entry.record.id for entry in batch if isinstance(entry.record, Article)]
    return found if len(set(found)) >= least else []


def test_everything_says_that_there_is_no_broker(broker_up: GuardedKafka, install: Install, connect: Connect) -> None:
    """Each in ten seconds, a new process as well as one that was connected; and all goes on afterwards."""
    settings = install()
    old, new = connect(settings), connect(settings)
    old.articles.append([article(1)])
    old.dead_letters.add([letter(1)])
    assert old.articles.reader("detect").read(1)
    broker_up.kill()
    uses: list[Callable[[], object]] = [
        lambda: old.articles.append([article(2)]),
        lambda: old.articles.reader("detect").commit(1),
        lambda: old.dead_letters.count(),
        lambda: new.articles.end(),
        lambda: new.articles.reader("new").read(1),
    ]
    for use in uses:
        began = time.monotonic()
        with pytest.raises(Unavailable, match=r"kafka 127\.0\.0\.1:\d+: "):
            use()
        assert time.monotonic() - began < SAYS_SO_S
    broker_up.restart()
    for adapters in (old, new):
        until(partial(appended, adapters), BACK_S)
        assert adapters.dead_letters.count() == {letter(1).stage: 1}


def appended(adapters: KafkaAdapters) -> bool:
    """Whether an append is acknowledged."""
    try:
        adapters.articles.append([article(3)])
    except Unavailable:
        return False
    return True


def test_a_client_that_never_connected_names_the_address(connect: Connect, install: Install) -> None:
    """Nobody listens there."""
    client = Client(replace(install(), bootstrap="127.0.0.1:9"))
    with pytest.raises(Unavailable, match=r"kafka 127\.0\.0\.1:9: ask for t"):
        client.ends(client.settings.articles)


def test_a_broker_that_stalls_is_said_to_be_away(broker_up: GuardedKafka, install: Install, connect: Connect) -> None:
    """Its port is open and nothing comes, as when a network swallows packets; afterwards all goes on."""
    adapters = connect(install())
    adapters.articles.append([article(1)])
    reader = adapters.articles.reader("detect")
    reader.commit(reader.read(1)[0].offset)
    assert reader.read(1) == []
    os.kill(broker_up.pid, signal.SIGSTOP)
    try:
        stalled = time.monotonic()
        with pytest.raises(Unavailable):
            reader.read(1)
        assert time.monotonic() - stalled < SAYS_SO_S
    finally:
        os.kill(broker_up.pid, signal.SIGCONT)
    until(partial(appended, adapters), BACK_S)
    until(lambda: not said(reader) and reader.position() > 1, BACK_S)


def test_a_producer_that_is_dropped_with_unsent_records_is_gone(broker_up: GuardedKafka, install: Install) -> None:
    """With its thread: an outage leaves nothing behind, and what was given up is not sent after all."""
    settings = install()
    client = Client(settings)
    client.producer().send(settings.articles, value=b"1").get(timeout=BACK_S)
    os.kill(broker_up.pid, signal.SIGSTOP)
    try:
        client.producer().send(settings.articles, value=b"2")
        client.drop(KafkaProducer)
        sender = f"{settings.prefix}-network-thread"
        until(lambda: sender not in [thread.name for thread in threading.enumerate()])
    finally:
        os.kill(broker_up.pid, signal.SIGCONT)
    client.close()
