"""A new generation is built while the old one serves."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from connectors import memory
from connectors.elasticsearch import Cluster, ElasticsearchSettings, generations, index, open_elasticsearch
from schemas.errors import Misconfigured
from schemas.query.tree import Keyword
from schemas.state import DossierState
from tests.integration.contract.records import NOON, aggregate, dossier, view
from tests.integration.elasticsearch.served import Composed, composed
from tests.waiting import until

RATIFIED = Keyword("type", "ratification")


@pytest.fixture
def apart(superuser: ElasticsearchSettings) -> Iterator[ElasticsearchSettings]:
    """An installation of its own, which is removed."""
    settings = replace(superuser, prefix="generations")
    with Cluster(settings) as cluster:
        index.create(cluster)
        yield settings
        for name in cluster.client.indices.get(index="generations-*"):
            cluster.client.indices.delete(index=name)


def _ports(settings: ElasticsearchSettings, *, building: bool = False) -> Composed:
    return composed(memory.Adapters(), open_elasticsearch(settings, building=building))


def test_no_search_is_ever_empty_while_generations_change(apart: ElasticsearchSettings) -> None:
    """Somebody searches all the time; the answer is the old one's, then the new one's."""
    serving = _ports(apart)
    serving.events.save([aggregate("agg-1")], [view(f"evt-old{n}") for n in range(3)])
    answers: list[tuple[int, int]] = []
    ended = threading.Event()

    def search() -> None:
        with Cluster(apart) as cluster:
            searcher = composed(memory.Adapters(), cluster)
            while not ended.is_set():
                answers.append((len(searcher.events.search(RATIFIED)), searcher.events.count(None)))

    searching = threading.Thread(target=search)
    searching.start()
    try:
        until(lambda: len(answers) > 3)
        generations.begin(serving.served.cluster)
        building = _ports(apart, building=True)
        assert building.events.load(["agg-1"]) == {}
        building.events.save([aggregate("agg-1", cells=1)], [view(f"evt-new{n}") for n in range(5)])
        assert serving.events.count(None) == 3
        asked = len(answers)
        until(lambda: len(answers) > asked + 3)
        generations.switch(serving.served.cluster)
        asked = len(answers)
        until(lambda: len(answers) > asked + 3)
        assert generations.finish(serving.served.cluster) == [
            "generations-states-v1-000001",
            "generations-events-v1-000001",
        ]
        asked = len(answers)
        until(lambda: len(answers) > asked + 3)
    finally:
        ended.set()
        searching.join(30)
    assert set(answers) <= {(3, 3), (5, 5), (3, 5)}
    assert answers[0] == (3, 3)
    assert answers[-1] == (5, 5)
    assert dict(serving.events.load(["agg-1"])) == {"agg-1": aggregate("agg-1", version=1, cells=1)}


def test_each_step_may_be_done_again(apart: ElasticsearchSettings) -> None:
    """As after a crash; steps out of their order are refused, and so is a switch to nothing."""
    with Cluster(apart) as cluster:
        _ports(apart).events.save([aggregate("agg-1")], [view("evt-old1")])
        with pytest.raises(Misconfigured, match="was begun"):
            generations.switch(cluster)
        begun = generations.begin(cluster)
        assert begun == {"states": "generations-states-v1-000002", "events": "generations-events-v1-000002"}
        assert generations.begin(cluster) == begun
        with pytest.raises(Misconfigured, match="is empty"):
            generations.switch(cluster)
        with pytest.raises(Misconfigured, match="does not serve yet"):
            generations.finish(cluster)
        _ports(apart, building=True).events.save([aggregate("agg-2")], [view("evt-new1")])
        generations.switch(cluster)
        generations.switch(cluster)
        with pytest.raises(Misconfigured, match="finish it first"):
            generations.begin(cluster)
        assert len(generations.finish(cluster)) == 2
        assert generations.finish(cluster) == []
        assert [hit.event.id for hit in _ports(apart).events.search(None)] == ["evt-new1"]


def test_what_is_older_than_the_log_is_carried_over(apart: ElasticsearchSettings) -> None:
    """Events and their states; what the new generation found itself stays.

    What it no longer finds is not brought back where the log still holds the articles.
    """
    long_ago = NOON - timedelta(days=200)
    serving = _ports(apart)
    old = aggregate("agg-old", cells=1)
    old = replace(old, cells={"cell-0": replace(old.cells["cell-0"], last_seen=long_ago)})
    known = DossierState(id="dos-old", events={"agg-old": ()})
    serving.events.save(
        [old, known, aggregate("agg-now", cells=1), dossier("dos-now")],
        [
            view("evt-old1", first_seen=long_ago, revision=9),
            view("evt-both", first_seen=long_ago, revision=9),
            view("evt-now1"),
        ],
    )
    generations.begin(serving.served.cluster)
    building = _ports(apart, building=True)
    building.events.save([], [view("evt-both")])
    with_both = (serving.served.cluster, building.served.cluster)
    assert generations.carry_over(*with_both, NOON - timedelta(days=90)) == 3
    assert generations.carry_over(*with_both, NOON - timedelta(days=90)) == 0
    generations.switch(serving.served.cluster)
    assert set(serving.events.load(["agg-old", "dos-old", "agg-now", "dos-now"])) == {"agg-old", "dos-old"}
    assert {hit.event.id: hit.event.revision for hit in serving.events.search(None)} == {"evt-old1": 9, "evt-both": 1}
