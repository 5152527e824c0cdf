"""Fixtures over one real Kafka."""

import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from connectors import memory
from connectors.kafka import KafkaAdapters, KafkaSettings, create
from schemas.errors import TreatywireError
from tests.integration.contract.stores import Ports, Store
from tests.integration.kafka.server import GuardedKafka

KEEP = timedelta(days=90)
Install = Callable[..., KafkaSettings]
Connect = Callable[[KafkaSettings], KafkaAdapters]


LEAK = "Exception ignored in. <socket.socket"
"""kafka-python 3.0.12 does not close a connection that it fails to make; it is said when that is collected."""


def pytest_configure(config: pytest.Config) -> None:
    """Passes over that in tests."""
    config.addinivalue_line("filterwarnings", f"ignore:{LEAK}:pytest.PytestUnraisableExceptionWarning")


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure() -> None:
    """Passes over that after the last test, where the filters of tests are not in force."""
    warnings.filterwarnings("ignore", LEAK, pytest.PytestUnraisableExceptionWarning)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedKafka]:
    """One broker for all tests; a test that kills it leaves it running."""
    folder: Path = tmp_path_factory.mktemp("kafka")
    kafka = GuardedKafka(folder)
    try:
        kafka.up()
        yield kafka
    finally:
        kafka.down()


@pytest.fixture
def install(broker: GuardedKafka) -> Install:
    """Makes the topics of a new installation with so many partitions for articles."""

    def made(article_partitions: int = 1) -> KafkaSettings:
        settings = broker.settings(f"t{uuid.uuid4().hex[:12]}", article_partitions=article_partitions)
        with opened(settings) as adapters:
            create(adapters.client, KEEP)
        return settings

    return made


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Adapters as one process has them, closed after the test."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(opened(settings))


@contextmanager
def opened(settings: KafkaSettings) -> Iterator[KafkaAdapters]:
    """Adapters, closed at the end."""
    adapters = KafkaAdapters(settings)
    try:
        yield adapters
    finally:
        with suppress(TreatywireError):
            adapters.close()


@pytest.fixture
def store(install: Install) -> Iterator[Store]:
    """Topics of one partition each, as the contract test takes them; what Kafka does not store is in memory."""
    settings = install()
    processes = [KafkaAdapters(settings)]
    others = memory.Adapters()

    def ports() -> Ports:
        others.articles = processes[-1].articles
        others.developments = processes[-1].developments
        others.dead_letters = processes[-1].dead_letters
        others.followed = processes[-1].followed
        return others

    def reopen() -> Ports:
        processes.pop().close()
        processes.append(KafkaAdapters(settings))
        return ports()

    try:
        yield Store(ports(), reopen)
    finally:
        processes.pop().close()


@pytest.fixture
def ports(store: Store) -> Ports:
    """The adapters of new topics."""
    return store.ports
