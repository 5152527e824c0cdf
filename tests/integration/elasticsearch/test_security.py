"""A server that asks who we are: users with the least rights, and without them."""

import pytest
from msgspec.structs import replace

from connectors import memory
from connectors.elasticsearch import Cluster, ElasticsearchSettings, index, open_elasticsearch, rights
from deploy.local import Elasticsearch
from schemas.errors import Misconfigured
from schemas.ports import Position
from schemas.query.tree import Words
from tests.integration.contract.records import MINUTE, NOON, aggregate, alert, development, dossier, subscription, view
from tests.integration.elasticsearch.served import composed
from tests.waiting import until

WORKER, ADMINISTRATOR, STRANGER = "wire-worker", "wire-administrator", "stranger"


@pytest.fixture(scope="module")
def secured(server: Elasticsearch) -> Elasticsearch:
    """A node with security, and three users."""
    server.add_role("worker", rights.worker("wire"))
    server.add_role("administrator", rights.administrator("wire"))
    server.add_role("elsewhere", rights.worker("other"))
    for user, role in ((WORKER, "worker"), (ADMINISTRATOR, "administrator"), (STRANGER, "elsewhere")):
        server.add_user(user, f"password of {user}", [role])
    return server


def _as(server: Elasticsearch, user: str) -> ElasticsearchSettings:
    return ElasticsearchSettings(urls=server.url, prefix="wire", replicas=0, user=user, password=f"password of {user}")


def test_the_least_rights_suffice(secured: Elasticsearch) -> None:
    """The administrator makes and switches, the worker does everything else."""
    administrator, worker = _as(secured, ADMINISTRATOR), _as(secured, WORKER)

    def made() -> bool:
        with Cluster(administrator) as cluster:
            try:
                index.create(cluster)
            except Misconfigured:  # its user is not known yet
                return False
        return True

    until(made)
    with open_elasticsearch(worker) as cluster:
        ports = composed(memory.Adapters(), cluster)
        ports.events.save([aggregate("agg-1", outbox=(development(1),)), dossier("dos-one")], [view("evt-aaaa")])
        ports.events.save([], [view("evt-bbbb")], retired=["evt-aaaa"], position=Position("detect", 1))
        assert [hit.event.id for hit in ports.events.search(Words("text", ("treati",)))] == ["evt-bbbb"]
        assert len(ports.events.search(None, limit=5000)) == 1
        assert ports.events.count(None) == 1
        assert ports.events.event("evt-bbb") is None
        assert ports.events.event("evt-bbbb") is not None
        assert ports.events.dossier("dos-o") is not None
        ports.events.mark_published([(state, one.id) for state, one in ports.events.unpublished(9)])
        ports.subscriptions.add(subscription("sub-one"))
        ports.ledger.record([alert(1)])
        assert list(ports.ledger.due(NOON, 9)) == [alert(1)]
        assert ports.subscriptions.remove("sub-one")
        ports.feeds.known(["a"])
        assert ports.leases.acquire("a", "b", MINUTE, NOON) is not None
    with Cluster(administrator) as cluster:
        switching = composed(memory.Adapters(), cluster).generations
        generation = switching.begin("new")
        with Cluster(worker, generation=generation.number) as building:
            composed(memory.Adapters(), building).events.save([aggregate("agg-2")], [view("evt-cccc")])
        switching.switch("upgrade", "detect")
        with open_elasticsearch(worker) as serving:
            asked = composed(memory.Adapters(), serving).generations
            asked.wrote("newer")
            assert asked.serving().detectors == ("new", "newer")
        switching.finish()
    with open_elasticsearch(worker) as cluster:
        assert composed(memory.Adapters(), cluster).events.event("evt-cccc") is not None
        with pytest.raises(Misconfigured, match="lacks a right"):
            index.create(cluster)


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"user": "nobody"}, {"user": None, "password": None}])
def test_a_wrong_user_or_password_is_misconfigured(secured: Elasticsearch, given: dict[str, str | None]) -> None:
    """The message says what to check, and tells no password."""
    settings = replace(_as(secured, WORKER), **given)
    with pytest.raises(Misconfigured, match=r"401.*user and password|401.*none is given") as refused:
        open_elasticsearch(settings)
    assert "password of" not in str(refused.value)


def test_a_user_without_rights_here_is_misconfigured(secured: Elasticsearch) -> None:
    """At the opening, at a read and at a write."""
    stranger = _as(secured, STRANGER)
    with pytest.raises(Misconfigured, match=r"403|no alias"):
        open_elasticsearch(stranger)
    with Cluster(stranger) as cluster:
        ports = composed(memory.Adapters(), cluster)
        for call in (
            lambda: ports.events.save([aggregate("agg-1")], []),
            lambda: ports.events.save([], [view("evt-aaaa")]),
            lambda: ports.events.count(None),
            lambda: ports.leases.acquire("a", "b", MINUTE, NOON),
        ):
            with pytest.raises(Misconfigured, match=r"403|unauthorized"):
                call()
