"""Who publishes what, among several processes."""

import pickle
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from connectors import memory
from connectors.elasticsearch import Adapters, Cluster
from connectors.elasticsearch.event_store import ElasticsearchEventStore
from connectors.elasticsearch.indices import STATES
from connectors.elasticsearch.numbering import Numbering
from schemas.errors import Conflict
from schemas.ports import Position
from tests.integration.contract.records import aggregate, development, view


class _Clock:
    """Nanoseconds, as told; `meanwhile` happens once, at the next look at it."""

    def __init__(self) -> None:
        self.now = time.time_ns()
        self.meanwhile: Callable[[], None] | None = None

    def __call__(self) -> int:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return self.now


def _ignore(_: Position) -> None:
    """There is no reader."""


def _store(cluster: Cluster, clock: _Clock) -> ElasticsearchEventStore:
    return ElasticsearchEventStore(cluster, memory.Adapters().dead_letters, _ignore, numbering=Numbering(clock))


def test_a_process_leaves_to_another_what_that_one_is_about_to_publish(cluster: Cluster) -> None:
    """Else each of many workers would publish what all others do; what is left behind for 10 s it takes over."""
    clock = _Clock()
    one, other = _store(cluster, clock), _store(cluster, clock)
    assert list(other.unpublished(9)) == []
    one.save([aggregate("agg-1", outbox=(development(1),))], [])
    cluster.refresh(STATES)
    assert list(one.unpublished(9)) == [("agg-1", development(1))]
    assert list(other.unpublished(9)) == []
    clock.now += 11 * 10**9
    assert list(other.unpublished(9)) == [("agg-1", development(1))]
    one.mark_published([("agg-1", development(1).id)])
    assert list(other.unpublished(9)) == list(one.unpublished(9)) == []


def test_a_new_process_takes_over_at_once_what_the_last_one_left(cluster: Cluster) -> None:
    """At its first look it takes all that is there, the oldest first, and does not forget the rest after a few."""
    clock = _Clock()
    for number in range(5):
        _store(cluster, clock).save([aggregate(f"agg-{number}", outbox=(development(number),))], [])
        clock.now += 1000
    late = _store(cluster, clock)
    assert [one for one, _ in late.unpublished(2)] == ["agg-0", "agg-1"]
    late.mark_published([("agg-0", development(0).id), ("agg-1", development(1).id)])
    assert [one for one, _ in late.unpublished(9)] == ["agg-2", "agg-3", "agg-4"]


def test_marking_while_another_saves_keeps_both(cluster: Cluster) -> None:
    """The mark takes out what it names, whatever was added since; the version is that of the save."""
    clock = _Clock()
    one, other = _store(cluster, clock), _store(cluster, clock)
    one.save([aggregate("agg-1", outbox=(development(1),))], [])
    other.save([aggregate("agg-1", version=1, outbox=(development(1), development(2)))], [])
    one.mark_published([("agg-1", development(1).id)])
    assert dict(one.load(["agg-1"])) == {"agg-1": aggregate("agg-1", version=2, outbox=(development(2),))}


def test_what_was_published_since_it_was_loaded_is_not_put_in_again(cluster: Cluster) -> None:
    """Nor does who saves after another publish what that one is about to; what it has added itself it does."""
    clock = _Clock()
    one, other = _store(cluster, clock), _store(cluster, clock)
    assert list(one.unpublished(9)) == list(other.unpublished(9)) == []
    clock.now += 10**9
    one.save([aggregate("agg-1", outbox=(development(1),)), aggregate("agg-2", outbox=(development(2),))], [])
    assert len(other.load(["agg-1", "agg-2"])) == 2
    one.mark_published([("agg-1", development(1).id)])
    clock.now += 10**9
    other.save(
        [
            aggregate("agg-1", version=1, outbox=(development(1), development(3))),
            aggregate("agg-2", version=1, outbox=(development(2), development(4))),
        ],
        [],
    )
    assert list(other.unpublished(9)) == [("agg-1", development(3)), ("agg-2", development(4))]
    assert list(one.unpublished(9)) == [("agg-2", development(2))]


def test_of_two_that_find_the_same_at_once_one_publishes_it(cluster: Cluster) -> None:
    """The other's write came too late, and what it would have put in is not its own: it is the first one's to tell."""
    clock = _Clock()
    one, other = _store(cluster, _Clock()), _store(cluster, clock)
    assert list(one.unpublished(9)) == list(other.unpublished(9)) == []
    assert not other.load(["agg-1"])
    clock.now += 10**9
    found = aggregate("agg-1", outbox=(development(1),))
    clock.meanwhile = lambda: one.save([found], [])  # `other` has looked, and numbers what it is about to write
    with pytest.raises(Conflict):
        other.save([found], [])
    (loaded,) = other.load(["agg-1"]).values()
    assert loaded == aggregate("agg-1", version=1, outbox=(development(1),))
    other.save([aggregate("agg-1", version=1, outbox=(development(1), development(2)))], [])
    assert list(other.unpublished(9)) == [("agg-1", development(2))]
    assert list(one.unpublished(9)) == [("agg-1", development(1))]


def test_a_new_process_may_leave_alone_what_is_fresh(cluster: Cluster) -> None:
    """Where others are at work, it takes over at its first look what is older than a living one would leave it."""
    clock = _Clock()
    _store(cluster, clock).save([aggregate("agg-1", outbox=(development(1),))], [])
    clock.now += 6 * 10**9
    _store(cluster, clock).save([aggregate("agg-2", outbox=(development(2),))], [])
    numbering = Numbering(clock)
    late = ElasticsearchEventStore(
        cluster, memory.Adapters().dead_letters, _ignore, numbering=numbering, at_first=timedelta(seconds=5)
    )
    assert list(late.unpublished(9)) == list(late.unpublished(9)) == [("agg-1", development(1))]
    clock.now += 11 * 10**9
    assert list(late.unpublished(9)) == [("agg-1", development(1)), ("agg-2", development(2))]


def _commit(log: list[Position], position: Position) -> None:
    log.append(position)


def test_adapters_may_be_sent_to_another_process(cluster: Cluster) -> None:
    """They connect anew there."""
    adapters = Adapters(
        cluster,
        dead_letters=_Letters(),  # type: ignore[arg-type] # none are written here
        commit_articles=partial(_commit, []),
        commit_developments=_ignore,
    )
    adapters.events.save([], [view("evt-aaaa")])
    sent = pickle.loads(pickle.dumps(adapters))
    assert [hit.event.id for hit in sent.events.search(None)] == ["evt-aaaa"]
    sent.close()


class _Letters:
    """Dead letters that can be pickled."""
