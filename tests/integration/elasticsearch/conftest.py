"""One Elasticsearch for all tests here, emptied for each."""

import os
from collections.abc import Iterator

import pytest

from connectors.elasticsearch import Cluster, ElasticsearchSettings, index
from connectors.elasticsearch.patience import Patience
from deploy.local import Elasticsearch, elasticsearch_server
from tests.integration.contract.stores import Ports, Store
from tests.integration.elasticsearch.served import emptied, served_store

IMPATIENT = Patience(seconds=0.3)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elasticsearch]:
    """A node without security."""
    if folder := os.environ.get("LAB"):
        yield Elasticsearch(folder)
        return
    with elasticsearch_server(tmp_path_factory.mktemp("elasticsearch")) as server:
        yield server


@pytest.fixture(scope="session")
def settings(server: Elasticsearch) -> ElasticsearchSettings:
    """Where it is; the indices are made."""
    settings = ElasticsearchSettings(urls=server.url, prefix="contract", replicas=0)
    with Cluster(settings) as cluster:
        index.create(cluster)
    return settings


@pytest.fixture
def cluster(settings: ElasticsearchSettings) -> Iterator[Cluster]:
    """A connection to empty indices."""
    with Cluster(settings, patience=IMPATIENT) as cluster:
        emptied(cluster)
        yield cluster


@pytest.fixture
def store(cluster: Cluster) -> Iterator[Store]:
    """An empty store, as the contract wants it: its logs are in memory."""
    with served_store(cluster.settings) as store:
        yield store


@pytest.fixture
def ports(store: Store) -> Ports:
    """Its adapters."""
    return store.ports
