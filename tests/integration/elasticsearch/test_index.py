"""The indices made, checked, and refused where they are another's."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from connectors.elasticsearch import Cluster, ElasticsearchSettings, index, indices, open_elasticsearch
from connectors.elasticsearch.bulk import Write, bulk
from connectors.elasticsearch.documents import get
from schemas.errors import Misconfigured


@pytest.fixture
def foreign(superuser: ElasticsearchSettings) -> Iterator[Cluster]:
    """A prefix under which there is nothing yet."""
    with Cluster(replace(superuser, prefix="foreign")) as cluster:
        yield cluster
        cluster.client.options(ignore_status=404).indices.delete_index_template(name="foreign-*")
        for name in cluster.client.options(ignore_status=404).indices.get(index="foreign-*"):
            cluster.client.indices.delete(index=name)


def test_create_makes_each_index_behind_its_alias(foreign: Cluster) -> None:
    """Once, also by several at once; done again, nothing changes, and the check passes."""
    with ThreadPoolExecutor(3) as several:
        made = list(several.map(index.create, [foreign] * 3))
    names = {indices.index_name(foreign.settings, kind, 1) for kind in indices.KINDS}
    assert set().union(*made) == names
    assert index.create(foreign) == []
    found = foreign.client.indices.get(index="foreign-*")
    assert set(found) == names
    for kind in indices.KINDS:
        one = found[indices.index_name(foreign.settings, kind, 1)]
        assert list(one["aliases"]) == [f"foreign-{kind}"]
        assert one["settings"]["index"]["number_of_replicas"] == "0"
        assert one["mappings"] == indices.mapping(kind)
    open_elasticsearch(foreign.settings).close()


def test_an_index_that_a_template_makes_is_the_same(foreign: Cluster) -> None:
    """So that whoever makes the next one, the mapping is ours."""
    index.create(foreign)
    foreign.client.indices.create(index="foreign-events-v1-000009")
    made = foreign.client.indices.get(index="foreign-events-v1-000009")["foreign-events-v1-000009"]
    assert made["mappings"] == indices.mapping(indices.EVENTS)
    assert made["settings"]["index"]["gc_deletes"] == "-1"


def test_a_missing_index_is_misconfigured(foreign: Cluster) -> None:
    """At the opening, at a read and at a write; none is made by accident."""
    with pytest.raises(Misconfigured, match="foreign-alerts; `treatywire index create`"):
        open_elasticsearch(foreign.settings)
    with pytest.raises(Misconfigured, match="no such index"):
        get(foreign, indices.LEASES, ["a"])
    with pytest.raises(Misconfigured, match="no such index"):
        bulk(foreign, [Write(indices.LEASES, "a", b"{}")])
    with pytest.raises(Misconfigured, match="no such index"):
        foreign.search(indices.EVENTS, {})
    assert not foreign.client.indices.exists(index="foreign-leases")


@pytest.mark.parametrize(
    ("mappings", "said"),
    [
        (None, "dynamic is true, and must be strict"),
        ({"dynamic": "strict", "properties": {"name": {"type": "keyword"}}}, "there is no field holder"),
        (
            indices.mapping(indices.LEASES)
            | {"properties": indices.PROPERTIES[indices.LEASES] | {"token": {"type": "text"}}},
            "field token is type text, and must be type long",
        ),
        (
            indices.mapping(indices.LEASES)
            | {"properties": indices.PROPERTIES[indices.LEASES] | {"zeal": {"type": "text"}}},
            "there is a field zeal",
        ),
    ],
)
def test_a_foreign_mapping_is_misconfigured(foreign: Cluster, mappings: dict[str, object] | None, said: str) -> None:
    """The message names the index and the difference; create does not touch it."""
    foreign.client.indices.create(index="foreign-theirs", aliases={"foreign-leases": {}}, mappings=mappings)
    for call in (index.create, index.check):
        with pytest.raises(Misconfigured, match=f"foreign-theirs: {said}"):
            call(foreign)


def test_an_index_in_the_place_of_an_alias_is_misconfigured(foreign: Cluster) -> None:
    """It may be anybody's."""
    foreign.client.indices.create(index="foreign-feeds")
    with pytest.raises(Misconfigured, match="foreign-feeds is an index"):
        index.create(foreign)


def test_an_alias_of_two_indices_is_misconfigured(foreign: Cluster) -> None:
    """A write would not know where to go."""
    index.create(foreign)
    foreign.client.indices.create(index="foreign-more", aliases={"foreign-feeds": {"is_write_index": False}})
    with pytest.raises(Misconfigured, match=r"foreign-feeds leads to foreign-feeds-v1-000001 and foreign-more"):
        index.check(foreign)


def test_templates_keep_the_number_of_replicas_that_is_set() -> None:
    """One node has none."""
    settings = ElasticsearchSettings(urls="http://localhost:9200", replicas=2)
    for template in indices.templates(settings).values():
        assert template["template"]["settings"]["index"]["number_of_replicas"] == 2
    assert indices.index_settings(replace(settings, replicas=0), indices.FEEDS)["number_of_replicas"] == 0
