"""What a topic does differently from a table, within what the ports allow."""

import pickle

import pytest

from connectors.kafka.library import TopicPartition
from schemas.article import Article
from schemas.errors import BadRecord, Misconfigured
from schemas.ports import Entry
from tests.integration.contract.records import MINUTE, NOON, article, development
from tests.integration.kafka.conftest import Connect, Install
from tests.integration.kafka.server import GuardedKafka


def test_a_repeated_article_is_two_equal_entries(install: Install, connect: Connect) -> None:
    """Also with `again`, whose promise that every reader meets it once more holds all the more."""
    log = connect(install()).articles
    log.append([article(1), article(2)])
    reader = log.reader("detect")
    reader.commit(log.end())
    log.append([article(1)], again=True)
    assert reader.read(10) == [Entry(3, article(1))]
    assert [entry.record for entry in log.reader("all").read(10)] == [article(1), article(2), article(1)]


def test_a_repeated_development_is_appended_again(install: Install, connect: Connect) -> None:
    """Under the same id, by which a consumer knows it."""
    log = connect(install()).developments
    log.append([development(1)])
    log.append([development(1)])
    assert log.after(0, 10) == [Entry(1, development(1)), Entry(2, development(1))]


def test_expire_leaves_it_to_the_broker(install: Install, connect: Connect) -> None:
    """It deletes nothing and says so; the topic's retention does."""
    log = connect(install()).articles
    log.append([article(1)])
    log.reader("detect").commit(log.end())
    assert log.expire(NOON + MINUTE) == 0
    assert [entry.record for entry in log.reader("all").read(10)] == [article(1)]


def test_entries_that_the_broker_deletes_before_they_are_read_are_counted(install: Install, connect: Connect) -> None:
    """By a member of the group, and by one who follows it; what came later is read."""
    adapters = connect(install())
    adapters.articles.append([article(number) for number in range(9)])
    reader, follower = adapters.articles.reader("detect"), adapters.followed.follow("upgrade", "detect")
    reader.commit(reader.read(2)[-1].offset)
    assert reader.missed() == 0
    adapters.close()
    place = TopicPartition(adapters.settings.articles, 0)
    adapters.client.administrator().delete_records({place: 6})
    next_process = connect(adapters.settings)
    reader = next_process.articles.reader("detect")
    batch = reader.read(9)
    assert [entry.record for entry in batch] == [article(6), article(7), article(8)]
    assert reader.missed() == 4
    reader.commit(batch[-1].offset)
    assert [entry.record for entry in follower.read(9)] == [article(6), article(7), article(8)]
    assert follower.missed() == 6


def test_an_article_longer_than_a_topic_takes_is_refused_before_anything_is_written(
    install: Install, connect: Connect
) -> None:
    """As a bad record, so that the others can be appended without it."""
    log = connect(install()).articles
    with pytest.raises(BadRecord, match=r"art-0{23}2: \d+ bytes of JSON; a topic takes 8388608"):
        log.append([article(1), article(2, text="x" * 10_000_000)])
    assert log.end() == 0


def test_large_articles_come_in_small_batches(install: Install, connect: Connect) -> None:
    """A batch ends after about 8 MiB, and none is lost by that."""
    log = connect(install()).articles
    written = [article(number, text="x" * 3_000_000) for number in range(7)]
    for one in written:
        log.append([one])
    reader = log.reader("detect")
    found: list[object] = []
    while batch := reader.read(100):
        assert len(batch) <= 3
        found += [entry.record for entry in batch]
        reader.commit(batch[-1].offset)
    assert found == written


def test_a_reader_that_asks_only_for_its_position_joins_no_group(install: Install, connect: Connect) -> None:
    """So that a status page takes no partition from those who work."""
    settings = install()
    working, watching = connect(settings), connect(settings)
    working.articles.append([article(number) for number in range(3)])
    reader = working.articles.reader("detect")
    reader.commit(reader.read(2)[-1].offset)
    watched = watching.articles.reader("detect")
    assert (watched.position(), watching.articles.end()) == (2, 3)
    assert [entry.record for entry in reader.read(10)] == [article(2)]
    reader.commit(3)
    assert watched.position() == 3


def test_lag_is_the_number_of_entries_to_come(install: Install, connect: Connect) -> None:
    """Over all partitions, before and after the first commit."""
    adapters = connect(install(4))
    written: list[Article] = [article(number) for number in range(50)]
    adapters.articles.append(written)
    reader = adapters.articles.reader("detect")
    assert reader.lag() == 50
    entries = reader.read(20)
    reader.commit(entries[-1].offset)
    assert reader.lag() == 50 - len(entries)
    assert adapters.articles.end() - reader.position() == 50 - len(entries)


def test_adapters_may_be_pickled(install: Install, connect: Connect) -> None:
    """Another process connects by itself."""
    adapters = connect(install())
    adapters.articles.append([article(1)])
    other = pickle.loads(pickle.dumps(adapters))
    assert other.articles.end() == 1
    other.close()


def test_a_topic_that_is_not_there_is_named(broker: GuardedKafka, connect: Connect) -> None:
    """At the first use, whatever it is, and with what to do."""
    adapters = connect(broker.settings("nobody-made-it"))
    uses = [
        lambda: adapters.articles.append([article(1)]),
        adapters.articles.end,
        lambda: adapters.articles.reader("detect").read(1),
        lambda: adapters.developments.after(0, 1),
        adapters.dead_letters.count,
    ]
    for use in uses:
        with pytest.raises(Misconfigured, match=r"no topic nobody-made-it\.\S+; `treatywire topics create` makes it"):
            use()
