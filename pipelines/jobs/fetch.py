"""The job that asks feeds and appends what is new to the articles log."""

import traceback
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct
from msgspec.structs import replace

from connectors.feeds.answer import BadFeed, FeedUnavailable
from connectors.feeds.fetcher import Fetcher
from connectors.feeds.poller import Outcome, Poll, Poller
from connectors.feeds.reading import Reading
from connectors.feeds.values import without_credentials
from schemas.article import Article
from schemas.codec import encode
from schemas.dead_letter import DeadLetter, dead_letter
from schemas.errors import BadRecord, FencedOff, Unavailable
from schemas.feed import Feed, FeedState
from schemas.ports import ArticleLog, DeadLetters, Feeds, Lease, Leases
from schemas.vocabulary import Stage

LEASE = timedelta(seconds=15)
"""How long a feed stays with a process that has died; renewed at half time while a poll goes on."""
TAKEN_ELSEWHERE = timedelta(seconds=1)
"""After which a feed that another process is polling is looked at again."""
FIRST_RETRY, LONGEST_RETRY, LONGEST_RETRY_OF_A_FILE = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=1)

log = structlog.get_logger()


class Polled(Struct, frozen=True, kw_only=True):
    """What one step did."""

    feeds: int = 0
    """That answered, changed or not."""
    changed: int = 0
    """Of these, that had another document than the last time."""
    articles: int = 0
    """Appended: new ones and new revisions."""
    failed: int = 0
    """Feeds that gave no usable answer."""
    letters: int = 0
    """Dead letters recorded."""
    fenced_off: int = 0
    """Polls that another process has done meanwhile; nothing of them was written."""
    in_flight: int = 0
    """Polls that go on; a later step writes what they find."""


