"""A log of several partitions under the port's one row of numbers."""

import random

import pytest

from schemas.article import Article
from schemas.ports import Entry, InFlight
from tests.integration.contract.records import article
from tests.integration.kafka.conftest import Connect, Install

ARTICLES = [article(number) for number in range(200)]


def test_numbers_ascend_and_every_entry_comes_once(install: Install, connect: Connect) -> None:
    """Through batches of any size, without a gap; at the end the position is the log's end."""
    log = connect(install(4)).articles
    log.append(ARTICLES)
    reader, chance = log.reader("detect"), random.Random(1)
    found: list[Entry[Article]] = []
    while batch := reader.read(chance.randrange(1, 40)):
        found += batch
        reader.commit(batch[-1].offset)
        assert reader.position() == batch[-1].offset
    assert [entry.offset for entry in found] == list(range(1, 201))
    assert sorted((entry.record for entry in found), key=repr) == sorted(ARTICLES, key=repr)
    assert reader.position() == log.end() == 200


def test_the_order_of_each_article_is_kept(install: Install, connect: Connect) -> None:
    """Its revisions lie in one partition."""
    log = connect(install(4)).articles
    log.append([article(number % 10, revision=1 + number // 10) for number in range(100)])
    reader = log.reader("detect")
    seen: dict[str, list[int]] = {}
    while batch := reader.read(7):
        for entry in batch:
            seen.setdefault(entry.record.id, []).append(entry.record.revision)  # type: ignore[union-attr]
        reader.commit(batch[-1].offset)
    assert seen == {article(number).id: list(range(1, 11)) for number in range(10)}


def test_what_is_not_committed_comes_again_in_the_same_order(install: Install, connect: Connect) -> None:
    """To the same reader under the same numbers; to the next process all of it, under numbers of its own."""
    settings = install(4)
    first = connect(settings)
    first.articles.append(ARTICLES)
    reader = first.articles.reader("detect")
    batch = reader.read(100)
    assert reader.read(100) == batch
    reader.commit(batch[29].offset)
    assert reader.read(70) == batch[30:]
    done = {entry.record.id for entry in batch[:30]}  # type: ignore[union-attr]
    first.close()
    again = connect(settings).articles.reader("detect")
    assert again.position() == 30
    rest = again.read(500)
    assert {entry.record.id for entry in rest} == {one.id for one in ARTICLES} - done  # type: ignore[union-attr]
    assert [entry.offset for entry in rest] == list(range(31, 201))


def test_work_in_flight_comes_first_to_the_next_process(install: Install, connect: Connect) -> None:
    """It learns what the last one died of before it gets any of it, and gets all of that before anything else."""
    settings = install(4)
    first = connect(settings)
    first.articles.append(ARTICLES)
    reader = first.articles.reader("detect")
    deadly = reader.read(20)
    assert reader.begin(deadly[0].offset, deadly[-1].offset) == InFlight(1, 20, 1)
    assert reader.in_flight() == InFlight(1, 20, 1)
    first.close()
    second = connect(settings).articles.reader("detect")
    assert second.read(500) == []  # the call that takes the partitions over gives nothing of what was in flight
    died = second.in_flight()
    assert died == InFlight(1, 20, 1)
    ids = []
    while second.position() < died.last:
        (entry,) = second.read(1)
        ids.append(entry.record.id)  # type: ignore[union-attr]
        assert second.begin(entry.offset, entry.offset).attempts == 1
        second.commit(entry.offset)
    assert sorted(ids) == sorted(entry.record.id for entry in deadly)  # type: ignore[union-attr]
    assert second.in_flight() is None
    assert len(second.read(500)) == 180


def test_attempts_at_one_entry_are_counted_over_processes(install: Install, connect: Connect) -> None:
    """So that one which kills whoever works on it is found."""
    settings = install(4)
    first = connect(settings)
    first.articles.append(ARTICLES)
    attempts = []
    for _ in range(3):
        process = connect(settings)
        reader = process.articles.reader("detect")
        reader.in_flight()
        (entry,) = reader.read(1)
        attempts.append((entry.record, reader.begin(entry.offset, entry.offset).attempts))
        process.close()
    assert attempts == [(attempts[0][0], 1), (attempts[0][0], 2), (attempts[0][0], 3)]


def test_numbers_that_were_never_given_are_refused(install: Install, connect: Connect) -> None:
    """Nobody could tell which entries are meant."""
    log = connect(install(4)).articles
    log.append(ARTICLES)
    reader = log.reader("detect")
    with pytest.raises(ValueError, match="entries 1 to 4 were never given by this reader"):
        reader.begin(1, 4)
