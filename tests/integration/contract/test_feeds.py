"""The feeds that are watched."""

from datetime import timedelta

from schemas.feed import Feed, FeedState
from tests.integration.contract.records import NOON
from tests.integration.contract.stores import Ports, Store

URL = "https://example.org/a.xml"


def test_add_tells_whether_a_feed_is_new(store: Store) -> None:
    """A new feed is unpolled; feeds are listed by address, also by the next process."""
    other = Feed(url="https://example.org/0.xml")
    assert store.ports.feeds.add(Feed(url=URL, name="A")) is True
    assert store.ports.feeds.add(other) is True
    expected = [(other, FeedState(url=other.url)), (Feed(url=URL, name="A"), FeedState(url=URL))]
    assert list(store.ports.feeds.list()) == expected
    assert list(store.reopen().feeds.list()) == expected


def test_adding_again_replaces_name_and_interval_alone(ports: Ports) -> None:
    """What is known of the feed stays."""
    known = FeedState(url=URL, etag='"1"', polled=NOON, failures=2, error="It is HTML.")
    ports.feeds.add(Feed(url=URL, name="A"))
    ports.feeds.save(known)
    renamed = Feed(url=URL, name="B", poll_every=timedelta(hours=1))
    assert ports.feeds.add(renamed) is False
    assert list(ports.feeds.list()) == [(renamed, known)]


def test_remove_tells_whether_it_was_there(ports: Ports) -> None:
    """Its articles stay known, and a feed added anew begins anew."""
    ports.feeds.add(Feed(url=URL))
    ports.feeds.save(FeedState(url=URL, etag='"1"'), [("art-1", 1, "hash")])
    assert ports.feeds.remove(URL) is True
    assert ports.feeds.remove(URL) is False
    assert list(ports.feeds.list()) == []
    assert ports.feeds.known(["art-1"]) == {"art-1": ["hash"]}
    assert ports.feeds.add(Feed(url=URL)) is True
    assert list(ports.feeds.list()) == [(Feed(url=URL), FeedState(url=URL))]


def test_a_poll_that_ends_after_the_removal_does_not_bring_a_feed_back(ports: Ports) -> None:
    """What it appended is known all the same."""
    ports.feeds.save(FeedState(url=URL), [("art-1", 1, "hash")])
    assert list(ports.feeds.list()) == []
    assert ports.feeds.known(["art-1"]) == {"art-1": ["hash"]}


def test_known_gives_hashes_in_order_of_revision(store: Store) -> None:
    """Of the ids asked for alone, unknown ones absent; saved twice they are there once; also for the next process."""
    store.ports.feeds.add(Feed(url=URL))
    store.ports.feeds.save(FeedState(url=URL), [("art-1", 2, "a"), ("art-1", 1, "b"), ("art-2", 1, "c")])
    store.ports.feeds.save(FeedState(url=URL, articles=3), [("art-1", 10, "d"), ("art-1", 1, "b")])
    expected = {"art-1": ["b", "a", "d"]}
    for ports in (store.ports, store.reopen()):
        known = ports.feeds.known(iter(["art-1", "art-3", "art-1"]))
        assert {article: list(hashes) for article, hashes in known.items()} == expected
        assert ports.feeds.list()[0][1].articles == 3
