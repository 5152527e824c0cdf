"""The fetch job over in-memory adapters and a feed that says what it is told to."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from msgspec.structs import replace

from connectors.feeds.answer import FeedUnavailable, Fetched, NotModified
from connectors.memory import Adapters
from pipelines.jobs.fetch import FetchJob, Polled, retry_in
from schemas.article import Article
from schemas.codec import decode
from schemas.errors import BadRecord, Unavailable
from schemas.feed import Feed, FeedState
from schemas.ports import Unreadable
from schemas.vocabulary import Stage
from tests.waiting import until

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://outlet.example/rss"
FEED = Feed(url=URL, name="Outlet")


def rss(*items: tuple[str, str]) -> bytes:
    """A document with one item for each (name, text)."""
    inner = "".join(
        f"<item><title>{name}</title><link>https://outlet.example/{name}</link><description>{text}</description></item>"
        for name, text in items
    )
    return f"<rss version='2.0'><channel><title>O</title>{inner}</channel></rss>".encode()


class Told:
    """A fetcher that answers what it was told to, by address; counts what it was asked."""

    def __init__(self, **answers: object) -> None:
        self.answers: dict[str, object] = dict(answers)
        self.asked: list[FeedState] = []

    def fetch(self, state: FeedState, now: datetime) -> Fetched | NotModified:
        """What was told, raised where it is an error, called where it can be."""
        assert now.tzinfo is not None
        self.asked.append(state)
        answer = self.answers.get(state.url, self.answers.get("always"))
        if callable(answer):
            answer = answer()
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, bytes):
            return Fetched(body=answer, url=state.url, etag="e")
        assert isinstance(answer, Fetched | NotModified)
        return answer


def job(adapters: Adapters, told: Told, holder: str = "one", **options: int) -> FetchJob:
    """A job over these adapters."""
    return FetchJob(
        adapters.feeds, adapters.articles, adapters.dead_letters, adapters.leases, told, holder=holder, **options
    )


def run(fetch_job: FetchJob, now: datetime) -> Polled:
    """Steps until nothing is under way; the sum of what was done."""
    total = Polled()
    while True:
        polled = fetch_job.step(now, wait_s=5)
        total = Polled(**{name: getattr(total, name) + getattr(polled, name) for name in Polled.__struct_fields__})
        if not polled.in_flight:
            return replace(total, in_flight=0)


def logged(adapters: Adapters) -> list[tuple[str, int, str]]:
    """(title, revision, text) of every article in the log."""
    found = []
    for entry in adapters.articles.reader("test").read(1000):
        assert not isinstance(entry.record, Unreadable)
        found.append((entry.record.title, entry.record.revision, entry.record.text))
    return found


@pytest.fixture
def adapters() -> Adapters:
    """Empty adapters with one feed."""
    made = Adapters()
    made.feeds.add(FEED)
    return made


def state(adapters: Adapters, url: str = URL) -> FeedState:
    """What is known of a feed."""
    return next(state for feed, state in adapters.feeds.list() if feed.url == url)


def test_new_articles_are_appended_and_the_state_saved(adapters: Adapters) -> None:
    """A poll leaves articles in the log, oldest first, and the feed due after its interval."""
    assert run(job(adapters, Told(always=rss(("b", "two"), ("a", "one")))), NOW) == Polled(
        feeds=1, changed=1, articles=2
    )
    assert logged(adapters) == [("a", 1, "one"), ("b", 1, "two")]
    saved = state(adapters)
    assert (saved.polled, saved.due, saved.etag, saved.articles, saved.failures, saved.error) == (
        NOW, NOW + timedelta(minutes=5), "e", 2, 0, None,
    )  # fmt: skip


def test_a_feed_is_not_asked_before_it_is_due(adapters: Adapters) -> None:
    """Neither by this job nor by one that starts later; `next_due` says when."""
    told = Told(always=rss(("a", "one")))
    first = job(adapters, told)
    assert first.next_due(NOW) == NOW
    run(first, NOW)
    run(job(adapters, told, "two"), NOW + timedelta(minutes=4))
    assert len(told.asked) == 1
    assert first.next_due(NOW) == NOW + timedelta(minutes=5)
    run(first, NOW + timedelta(minutes=5))
    assert (len(told.asked), told.asked[1].etag) == (2, "e")


def test_without_feeds_nothing_is_ever_due() -> None:
    """`next_due` has no time to give."""
    assert job(Adapters(), Told()).next_due(NOW) is None


@pytest.mark.parametrize("answer", [NotModified(), rss(("a", "one"))], ids=["304", "same bytes"])
def test_an_unchanged_document_is_not_parsed_again(
    adapters: Adapters, answer: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a 304 nor the same bytes cost anything; what was known of the feed stays."""
    told = Told(always=rss(("a", "one")))
    fetch_job = job(adapters, told)
    run(fetch_job, NOW)
    told.answers["always"] = answer
    monkeypatch.delattr("connectors.feeds.reading.parse")
    later = NOW + timedelta(minutes=5)
    assert run(fetch_job, later) == Polled(feeds=1)
    saved = state(adapters)
    assert (saved.polled, saved.articles, saved.etag) == (later, 1, "e")


