"""A process that is paused beyond its lease and wakes late writes nothing: another has done its work."""

import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from schemas.feed import Feed
from schemas.subscription import AlertStatus
from tests.integration.delivery.receiver import Answer, Handler, Post, Receiver, status
from tests.integration.feeds.server import FEED, serving
from tests.integration.feeds.server import Handler as FeedHandler
from tests.integration.served.installation import Installation
from tests.unit.delivery.records import SECRET, a_subscription, an_alert
from tests.waiting import until

LEASE_S = 40
"""Fifteen seconds at most, and a start."""


class FirstHangs:
    """Answers the first request when it is let go, all others at once."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self._lock = threading.Lock()
        self._asked = 0

    def is_first(self) -> bool:
        """Whether this is the first; waits then."""
        with self._lock:
            self._asked += 1
            first = self._asked == 1
        if first:
            self.let_go.wait(60)
        return first


@pytest.fixture
def hanging() -> Iterator[FirstHangs]:
    """Let go at the end at the latest."""
    hangs = FirstHangs()
    yield hangs
    hangs.let_go.set()


@pytest.mark.timeout(180)
def test_a_delivery_by_a_paused_process_is_recorded_by_the_one_that_took_over(
    installation: Installation, hanging: FirstHangs
) -> None:
    """The late answer, a failure, changes nothing of what the other has recorded."""

    def answer(handler: Handler, post: Post) -> None:
        late: Answer = status(500)
        (late if hanging.is_first() else status(204))(handler, post)

    adapters = installation.open()
    receiver = Receiver(SECRET, answer)
    try:
        adapters.subscriptions.add(a_subscription(webhook=receiver.url))
        adapters.ledger.record([an_alert(due=datetime.now(UTC))])
        (paused,) = installation.jobs("deliver")
        receiver.wait_for(1)
        paused.send(signal.SIGSTOP)
        installation.jobs("deliver")
        until(lambda: adapters.ledger.list()[0].status is AlertStatus.DELIVERED, LEASE_S)
        before = adapters.ledger.list()
        hanging.let_go.set()
        paused.send(signal.SIGCONT)
        until(lambda: "the lease was lost during a try" in paused.log)
        assert adapters.ledger.list() == before
        assert receiver.ids == [before[0].id, before[0].id]  # at least once, under one id
    finally:
        receiver.close()


@pytest.mark.timeout(180)
def test_a_poll_by_a_paused_process_is_written_by_the_one_that_took_over(
    installation: Installation, hanging: FirstHangs
) -> None:
    """What it was given late is another article, which comes to no log."""

    def answer(handler: FeedHandler) -> None:
        handler.answer(200, FEED.replace(b"/a<", b"/late<") if hanging.is_first() else FEED)

    adapters = installation.open()
    with serving() as server:
        url = server.at("/feed", answer)
        adapters.feeds.add(Feed(url=url, name="Local"))
        (paused,) = installation.jobs("fetch")
        until(lambda: server.requests)
        paused.send(signal.SIGSTOP)
        installation.jobs("fetch")
        until(lambda: adapters.articles.end() == 1, LEASE_S)
        until(lambda: adapters.feeds.list()[0][1].polled)
        before = adapters.feeds.list()
        hanging.let_go.set()
        paused.send(signal.SIGCONT)
        until(lambda: "the lease was lost during a poll" in paused.log)
        assert adapters.articles.end() == 1
        assert adapters.feeds.list() == before
