"""Real servers for the tests of this folder, and an example for others: one of each kind for the whole run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from deploy.local import (
    Elasticsearch,
    Flink,
    Kafka,
    MissingTools,
    elasticsearch_server,
    flink_cluster,
    kafka_server,
)
from deploy.local.artifacts import fetch_all


@contextmanager
def left_out_without_tools() -> Iterator[None]:
    """Leaves tests out where Java or Maven is missing, and says how to get them; in CI that is a failure."""
    try:
        yield
    except MissingTools as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"tests on real servers are left out: {error}")


@pytest.fixture(scope="session")
def programs() -> None:
    """Java, and all servers in the cache; the first run fetches them here, not within a test's deadline."""
    with left_out_without_tools():
        fetch_all()


@pytest.fixture(scope="session")
def elasticsearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elasticsearch]:
    """An Elasticsearch that asks for a password."""
    folder = tmp_path_factory.mktemp("elasticsearch")
    with left_out_without_tools(), elasticsearch_server(folder, security=True) as server:
        yield server


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """A Kafka without topics."""
    with left_out_without_tools(), kafka_server(tmp_path_factory.mktemp("kafka")) as server:
        yield server


@pytest.fixture(scope="session")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flink]:
    """A Flink cluster without jobs."""
    with left_out_without_tools(), flink_cluster(tmp_path_factory.mktemp("flink")) as cluster:
        yield cluster