def test_a_changed_text_is_the_next_revision_and_an_old_text_is_nothing(adapters: Adapters) -> None:
    """One text, another, the first again, a third: revisions 1, 2 and 3."""
    told = Told()
    fetch_job = job(adapters, told)
    for minutes, text in enumerate(["one", "two", "one", "three"]):
        told.answers["always"] = rss(("a", text))
        run(fetch_job, NOW + timedelta(minutes=5 * minutes))
    assert logged(adapters) == [("a", 1, "one"), ("a", 2, "two"), ("a", 3, "three")]


def test_a_crash_between_append_and_save_appends_the_same_again(
    adapters: Adapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next process appends equal ids, revisions and hashes, which are one entry."""

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    told = Told(always=rss(("a", "one")))
    with monkeypatch.context() as patched:
        patched.setattr(adapters.feeds, "save", dies)
        with pytest.raises(KeyboardInterrupt):
            run(job(adapters, told), NOW)
    assert logged(adapters) == [("a", 1, "one")]
    after_the_lease = NOW + timedelta(seconds=16)
    run(job(adapters, told, "next"), after_the_lease)
    assert logged(adapters) == [("a", 1, "one")]
    assert state(adapters).articles == 1


def test_an_article_that_the_log_refuses_is_a_dead_letter_once_and_the_others_are_appended(adapters: Adapters) -> None:
    """It is found by halving, kept with its reason, and not tried again at the next poll."""
    append = adapters.articles.append

    def refusing(articles: Sequence[Article], *, again: bool = False) -> None:
        if any(article.title == "c" for article in articles):
            raise BadRecord("too long for a topic")
        append(articles, again=again)

    adapters.articles.append = refusing  # type: ignore[method-assign]
    fetch_job = job(adapters, Told(always=rss(*((name, f"text {name}") for name in "edcba"))))
    assert run(fetch_job, NOW) == Polled(feeds=1, changed=1, articles=4, letters=1)
    assert [title for title, _, _ in logged(adapters)] == ["a", "b", "d", "e"]
    (letter,) = adapters.dead_letters.list()
    assert (letter.stage, letter.source, letter.reason) == (
        Stage.ARTICLE, "https://outlet.example/c", "too long for a topic",
    )  # fmt: skip
    assert decode(letter.data, Article).title == "c"
    assert state(adapters).articles == 4
    fetch_job = job(adapters, Told(always=rss(*((name, f"text {name}") for name in "fedcba"))))
    assert run(fetch_job, NOW + timedelta(minutes=5)) == Polled(feeds=1, changed=1, articles=1)


def test_what_was_found_is_kept_while_the_store_does_not_answer(
    adapters: Adapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step fails, and the next one writes without asking the feed again."""

    def unavailable(_: object) -> None:
        raise Unavailable("disk full")

    told = Told(always=rss(("a", "one")))
    fetch_job = job(adapters, told)
    with monkeypatch.context() as patched:
        patched.setattr(adapters.articles, "append", unavailable)
        with pytest.raises(Unavailable, match="disk full"):
            run(fetch_job, NOW)
    run(fetch_job, NOW)
    assert logged(adapters) == [("a", 1, "one")]
    assert len(told.asked) == 1


def test_two_jobs_do_not_ask_the_same_feed_at_once(adapters: Adapters) -> None:
    """While one polls, the other leaves the feed alone, and looks again a second later."""
    go = threading.Event()

    def slow() -> bytes:
        go.wait(30)
        return rss(("a", "one"))

    told = Told(always=slow)
    one, two = job(adapters, told, "one"), job(adapters, told, "two")
    assert one.step(NOW, wait_s=0) == Polled(in_flight=1)
    assert two.step(NOW, wait_s=0) == Polled()
    assert two.next_due(NOW) == NOW + timedelta(seconds=1)
    go.set()
    assert run(one, NOW).articles == 1
    assert run(two, NOW + timedelta(seconds=1)) == Polled()
    assert len(told.asked) == 1


def test_a_job_whose_lease_has_passed_on_writes_nothing(adapters: Adapters) -> None:
    """A process that was stopped for longer than its lease is fenced off."""
    go = threading.Event()

    def slow() -> bytes:
        go.wait(30)
        return rss(("a", "late"))

    stopped, other = job(adapters, Told(always=slow), "one"), job(adapters, Told(always=rss(("a", "one"))), "two")
    stopped.step(NOW, wait_s=0)
    later = NOW + timedelta(minutes=1)
    assert run(other, later).articles == 1
    go.set()
    assert run(stopped, later) == Polled(fenced_off=1)
    assert logged(adapters) == [("a", 1, "one")]


def test_a_slow_feed_keeps_its_lease_and_holds_up_nobody(adapters: Adapters) -> None:
    """Others are polled meanwhile, also a second time; the slow one stays with the process that asks it."""
    adapters.feeds.add(Feed(url="https://quick.example/rss", name="Quick", poll_every=timedelta(seconds=10)))
    go = threading.Event()

    def slow() -> bytes:
        go.wait(30)
        return rss(("a", "slow"))

    told = Told(**{URL: slow, "always": rss(("b", "quick"))})
    fetch_job, other = job(adapters, told), job(adapters, told, "other")
    for seconds in range(0, 40, 5):
        now = NOW + timedelta(seconds=seconds)
        polled = fetch_job.step(now, wait_s=0.2)
        assert polled.in_flight >= 1
        assert other.step(now, wait_s=0).feeds == 0
    assert sum(asked.url == URL for asked in told.asked) == 1
    assert sum(asked.url != URL for asked in told.asked) >= 3
    go.set()
    assert run(fetch_job, NOW + timedelta(seconds=40)).articles == 1


def test_close_waits_for_nobody_and_gives_leases_back(adapters: Adapters) -> None:
    """Another process may ask at once what was under way."""
    go = threading.Event()

    def slow() -> bytes:
        go.wait(30)
        return rss(("a", "one"))

    told = Told(always=slow)
    closed, other = job(adapters, told, "one"), job(adapters, told, "two")
    closed.step(NOW, wait_s=0)
    closed.close()
    assert other.step(NOW, wait_s=0).in_flight == 1
    go.set()


def test_failures_wait_twice_as_long_each_time_up_to_an_hour() -> None:
    """From a minute on, never longer than an hour, and at least as long as the server asks."""
    waits = [retry_in(FEED, failures, None) for failures in (1, 2, 3, 6, 7, 100)]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 32, 60, 60)]
    assert retry_in(FEED, 1, timedelta(hours=5)) == timedelta(hours=5)
    local = Feed(url="file:///feed.xml", poll_every=timedelta(seconds=5))
    assert [retry_in(local, failures, None).total_seconds() for failures in (1, 2, 9)] == [5, 10, 60]