class FetchJob:
    """Polls every due feed and appends its new articles; any number of processes share the feeds by leases.

    Articles are appended before the feed's state and their hashes are saved: a crash in between appends them again,
    with the same ids, revisions and hashes. All writing is done by the thread that calls `step`; feeds are asked in
    others.

    Args:
        feeds: Which feeds there are, their state, and the hashes that their articles have had.
        articles: The log they are appended to.
        dead_letters: What could not be read.
        leases: Who polls what.
        fetcher: Asks one feed.
        holder: This process's name among those that share the feeds.
        threads: How many feeds are asked at once.
    """

    def __init__(
        self,
        feeds: Feeds,
        articles: ArticleLog,
        dead_letters: DeadLetters,
        leases: Leases,
        fetcher: Fetcher,
        holder: str,
        threads: int = 8,
    ) -> None:
        self._feeds, self._articles, self._dead_letters, self._leases = feeds, articles, dead_letters, leases
        self._holder = holder
        self._poller = Poller(fetcher, threads)
        self._in_flight: dict[str, Lease] = {}
        self._unwritten: list[Outcome] = []
        self._elsewhere: dict[str, datetime] = {}
        self._told: dict[str, str] = {}
        """The last error that was logged, by feed."""

    def step(self, now: datetime, wait_s: float = 0.5) -> Polled:
        """Begins the polls that are due at `now` (UTC) and writes what those under way have found.

        Waits up to `wait_s` seconds for the first of them, and for no slow one: `Polled.in_flight` says how many go on.

        Raises:
            Unavailable: The store does not answer. What was found is kept and written by the next step.
        """
        self._renew(now)
        self._begin(now)
        if self._in_flight and not self._unwritten:
            self._unwritten.extend(self._poller.outcomes(wait_s))
        polled = Polled()
        while self._unwritten:
            polled = _sum(polled, self._write(self._unwritten[0], now))
            del self._unwritten[0]
        return replace(polled, in_flight=len(self._in_flight))

    def next_due(self, now: datetime) -> datetime | None:
        """When `step` has something to do again: `now` where polls are under way, None where there are no feeds."""
        if self._in_flight:
            return now
        times = [max(state.due or now, self._elsewhere.get(feed.url, now)) for feed, state in self._feeds.list()]
        return min(times, default=None)

    def close(self) -> None:
        """Gives up what is under way, without waiting for it; it is done again after the next start."""
        self._poller.close()
        leases, self._in_flight = list(self._in_flight.values()), {}
        for lease in leases:
            self._leases.release(lease)

    def _begin(self, now: datetime) -> None:
        self._elsewhere = {url: until for url, until in self._elsewhere.items() if until > now}
        leases: dict[str, Lease] = {}
        for feed, _ in self._due(now):
            lease = self._leases.acquire(_lease_name(feed.url), self._holder, LEASE, now)
            if lease is None:
                self._elsewhere[feed.url] = now + TAKEN_ELSEWHERE
            else:
                leases[feed.url] = lease
        if not leases:
            return
        # Read again under the leases: another process may have polled since, and given its lease back.
        for feed, state in self._due(now):
            if feed.url in leases:
                self._in_flight[feed.url] = leases.pop(feed.url)
                self._poller.submit(Poll(feed, state, now))
        for lease in leases.values():
            self._leases.release(lease)

    def _due(self, now: datetime) -> list[tuple[Feed, FeedState]]:
        return [
            (feed, state)
            for feed, state in self._feeds.list()
            if (state.due is None or state.due <= now)
            and feed.url not in self._in_flight
            and feed.url not in self._elsewhere
        ]

    def _renew(self, now: datetime) -> None:
        """Keeps the leases of polls under way. One that has passed on is noticed when its outcome is to be written."""
        for url, lease in self._in_flight.items():
            if lease.until - now < LEASE / 2:
                renewed = self._leases.acquire(lease.name, self._holder, LEASE, now)
                if renewed is not None and renewed.token == lease.token:
                    self._in_flight[url] = renewed

    def _write(self, outcome: Outcome, now: datetime) -> Polled:
        """Writes what one poll found; done twice, it changes nothing."""
        url = outcome.poll.feed.url
        lease = self._in_flight.get(url)
        if lease is None:
            return Polled()
        try:
            self._leases.check(lease)
        except FencedOff:
            del self._in_flight[url]
            log.warning("the lease was lost during a poll; its holder asks again", feed=without_credentials(url))
            return Polled(fenced_off=1)
        if isinstance(outcome.result, Reading):
            polled = self._write_reading(outcome.poll, outcome.result, now)
        else:
            polled = self._write_failure(outcome.poll, outcome.result, now)
        self._leases.release(lease)
        del self._in_flight[url]
        return polled

    def _write_reading(self, poll: Poll, reading: Reading, now: datetime) -> Polled:
        feed, state = poll.feed, poll.state
        fresh = self._new_revisions(reading.articles)
        letters = [*reading.letters, *self._append(fresh, now)]
        if letters:
            self._dead_letters.add(letters)
        appended = len(fresh) - (len(letters) - len(reading.letters))
        self._feeds.save(
            FeedState(
                url=feed.url,
                etag=reading.etag,
                last_modified=reading.last_modified,
                polled=now,
                due=now + feed.poll_every,
                articles=state.articles + appended,
                moved_to=reading.moved_to,
                body_hash=reading.body_hash,
            ),
            [(article.id, article.revision, article.content_hash) for article in fresh],
        )
        if self._told.pop(feed.url, None) is not None:
            log.info("feed_recovered", feed=without_credentials(feed.url))
        return Polled(feeds=1, changed=int(reading.changed), articles=appended, letters=len(letters))

    def _append(self, articles: Sequence[Article], now: datetime) -> list[DeadLetter]:
        """Appends them; a letter for each that the log will never take, found by halving."""
        if not articles:
            return []
        try:
            self._articles.append(articles)
        except BadRecord as error:
            if len(articles) > 1:
                half = len(articles) // 2
                return self._append(articles[:half], now) + self._append(articles[half:], now)
            (article,) = articles
            source = article.url or article.id
            return [dead_letter(Stage.ARTICLE, encode(article), source=source, reason=str(error), now=now)]
        return []

    def _new_revisions(self, articles: Sequence[Article]) -> list[Article]:
        """Those whose text this article has not had before, each with its next revision."""
        if not articles:
            return []
        stored = self._feeds.known({article.id for article in articles})
        known = {article: list(hashes) for article, hashes in stored.items()}
        fresh = []
        for article in articles:
            hashes = known.setdefault(article.id, [])
            if article.content_hash not in hashes:
                hashes.append(article.content_hash)
                fresh.append(replace(article, revision=len(hashes)))
        return fresh

    def _write_failure(self, poll: Poll, error: Exception, now: datetime) -> Polled:
        feed, state = poll.feed, poll.state
        reason = str(error) if isinstance(error, BadFeed | Unavailable) else f"a bug: {type(error).__name__}: {error}"
        letters = 0
        if isinstance(error, BadFeed) and reason != state.error:
            # A page that differs at each poll would fill the log with the same complaint.
            source = without_credentials(feed.url)
            self._dead_letters.add([dead_letter(Stage.FEED, error.data, source=source, reason=error.detail, now=now)])
            letters = 1
        due = now + retry_in(feed, state.failures + 1, getattr(error, "retry_after", None))
        nothing_there = isinstance(error, BadFeed) or (isinstance(error, FeedUnavailable) and error.not_here)
        self._feeds.save(
            replace(
                state,
                due=due,
                failures=state.failures + 1,
                error=reason,
                # Back to the address that was given, should the one it has moved to hold nothing.
                moved_to=None if nothing_there else state.moved_to,
            )
        )
        if self._told.get(feed.url) != reason:
            self._told[feed.url] = reason
            event = log.bind(feed=without_credentials(feed.url), reason=reason, next_try=due.isoformat("T", "seconds"))
            if not isinstance(error, BadFeed | Unavailable):
                # As text: a renderer of exceptions may show local variables, and with them an address's password.
                event = event.bind(traceback="".join(traceback.format_exception(error)))
            event.warning("feed_failed")
        return Polled(failed=1, letters=letters)


def retry_in(feed: Feed, failures: int, retry_after: timedelta | None) -> timedelta:
    """How long to wait after so many failures in a row: doubling, to an hour; never less than the server asks for."""
    is_file = feed.url.startswith("file:")
    longest = LONGEST_RETRY_OF_A_FILE if is_file else max(LONGEST_RETRY, feed.poll_every)
    doublings = min(failures - 1, 20)
    wait = min(min(feed.poll_every, FIRST_RETRY) * (1 << doublings), longest)
    return max(wait, retry_after or timedelta())


def _lease_name(url: str) -> str:
    return f"feed:{url}"


def _sum(one: Polled, other: Polled) -> Polled:
    return Polled(**{name: getattr(one, name) + getattr(other, name) for name in Polled.__struct_fields__})
