"""Several polls at once, in threads that nobody has to wait for."""

import queue
import threading
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from connectors.feeds.fetcher import Fetcher
from connectors.feeds.reading import Reading, read_feed
from schemas.feed import Feed, FeedState


class Poll(Struct, frozen=True):
    """A feed that is to be asked."""

    feed: Feed
    state: FeedState
    began: datetime


class Outcome(Struct, frozen=True):
    """What came of it; an exception where it failed, whatever it was."""

    poll: Poll
    result: Reading | Exception


class Poller:
    """Asks feeds in up to `threads` threads. A slow feed holds one of them until its deadline, and nobody else.

    The threads read and parse, they write nothing. They are daemons: a process ends without waiting for a feed.
    """

    def __init__(self, fetcher: Fetcher, threads: int = 8) -> None:
        self._fetcher, self._threads = fetcher, threads
        self._waiting: queue.SimpleQueue[Poll | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._started = 0

    def submit(self, poll: Poll) -> None:
        """Asks as soon as a thread is free."""
        if self._started < self._threads:
            self._started += 1
            threading.Thread(target=self._work, daemon=True, name=f"feeds-{self._started}").start()
        self._waiting.put(poll)

    def outcomes(self, wait_s: float) -> Iterable[Outcome]:
        """All that is done; where nothing is, what is done first within `wait_s` seconds."""
        try:
            yield self._done.get(timeout=wait_s)
            while True:
                yield self._done.get_nowait()
        except queue.Empty:
            return

    def close(self) -> None:
        """Lets the threads end after what they are at; waits for none."""
        for _ in range(self._started):
            self._waiting.put(None)
        self._started = 0

    def _work(self) -> None:
        while (poll := self._waiting.get()) is not None:
            result: Reading | Exception
            try:
                result = read_feed(poll.feed, poll.state, self._fetcher, poll.began)
            except Exception as error:
                result = error
            self._done.put(Outcome(poll, result))