def test_a_failing_feed_is_told_once_until_it_recovers_or_fails_otherwise(adapters: Adapters) -> None:
    """One event for each error, with the next try, and one for the recovery."""
    told = Told()
    fetch_job = job(adapters, told)
    timeout, gone = FeedUnavailable("nothing came for 15 s"), FeedUnavailable("answers 404 Not Found", not_here=True)
    with structlog.testing.capture_logs() as events:
        for hours, answer in enumerate([timeout, timeout, gone, gone, rss(("a", "x")), timeout]):
            told.answers["always"] = answer
            run(fetch_job, NOW + timedelta(hours=hours))
    assert [(event["event"], event.get("reason"), event.get("next_try")) for event in events] == [
        ("feed_failed", "nothing came for 15 s", "2026-11-22T12:01:00+00:00"),
        ("feed_failed", "answers 404 Not Found", "2026-11-22T14:04:00+00:00"),
        ("feed_recovered", None, None),
        ("feed_failed", "nothing came for 15 s", "2026-11-22T17:01:00+00:00"),
    ]
    assert state(adapters).failures == 1


def test_a_document_that_is_no_feed_is_a_dead_letter_once(adapters: Adapters) -> None:
    """The same complaint about a page that differs each time is one letter; the feed shows it."""
    told = Told()
    fetch_job = job(adapters, told)
    for hours in range(3):
        told.answers["always"] = f"<html>{hours}</html>".encode()
        run(fetch_job, NOW + timedelta(hours=hours))
    (letter,) = adapters.dead_letters.list()
    assert (letter.stage, letter.source, letter.data) == (Stage.FEED, URL, b"<html>0</html>")
    assert letter.reason == state(adapters).error == "is a web page (HTML), not a feed"
    assert (state(adapters).failures, state(adapters).body_hash) == (3, None)


