"""Fixtures over one real Kafka and one real Elasticsearch, both of which ask for a password at one of their doors."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from connectors.sqlite import Adapters, open_database
from deploy.local import Elasticsearch, elasticsearch_server
from tests.integration.kafka.conftest import pytest_configure, pytest_unconfigure
from tests.integration.kafka.server import GuardedKafka
from tests.integration.served.installation import ARTICLES, Install, Installation, found
from tests.process_tree import command

__all__ = ["pytest_configure", "pytest_unconfigure"]


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuardedKafka]:
    """A broker for all tests here; a test that stops it lets it run again."""
    server = GuardedKafka(tmp_path_factory.mktemp("kafka"))
    try:
        server.up()
        yield server
    finally:
        server.down(keep_logs=True)


@pytest.fixture(scope="session")
def elasticsearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elasticsearch]:
    """A node for all tests here."""
    with elasticsearch_server(tmp_path_factory.mktemp("elasticsearch"), security=True) as server:
        yield server


@pytest.fixture
def install(kafka: GuardedKafka, elasticsearch: Elasticsearch, tmp_path: Path) -> Iterator[Install]:
    """Makes installations: topics and indices of their own, whose processes end with the test."""
    with ExitStack() as stack:

        def made(partitions: int = 4) -> Installation:
            folder = tmp_path / f"installation-{len(list(tmp_path.iterdir()))}"
            folder.mkdir()
            installation = stack.enter_context(Installation(folder, kafka, elasticsearch, partitions))
            installation.create()
            return installation

        yield made


@pytest.fixture
def installation(install: Install) -> Installation:
    """One with four partitions."""
    return install()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The events that the embedded program finds in `ARTICLES`, with nobody in its way."""
    folder = tmp_path_factory.mktemp("undisturbed")
    adapters = Adapters(open_database(folder / "treatywire.sqlite3"))
    adapters.articles.append(ARTICLES)
    assert command(folder, "job", "detect", "--until-idle").returncode == 0
    return found(adapters)
