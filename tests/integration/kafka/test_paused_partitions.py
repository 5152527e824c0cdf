"""What was fetched of a partition that was not asked for meanwhile is given later."""

from collections.abc import Iterator

import pytest

from connectors.kafka import KafkaSettings
from connectors.kafka.client import Client
from connectors.kafka.ownership import Ownership
from schemas.errors import Unavailable
from tests.integration.contract.records import article
from tests.integration.kafka.conftest import Connect, Install
from tests.waiting import until

ARTICLES = 60


@pytest.fixture
def settings(install: Install, connect: Connect) -> KafkaSettings:
    """Of a log with two partitions, both of which have articles."""
    settings = install(article_partitions=2)
    adapters = connect(settings)
    adapters.articles.append([article(number) for number in range(ARTICLES)])
    assert all(end > 10 for end in adapters.client.ends(settings.articles).values())
    return settings


@pytest.fixture
def ownership(settings: KafkaSettings) -> Iterator[Ownership]:
    """The only member of a group."""
    client = Client(settings)
    ownership = Ownership(client, settings.articles, f"{settings.articles}.test", lambda _: None)
    until(lambda: ownership.poll((), 0, 0.1) or ownership.owned.keys() == {0, 1})
    yield ownership
    ownership.member.close()
    client.close()


def taken(ownership: Ownership, partitions: set[int], limit: int) -> list[tuple[int, int]]:
    """(partition, offset) of what one poll gives."""
    records = ownership.poll(partitions, limit, 0.2)
    for record in records:
        ownership.owned[record.partition].next = record.offset + 1
    return [(record.partition, record.offset) for record in records]


@pytest.mark.parametrize("first", [0, 1])
def test_a_partition_that_is_paused_with_entries_at_hand_gives_them_afterwards(
    ownership: Ownership, settings: KafkaSettings, first: int
) -> None:
    """As where those of another, in which a process died, must come before: each of its entries, once."""
    ends = ownership._client.ends(settings.articles)
    found = until(lambda: taken(ownership, {first}, 1))
    other = 1 - first
    while len([place for place in found if place[0] == other]) < ends[other]:
        found += until(lambda: taken(ownership, {other}, 1000))

    def all_came() -> bool:
        found.extend(taken(ownership, {0, 1}, 1000))
        return len(found) >= ARTICLES

    until(all_came, 10)
    assert sorted(found) == [(partition, offset) for partition in (0, 1) for offset in range(ends[partition])]


def test_entries_that_came_with_a_question_that_failed_come_again(
    ownership: Ownership, settings: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While partitions arrive, the broker is asked where they stand; what came beside must not go with its silence."""
    first = until(lambda: taken(ownership, {0, 1}, 1))
    ((partition, _),) = first
    del ownership.owned[1 - partition]  # it arrives anew

    def silent(*_: object) -> None:
        raise Unavailable("away")

    with monkeypatch.context() as patched:
        patched.setattr(ownership._client, "committed", silent)
        for _ in range(3):
            with pytest.raises(Unavailable):
                ownership.poll({partition}, 5, 0.2)
    again = until(lambda: taken(ownership, {partition}, 5))
    assert again[0] == (partition, 1)