def test_a_truncated_document_keeps_its_whole_items_and_is_asked_for_again(adapters: Adapters) -> None:
    """Its validators are not kept, or the rest would never come; when it comes, it is appended."""
    whole = rss(("a", "one"), ("b", "two"))
    told = Told(always=whole[: whole.index(b"<title>b")])
    fetch_job = job(adapters, told)
    assert run(fetch_job, NOW) == Polled(feeds=1, changed=1, articles=1, letters=1)
    assert state(adapters).etag is None
    told.answers["always"] = whole
    run(fetch_job, NOW + timedelta(minutes=5))
    assert logged(adapters) == [("a", 1, "one"), ("b", 1, "two")]


def test_a_permanent_redirect_is_remembered_and_given_up_where_nothing_is(adapters: Adapters) -> None:
    """Asked there from then on, until the new address answers that there is nothing."""
    told = Told(always=Fetched(body=rss(("a", "one")), url="https://new.example/", moved_to="https://new.example/"))
    fetch_job = job(adapters, told)
    run(fetch_job, NOW)
    assert state(adapters).moved_to == "https://new.example/"
    told.answers["always"] = FeedUnavailable("answers 503 Service Unavailable")
    run(fetch_job, NOW + timedelta(hours=1))
    assert told.asked[-1].moved_to == state(adapters).moved_to == "https://new.example/"
    told.answers["always"] = FeedUnavailable("answers 404 Not Found", not_here=True)
    run(fetch_job, NOW + timedelta(hours=2))
    assert state(adapters).moved_to is None


def test_a_bug_in_a_fetcher_costs_its_feed_alone(adapters: Adapters) -> None:
    """Any exception is a failure of the one feed, told with its traceback."""
    adapters.feeds.add(Feed(url="https://good.example/rss"))
    told = Told(**{URL: ZeroDivisionError("oh"), "always": rss(("b", "good"))})
    with structlog.testing.capture_logs() as events:
        assert run(job(adapters, told), NOW) == Polled(feeds=1, changed=1, articles=1, failed=1)
    assert events[0]["reason"] == state(adapters).error == "a bug: ZeroDivisionError: oh"
    assert events[0]["traceback"].endswith("ZeroDivisionError: oh\n")


def test_many_feeds_are_polled_by_few_threads(adapters: Adapters) -> None:
    """However many are due, only so many are asked at once."""
    for number in range(30):
        adapters.feeds.add(Feed(url=f"https://f{number}.example/rss"))
    running, most, lock, full = [0], [0], threading.Lock(), threading.Barrier(4)

    def count() -> NotModified:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        if len(told.asked) <= 4:
            full.wait(10)
        with lock:
            running[0] -= 1
        return NotModified()

    told = Told(always=count)
    assert run(job(adapters, told, threads=4), NOW).feeds == 31
    assert most == [4]


def test_a_feed_removed_while_it_is_polled_stays_removed(adapters: Adapters) -> None:
    """Its articles are kept all the same."""
    go = threading.Event()

    def slow() -> bytes:
        go.wait(30)
        return rss(("a", "one"))

    fetch_job = job(adapters, Told(always=slow))
    fetch_job.step(NOW, wait_s=0)
    adapters.feeds.remove(URL)
    go.set()
    until(lambda: fetch_job.step(NOW).articles)
    assert adapters.feeds.list() == []
