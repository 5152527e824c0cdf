"""Elasticsearch as `deploy.local` runs it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local import Elasticsearch, ServerFailed, elasticsearch_server
from tests.integration.servers.conftest import left_out_without_tools
from tests.waiting import until


@pytest.fixture
def client(elasticsearch: Elasticsearch) -> Iterator[httpx.Client]:
    """The superuser."""
    assert elasticsearch.user
    assert elasticsearch.password
    with client_of(elasticsearch, elasticsearch.user, elasticsearch.password) as client:
        yield client


def client_of(elasticsearch: Elasticsearch, user: str, password: str) -> httpx.Client:
    """Somebody who knows a name and a password."""
    return httpx.Client(base_url=elasticsearch.url, auth=(user, password), trust_env=False, timeout=60)


def test_a_new_node_is_green(elasticsearch: Elasticsearch, client: httpx.Client) -> None:
    """Its own health and what the server object says of it agree."""
    assert client.get("/_cluster/health").json()["status"] == "green"
    assert elasticsearch.health() == {"node": "green"}
    assert elasticsearch.healthy


def test_a_document_that_is_indexed_can_be_got_and_searched(client: httpx.Client) -> None:
    """Both answers hold what was put in."""
    assert client.put("/treaties/_doc/npt?refresh=true", json={"name": "Non-Proliferation"}).status_code == 201
    assert client.get("/treaties/_doc/npt").json()["_source"] == {"name": "Non-Proliferation"}
    hits = client.get("/treaties/_search?q=name:proliferation").json()["hits"]["hits"]
    assert [hit["_id"] for hit in hits] == ["npt"]


def test_a_wrong_password_is_refused(elasticsearch: Elasticsearch) -> None:
    """So is none at all."""
    with client_of(elasticsearch, "elastic", "wrong") as stranger:
        assert stranger.get("/_cluster/health").status_code == 401
    assert httpx.get(f"{elasticsearch.url}/_cluster/health", trust_env=False).status_code == 401


def test_a_user_has_the_rights_of_its_role_and_no_others(elasticsearch: Elasticsearch, client: httpx.Client) -> None:
    """A reader of one index reads it, and neither writes it nor reads another."""
    for index in ("open", "closed"):
        client.put(f"/{index}/_doc/1?refresh=true", json={})
    elasticsearch.add_role("reader", {"indices": [{"names": ["open"], "privileges": ["read"]}]})
    elasticsearch.add_user("ruth", "long-enough", ["reader"])
    with client_of(elasticsearch, "ruth", "long-enough") as ruth:
        until(lambda: ruth.get("/open/_doc/1").status_code == 200)
        assert ruth.get("/closed/_doc/1").status_code == 403
        assert ruth.put("/open/_doc/2", json={}).status_code == 403


def test_a_killed_node_comes_back_at_its_address_with_its_documents(
    elasticsearch: Elasticsearch, client: httpx.Client
) -> None:
    """What was acknowledged before a SIGKILL is there after it."""
    client.put("/kept/_doc/1", json={"kept": True}).raise_for_status()
    url, killed = elasticsearch.url, elasticsearch.pid
    elasticsearch.kill()
    assert elasticsearch.health() == {"node": "down"}
    with pytest.raises(httpx.TransportError):
        client.get("/_cluster/health")
    elasticsearch.restart()
    assert elasticsearch.url == url
    assert elasticsearch.pid != killed
    assert client.get("/kept/_doc/1").json()["_source"] == {"kept": True}


def test_a_node_that_does_not_start_shows_its_log_and_leaves_nothing(tmp_path: Path) -> None:
    """The setting that it refuses is named."""
    broken = elasticsearch_server(tmp_path, settings={"no.such.setting": "1"})
    with left_out_without_tools(), pytest.raises(ServerFailed, match=r"unknown setting \[no.such.setting\]"), broken:
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["elasticsearch.log"]
