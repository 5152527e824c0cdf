"""Workers of one consumer group come, go, are killed and paused: nothing is lost, and nothing is told twice."""

import itertools
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pipelines.jobs.served import ServedAdapters
from schemas.article import Article
from tests.integration.served.installation import (
    ARTICLES,
    Installation,
    Job,
    begun,
    check_told_once,
    contents,
    detected,
    found,
    is_pending,
    told,
)
from tests.waiting import until

PART = 20
TAKEOVER_S = 80
"""A worker that is dead is missed after ten seconds; then its group gives out partitions anew."""


@contextmanager
def appending(adapters: ServedAdapters, articles: list[Article]) -> Iterator[threading.Event]:
    """Appends them in parts while the block runs, and the rest at its end; tells when half of them are there."""
    half, stop = threading.Event(), threading.Event()

    def append() -> None:
        for at in range(0, len(articles), PART):
            adapters.articles.append(articles[at : at + PART])
            if at >= len(articles) // 2:
                half.set()
            stop.wait(0.3)

    thread = threading.Thread(target=append)
    thread.start()
    try:
        yield half
    finally:
        stop.set()
        thread.join()


def append_until_at_work(adapters: ServedAdapters, parts: Iterator[list[Article]]) -> int:
    """Appends parts until a batch is seen in somebody's hands; how many articles these were.

    On a loaded machine we may be too late to see one, and then nothing is left to be done.
    """
    appended, reader = 0, adapters.articles.reader("detect")
    while True:
        part = next(parts)
        assert part, "never seen at work"
        adapters.articles.append(part)
        appended += len(part)
        until(lambda: begun(adapters) or reader.lag() == 0, TAKEOVER_S)
        if begun(adapters):
            return appended


def pause_at_work(adapters: ServedAdapters, worker: Job, parts: Iterator[list[Article]]) -> dict[int, str]:
    """Stops a worker while it has a batch in hand; what that is."""
    while True:
        append_until_at_work(adapters, parts)
        worker.send(signal.SIGSTOP)
        if at := begun(adapters):
            return at
        worker.send(signal.SIGCONT)


@pytest.mark.timeout(300)
def test_workers_that_come_and_go_in_mid_batch_lose_and_double_nothing(
    installation: Installation, undisturbed: list[str]
) -> None:
    """Articles keep coming while the group is given out anew five times; who goes is told to, and ends in time."""
    adapters = installation.open()
    with appending(adapters, ARTICLES):
        (first,) = installation.jobs("detect")
        until(lambda: installation.members(adapters) == 1)
        second, third = installation.jobs("detect", "detect")
        until(lambda: installation.members(adapters) == 3)
        assert first.stop() == 0
        until(lambda: installation.members(adapters) == 2)
        assert second.stop() == 0
        until(lambda: installation.members(adapters) == 1)
    until(lambda: detected(adapters), 60)
    assert third.stop() == 0
    assert found(adapters) == undisturbed
    check_told_once(adapters)
    assert adapters.dead_letters.count() == {}
    assert begun(adapters) == {}


@pytest.mark.timeout(300)
def test_killed_workers_lose_nothing(installation: Installation, undisturbed: list[str]) -> None:
    """Kill -9 in mid-batch, three times; the others, or the next, go on."""
    adapters = installation.open()
    parts = (ARTICLES[at : at + PART] for at in itertools.count(0, PART))
    workers = installation.jobs("detect", "detect")
    appended = 0
    for _ in range(3):
        appended += append_until_at_work(adapters, parts)
        workers.pop(0).kill()
        workers += installation.jobs("detect")
    adapters.articles.append(ARTICLES[appended:])
    until(lambda: detected(adapters), 90)
    assert [worker.stop() for worker in workers] == [0, 0]
    assert found(adapters) == undisturbed
    check_told_once(adapters, repeats=3 * PART)
    assert adapters.dead_letters.count() == {}


@pytest.mark.timeout(300)
def test_a_worker_that_was_paused_for_too_long_writes_nothing(installation: Installation) -> None:
    """It was stopped in mid-batch, and another did its work. Awake, it changes no document and no log."""
    adapters = installation.open()
    (paused,) = installation.jobs("detect")
    parts = iter([ARTICLES[at : at + 50] for at in range(0, len(ARTICLES), 50)])
    work = pause_at_work(adapters, paused, parts)
    (other,) = installation.jobs("detect")
    until(lambda: detected(adapters), TAKEOVER_S)
    before = contents(adapters), [one.id for one in told(adapters)], found(adapters)
    assert before[2]
    assert work
    paused.send(signal.SIGCONT)
    until(lambda: installation.members(adapters) == 2, TAKEOVER_S)  # it goes on, and has its share again
    assert paused.stop() == 0
    assert (contents(adapters), [one.id for one in told(adapters)], found(adapters)) == before
    assert adapters.articles.reader("detect").lag() == 0
    assert other.stop() == 0
    assert adapters.dead_letters.count() == {}


@pytest.mark.timeout(120)
def test_sigterm_in_mid_batch_ends_the_batch_first(installation: Installation) -> None:
    """Within ten seconds, with exit code 0, nothing in flight, and nothing to be done again."""
    adapters = installation.open()
    (worker,) = installation.jobs("detect")
    appended = append_until_at_work(adapters, iter([ARTICLES[at : at + 50] for at in range(0, len(ARTICLES), 50)]))
    assert worker.stop() == 0
    assert begun(adapters) == {}
    assert adapters.articles.reader("detect").lag() < appended
    assert not is_pending(adapters)
