"""Partitions move between the members of a group in mid-work: nothing is lost, and nobody commits for another."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.kafka import KafkaAdapters, KafkaSettings
from connectors.kafka.reader import KafkaReader
from schemas.article import Article
from tests.integration.contract.records import article
from tests.integration.kafka.conftest import Connect, Install
from tests.waiting import until

ROOT = Path(__file__).parents[3]
ARTICLES = [article(number) for number in range(400)]
IDS = {one.id for one in ARTICLES}
TAKEOVER_S = 30
"""A member that is dead is missed after ten seconds; then the others share."""


class Member:
    """A member in a process of its own."""

    def __init__(self, settings: KafkaSettings) -> None:
        command = [sys.executable, "-m", "tests.integration.kafka.member", settings.bootstrap, settings.prefix]
        self.process = subprocess.Popen(
            [*command, str(settings.article_partitions)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def do(self, order: str) -> Any:
        """Its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        """Kills what is left of it."""
        self.process.kill()
        self.process.communicate(timeout=30)


class Worker:
    """Reads and works on batches of ten, in a thread of its own between entering and leaving."""

    def __init__(self, reader: KafkaReader[Article], *, commits: bool = True) -> None:
        self.reader, self._commits = reader, commits
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.worked: list[str] = []

    def work(self) -> bool:
        """One batch; always False."""
        batch = self.reader.read(10 if self._commits else 500)
        self.worked += [entry.record.id for entry in batch if isinstance(entry.record, Article)]
        if batch and self._commits:
            self.reader.commit(batch[-1].offset)
        return False

    def __enter__(self) -> "Worker":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.work()


@pytest.fixture
def settings(install: Install) -> KafkaSettings:
    """An installation with four partitions."""
    return install(4)


@pytest.fixture
def adapters(settings: KafkaSettings, connect: Connect) -> KafkaAdapters:
    """Its adapters, with articles in the log."""
    adapters = connect(settings)
    adapters.articles.append(ARTICLES)
    return adapters


@pytest.fixture
def member(settings: KafkaSettings) -> Iterator[Member]:
    """A member in another process."""
    member = Member(settings)
    yield member
    member.end()


def reader_of(adapters: KafkaAdapters) -> KafkaReader[Article]:
    """The reader, as the class that it is."""
    reader = adapters.articles.reader("detect")
    assert isinstance(reader, KafkaReader)
    return reader


def ids(batch: Any) -> set[str]:
    """Of a batch."""
    return {entry.record.id for entry in batch}


def test_a_second_member_gets_its_share_and_what_was_committed_does_not_come_again(
    adapters: KafkaAdapters, settings: KafkaSettings, connect: Connect
) -> None:
    """A clean handover: the first goes on with what it keeps, and no entry is worked on twice."""
    first, second = Worker(reader_of(adapters)), Worker(reader_of(connect(settings)))
    written = list(ARTICLES)

    def work() -> bool:
        more = [article(len(written) + number) for number in range(10)]
        adapters.articles.append(more)
        written.extend(more)
        return first.work()

    work()
    with second:
        until(lambda: work() or len(second.worked) > 100)
        until(lambda: first.work() or first.reader.lag() == 0)
    assert sorted(first.worked + second.worked) == sorted(one.id for one in written)


def test_a_rebalance_in_mid_batch_loses_nothing_and_the_old_owner_commits_only_what_it_keeps(
    adapters: KafkaAdapters, settings: KafkaSettings, connect: Connect
) -> None:
    """What was given of a partition that went is left to its new owner; it is worked on twice, never dropped."""
    first, second = reader_of(adapters), reader_of(connect(settings))
    batch = first.read(500)
    assert ids(batch) == IDS
    first.begin(batch[0].offset, batch[-1].offset)

    with Worker(second, commits=False) as other:
        until(lambda: len(first.read(500)) < len(batch) and other.worked)
        until(lambda: len(first.read(500)) + len(set(other.worked)) == len(IDS))
    at_second = ids(second.read(500))
    kept = ids(first.read(500))
    assert kept | at_second == IDS
    assert kept & at_second == set()
    first.commit(batch[-1].offset)  # of all that it was once given
    assert second.lag() == len(at_second)
    assert ids(second.read(500)) == at_second
    assert second.in_flight() is not None  # its owner had begun it
    second.commit(second.read(500)[-1].offset)
    assert first.lag() == 0


def test_the_work_of_a_killed_member_goes_to_another(adapters: KafkaAdapters, member: Member) -> None:
    """Within seconds of its session's end, with what it had begun, which is told before it is given."""
    killed = set(member.do("read 50"))
    assert member.do("begin") == 1
    member.process.kill()
    reader = reader_of(adapters)
    died = until(reader.in_flight, TAKEOVER_S)
    assert (died.attempts, died.last - reader.position()) == (1, 50)
    batch = reader.read(50)
    assert ids(batch) == killed
    reader.commit(batch[-1].offset)
    rest = reader.read(500)
    assert ids(rest) == IDS - killed


def test_a_member_that_wakes_late_commits_nothing(adapters: KafkaAdapters, member: Member) -> None:
    """It was stopped in mid-work and taken for dead; the others' position stands, and it may work again."""
    stale = set(member.do("read 400"))
    assert stale == IDS
    os.kill(member.process.pid, signal.SIGSTOP)
    reader = reader_of(adapters)
    batch = until(lambda: reader.read(30), TAKEOVER_S)
    reader.commit(batch[-1].offset)
    os.kill(member.process.pid, signal.SIGCONT)
    assert member.do("commit") is None
    assert reader.lag() == len(IDS) - 30

    rest = IDS - ids(batch)
    with Worker(reader, commits=False) as other:
        at_member = until(lambda: set(member.do("read 400")), TAKEOVER_S)
        until(lambda: at_member | set(other.worked[-len(rest) :]) >= rest)
    at_member, at_reader = set(member.do("read 400")), ids(reader.read(400))
    assert at_member
    assert at_reader
    assert len(at_member) + len(at_reader) == len(rest)
