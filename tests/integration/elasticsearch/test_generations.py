"""Generations as indices: their contract, and what is Elasticsearch's own of it."""

import threading
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from connectors import memory
from connectors.elasticsearch import Cluster, ElasticsearchSettings, index
from schemas.errors import Misconfigured
from schemas.query.tree import Keyword
from tests.integration.contract.records import aggregate, view
from tests.integration.contract.stores import Ports, Store
from tests.integration.contract.test_generations import *  # noqa: F403 - all of them hold
from tests.integration.elasticsearch.proxy import Request, proxy_before
from tests.integration.elasticsearch.served import Composed, composed, served_store
from tests.waiting import until

RATIFIED = Keyword("type", "ratification")


@pytest.fixture
def apart(superuser: ElasticsearchSettings) -> Iterator[ElasticsearchSettings]:
    """An installation of its own, which is removed; its user may make and delete indices."""
    settings = replace(superuser, prefix="generations")
    with Cluster(settings) as cluster:
        index.create(cluster)
        yield settings
        for name in cluster.client.indices.get(index="generations-*"):
            cluster.client.indices.delete(index=name)


@pytest.fixture
def store(apart: ElasticsearchSettings) -> Iterator[Store]:
    """An empty store, as the contract wants it."""
    with served_store(apart) as store:
        yield store


@pytest.fixture
def ports(store: Store) -> Ports:
    """Its adapters."""
    return store.ports


def _opened(cluster: Cluster) -> Composed:
    return composed(memory.Adapters(), cluster)


def test_no_search_is_ever_empty_while_generations_change(apart: ElasticsearchSettings) -> None:
    """Somebody searches all the time; the answer is the old one's, then the new one's."""
    answers: list[tuple[int, int]] = []
    ended = threading.Event()

    def search() -> None:
        with Cluster(apart) as cluster:
            searcher = _opened(cluster)
            while not ended.is_set():
                answers.append((len(searcher.events.search(RATIFIED)), searcher.events.count(None)))

    def asked_again() -> None:
        asked = len(answers)
        until(lambda: len(answers) > asked + 3)

    searching = threading.Thread(target=search)
    with Cluster(apart) as cluster:
        ports = _opened(cluster)
        ports.events.save([aggregate("agg-1")], [view(f"evt-old{n}") for n in range(3)])
        assert ports.events.count(None) == 3
        searching.start()
        try:
            asked_again()
            generation = ports.generations.begin("new")
            findings = ports.generations.findings(generation)
            findings.save([aggregate("agg-1", cells=1)], [view(f"evt-new{n}") for n in range(5)])
            asked_again()
            ports.generations.switch("upgrade", "detect")
            asked_again()
            ports.generations.finish()
            asked_again()
        finally:
            ended.set()
            searching.join(30)
        assert set(answers) <= {(3, 3), (5, 5), (3, 5)}
        assert answers[0] == (3, 3)
        assert answers[-1] == (5, 5)
        assert dict(ports.events.load(["agg-1"])) == {"agg-1": aggregate("agg-1", version=1, cells=1)}


def test_aliases_say_which_generation_is_which(apart: ElasticsearchSettings) -> None:
    """While one is built, after the switch, and when all is done, when only the serving names are left."""

    def aliases() -> dict[str, set[str]]:
        found = cluster.client.indices.get_alias(index="generations-events-*")
        return {name: set(one["aliases"]) for name, one in found.items()}

    first, second = "generations-events-v1-000001", "generations-events-v1-000002"
    with Cluster(apart) as cluster:
        ports = _opened(cluster)
        ports.generations.begin("new")
        building = {"generations-events-next", "generations-events-g000002"}
        assert aliases() == {first: {"generations-events"}, second: building}
        ports.generations.switch("upgrade", "detect")
        left = {"generations-events-last", "generations-events-g000001"}
        assert aliases() == {first: left, second: {"generations-events"}}
        ports.generations.finish()
        assert aliases() == {second: {"generations-events"}}


def test_an_index_from_before_is_not_taken_for_the_detectors_that_comes(apart: ElasticsearchSettings) -> None:
    """Where nobody had noted who made it."""
    with Cluster(apart) as cluster:
        ports = _opened(cluster)
        ports.events.save([aggregate("agg-1")], [view("evt-one1")])
        ports.generations.wrote("detector 2")
        assert ports.generations.serving().detectors == ("unknown", "detector 2")


def test_who_goes_on_with_a_generation_that_is_gone_writes_nothing(apart: ElasticsearchSettings) -> None:
    """As an upgrade that was paused while another one took over: given up, or serving already."""
    with Cluster(apart) as cluster:
        ports = _opened(cluster)
        for end in (ports.generations.abandon, lambda: ports.generations.switch("upgrade", "detect")):
            generation = ports.generations.begin("new")
            with Cluster(apart, generation=generation.number) as late:
                stale = _opened(late)
                stale.events.save([aggregate("agg-1")], [view("evt-one1")])
                end()
                with pytest.raises(Misconfigured):
                    stale.events.save([aggregate("agg-2")], [view("evt-two2")])
        assert dict(ports.events.load(["agg-1", "agg-2"])) == {"agg-1": aggregate("agg-1", version=1)}
        assert ports.events.count(None) == 1


def test_a_switch_whose_answer_is_lost_is_a_switch(apart: ElasticsearchSettings) -> None:
    """Tried again, its actions no longer hold, which is no error."""
    lost: list[Request] = []

    def lose(request: Request) -> bool:
        if not request.path.startswith("/_aliases") or lost:
            return False
        lost.append(request)
        request.send()
        request.drop()
        return True

    with proxy_before(apart.urls) as proxy, Cluster(replace(apart, urls=proxy.url)) as cluster:
        ports = _opened(cluster)
        generation = ports.generations.begin("new")
        proxy.rule = lose
        ports.generations.switch("upgrade", "detect")
        assert lost
        assert ports.generations.serving() == generation
        assert ports.generations.building() is None
