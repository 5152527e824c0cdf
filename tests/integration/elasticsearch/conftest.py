"""One Elasticsearch for all tests here, emptied for each."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from connectors.elasticsearch import Cluster, ElasticsearchSettings, index, rights
from connectors.elasticsearch.patience import Patience
from deploy.local import Elasticsearch, elasticsearch_server
from schemas.errors import Misconfigured
from tests.integration.contract.stores import Ports, Store
from tests.integration.elasticsearch.served import emptied, served_store
from tests.waiting import until

IMPATIENT = Patience(seconds=0.3)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elasticsearch]:
    """A node with security on: all that is tested here, the least rights suffice for."""
    with elasticsearch_server(tmp_path_factory.mktemp("elasticsearch"), security=True) as server:
        yield server


@pytest.fixture(scope="session")
def superuser(server: Elasticsearch) -> ElasticsearchSettings:
    """The connection of one who may do anything."""
    return ElasticsearchSettings(
        urls=server.url, user=server.user, password=server.password, prefix="contract", replicas=0
    )


@pytest.fixture(scope="session")
def settings(server: Elasticsearch, superuser: ElasticsearchSettings) -> ElasticsearchSettings:
    """The connection of a worker; the indices are made."""
    server.add_role("contract-worker", rights.worker("contract"))
    server.add_user("contract", "password", ["contract-worker"])
    with Cluster(superuser) as cluster:
        index.create(cluster)
    settings = replace(superuser, user="contract", password="password")
    with Cluster(settings) as cluster:
        until(lambda: _is_known(cluster))
    return settings


def _is_known(cluster: Cluster) -> bool:
    """Whether the server has read of this user and its role."""
    try:
        index.check(cluster)
    except Misconfigured:
        return False
    return True


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
