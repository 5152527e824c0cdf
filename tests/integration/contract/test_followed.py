"""A reader that follows another, and the moment to switch that it makes."""

import pytest

from schemas.article import Article
from schemas.errors import Conflict
from schemas.ports import Entry, Follower, InFlight
from tests.integration.contract.records import MINUTE, NOON, aggregate, article, development, view
from tests.integration.contract.stores import Ports, Store


def _numbers(entries: "list[Entry[Article]] | tuple[Entry[Article], ...]") -> list[int]:
    return [int(entry.record.id[4:]) for entry in entries if isinstance(entry.record, Article)]


def _lead(ports: Ports, to: int) -> list[int]:
    """Has the detect job commit so many more entries; gives their offsets."""
    reader = ports.articles.reader("detect")
    entries = reader.read(to)
    reader.commit(entries[-1].offset)
    return [entry.offset for entry in entries]


def _follow(ports: Ports) -> Follower:
    return ports.followed.follow("upgrade-2", "detect")


def test_a_follower_never_passes_its_leader(store: Store) -> None:
    """It gives what the leader has committed, from the start on, in order."""
    store.ports.articles.append([article(number) for number in range(6)])
    follower = _follow(store.ports)
    assert list(follower.read(10)) == []
    assert follower.lag() == 0
    _lead(store.ports, 4)
    assert follower.lag() == 4
    entries = list(follower.read(3))
    assert _numbers(entries) == [0, 1, 2]
    follower.commit(entries[1].offset)
    assert follower.lag() == 2
    assert _numbers(list(follower.read(10))) == [2, 3]
    again = _follow(store.reopen())
    assert again.lag() == 2
    entries = list(again.read(10))
    assert _numbers(entries) == [2, 3]
    again.commit(entries[-1].offset)
    assert again.lag() == 0
    assert list(again.read(10)) == []


def test_work_in_flight_survives_the_follower(store: Store) -> None:
    """As any reader's; that of the leader is seen as well."""
    store.ports.articles.append([article(number) for number in range(4)])
    offsets = _lead(store.ports, 3)
    follower = _follow(store.ports)
    entries = follower.read(2)
    assert follower.in_flight() is None
    assert follower.begin(entries[0].offset, entries[1].offset).attempts == 1
    again = _follow(store.reopen())
    died = again.in_flight()
    assert died is not None
    assert died.attempts == 1
    entries = again.read(2)
    assert (died.first, died.last) == (entries[0].offset, entries[1].offset)
    assert again.begin(entries[0].offset, entries[1].offset) == InFlight(died.first, died.last, 2)
    again.commit(entries[1].offset)
    assert again.in_flight() is None
    assert not again.leader_works()
    leader = store.ports.articles.reader("detect")
    last = leader.read(1)[0].offset
    assert last > offsets[-1]
    leader.begin(last, last)
    assert again.leader_works()
    leader.commit(last)
    assert not again.leader_works()


def test_a_reader_that_is_forgotten_begins_anew(ports: Ports) -> None:
    """One that is not known is no error."""
    ports.articles.append([article(1), article(2)])
    _lead(ports, 2)
    follower = _follow(ports)
    follower.commit(follower.read(2)[-1].offset)
    ports.followed.forget("upgrade-2")
    ports.followed.forget("upgrade-2")
    assert _numbers(list(_follow(ports).read(9))) == [1, 2]


def test_nothing_expires_that_a_follower_has_yet_to_read(ports: Ports) -> None:
    """Until it is forgotten."""
    ports.articles.append([article(number) for number in range(3)])
    _lead(ports, 3)
    follower = _follow(ports)
    follower.commit(follower.read(1)[0].offset)
    assert ports.articles.expire(NOON + MINUTE) == 1
    assert follower.lag() == 2
    ports.followed.forget("upgrade-2")
    assert ports.articles.expire(NOON + MINUTE) == 2


def test_a_switch_waits_for_the_follower_and_for_what_is_unpublished(ports: Ports) -> None:
    """Where one store keeps the log and the findings; where nothing is left between them, it need not read."""
    ports.articles.append([article(number) for number in range(3)])
    _lead(ports, 2)
    follower = _follow(ports)
    ports.events.save([aggregate("agg-1", outbox=(development(1),))], [view("evt-one1")])
    generation = ports.generations.begin("new")
    ports.generations.findings(generation).save([], [view("evt-two2")])
    follower.commit(follower.read(1)[0].offset)
    with pytest.raises(Conflict):
        ports.generations.switch("upgrade-2", "detect")
    follower.commit(follower.read(1)[0].offset)
    with pytest.raises(Conflict):
        ports.generations.switch("upgrade-2", "detect")
    ports.events.mark_published([("agg-1", development(1).id)])
    _lead(ports, 1)
    with pytest.raises(Conflict):
        ports.generations.switch("upgrade-2", "detect")
    assert [hit.event.id for hit in ports.events.search(None)] == ["evt-one1"]
    ports.followed.forget("upgrade-2")
    ports.articles.expire(NOON + MINUTE)
    assert _follow(ports).lag() == 0
    ports.generations.switch("upgrade-2", "detect")
    assert [hit.event.id for hit in ports.events.search(None)] == ["evt-two2"]
