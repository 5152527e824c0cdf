"""The articles topic changes under a job: entries are deleted, partitions added, the topic is made anew."""

from collections.abc import Sequence
from typing import Any

import pytest

from connectors.kafka.library import TopicPartition
from schemas.article import Article
from schemas.errors import Unavailable
from schemas.ports import InFlight, Partitions, Standing
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected, Installation
from tests.waiting import until


def administrator(installed: Installation) -> Any:
    """Of the broker."""
    return installed.adapters.kafka.client.administrator()


def ends(installed: Installation) -> dict[TopicPartition, int]:
    """The next offset of each partition."""
    topic = installed.adapters.kafka.settings.articles
    return {
        TopicPartition(topic, partition): end for partition, end in installed.adapters.kafka.client.ends(topic).items()
    }


def delete_all(installed: Installation) -> None:
    """As retention does: offsets go on."""
    administrator(installed).delete_records(ends(installed))


@pytest.mark.timeout(280)
def test_a_job_goes_on_behind_what_was_deleted_and_reads_partitions_that_were_added(install: Install) -> None:
    """Its savepoint names offsets that are gone; later the topic gets more partitions while it runs."""
    installed = install(article_partitions=2)
    articles = list(stream(400, relevant=0.3, size=800))
    before, deleted, after, added = (articles[at : at + 100] for at in range(0, 400, 100))
    installed.append(before)
    job = installed.start()
    installed.await_all(Expected(before))
    savepoint = installed.cluster.stop(job.id)
    installed.append(deleted)
    delete_all(installed)
    installed.append(after)
    installed.start(savepoint)
    installed.await_all(Expected([*before, *after]))
    administrator(installed).create_partitions({installed.adapters.kafka.settings.articles: 5})
    until(lambda: len(ends(installed)) == 5)
    installed.adapters.kafka.client.close()  # a producer notices new partitions within a minute
    installed.append(added)
    assert all(end > 0 for end in ends(installed).values())
    installed.await_all(Expected([*before, *after, *added]))
    assert installed.repeated() == 0


@pytest.fixture
def installed(install: Install) -> Installation:
    """Topics alone, of one partition for articles."""
    return install(article_partitions=1)


@pytest.fixture
def partitions(installed: Installation) -> Partitions[Article]:
    """What a worker reads."""
    return installed.adapters.kafka.article_partitions


def portions(partitions: Partitions[Article], offset: int, count: int) -> tuple[Sequence[object], int]:
    """(articles, how many were lost) from an offset on."""
    found: list[object] = []
    lost = 0

    def enough() -> bool:
        nonlocal offset, lost
        portion = partitions.read(0, offset, 7)
        found.extend(entry.record for entry in portion.entries)
        offset, lost = portion.next, lost + portion.lost
        return len(found) >= count

    until(enough, 20)
    return found, lost


def test_entries_come_in_order_from_any_offset(installed: Installation, partitions: Partitions[Article]) -> None:
    """Again, too; at the end there are none."""
    articles = list(stream(30))
    installed.append(articles)
    assert portions(partitions, 0, 30) == (articles, 0)
    assert portions(partitions, 12, 18) == (articles[12:], 0)
    assert (partitions.read(0, 30, 10).entries, partitions.read(0, 30, 10).next) == ([], 30)


def test_what_was_deleted_is_passed_over_and_counted(installed: Installation, partitions: Partitions[Article]) -> None:
    """Also where nothing has come since."""
    articles = list(stream(30))
    installed.append(articles[:20])
    assert portions(partitions, 0, 5)[1] == 0
    delete_all(installed)
    until(lambda: partitions.read(0, 5, 10).next == 20)
    installed.append(articles[20:])
    assert portions(partitions, 5, 10) == (articles[20:], 15)


def test_a_topic_that_was_made_anew_is_read_from_its_start(
    installed: Installation, partitions: Partitions[Article]
) -> None:
    """The offset of the old one lies behind its end."""
    articles = list(stream(3))
    installed.append(articles)
    assert portions(partitions, 500, 3) == (articles, 0)


def test_a_reader_stands_where_it_was_put_with_what_it_had_begun(
    installed: Installation, partitions: Partitions[Article]
) -> None:
    """At first where the topic begins; a member of its group finds both, and keeps others from moving it."""
    installed.append(list(stream(30)))
    assert partitions.standing("desk", 0) == Standing(0)
    standing = Standing(10, InFlight(12, 12, 2))
    partitions.stand("desk", 0, standing)
    assert partitions.standing("desk", 0) == standing
    member = installed.adapters.articles.reader("desk")
    assert member.in_flight() == InFlight(13, 13, 2)
    assert member.read(1)[0].offset == 11
    with pytest.raises(Unavailable):
        partitions.stand("desk", 0, Standing(0))
