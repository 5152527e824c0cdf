"""Named readers, over both logs."""

from collections.abc import Callable

import pytest

from schemas.ports import InFlight, Reader
from tests.integration.contract import records
from tests.integration.contract.stores import Ports, Store


def _articles(ports: Ports, name: str) -> "Reader[object]":
    ports.articles.append([records.article(number) for number in range(1, 6)])
    return ports.articles.reader(name)


def _developments(ports: Ports, name: str) -> "Reader[object]":
    ports.developments.append([records.development(number) for number in range(1, 6)])
    return ports.developments.reader(name)


Opener = Callable[[Ports, str], "Reader[object]"]
both_logs = pytest.mark.parametrize("reader", [_articles, _developments])


@both_logs
def test_a_new_reader_stands_before_the_first_entry(ports: Ports, reader: Opener) -> None:
    """It has committed nothing and begun nothing."""
    new = reader(ports, "new")
    assert new.position() == 0
    assert new.in_flight() is None


@both_logs
def test_read_gives_entries_in_order_and_moves_nothing(ports: Ports, reader: Opener) -> None:
    """The same entries come until they are committed, never more than asked for."""
    new = reader(ports, "new")
    first = new.read(3)
    assert len(first) == 3
    assert new.read(3) == first
    assert [entry.offset for entry in first] == sorted({entry.offset for entry in first})
    assert first[0].offset > 0
    assert len(new.read(100)) == 5


@both_logs
def test_read_goes_on_after_the_position(ports: Ports, reader: Opener) -> None:
    """What is committed does not come again; at the end nothing comes."""
    new = reader(ports, "new")
    entries = new.read(100)
    new.commit(entries[1].offset)
    assert new.position() == entries[1].offset
    assert new.read(100) == entries[2:]
    new.commit(entries[4].offset)
    assert list(new.read(100)) == []


@both_logs
def test_lag_is_what_is_not_committed(ports: Ports, reader: Opener) -> None:
    """Read or not; it costs nothing to ask, and moves nothing."""
    new = reader(ports, "new")
    assert new.lag() == 5
    entries = new.read(3)
    assert new.lag() == 5
    new.commit(entries[1].offset)
    assert new.lag() == 3
    new.commit(new.read(100)[-1].offset)
    assert new.lag() == 0


@both_logs
def test_commit_never_goes_back(ports: Ports, reader: Opener) -> None:
    """A late commit of an earlier offset changes nothing."""
    new = reader(ports, "new")
    entries = new.read(100)
    new.commit(entries[3].offset)
    new.commit(entries[0].offset)
    assert new.position() == entries[3].offset


@both_logs
def test_two_names_are_two_readers(ports: Ports, reader: Opener) -> None:
    """Neither position nor work of one is seen by the other."""
    one, other = reader(ports, "one"), reader(ports, "other")
    entries = one.read(100)
    one.begin(entries[2].offset, entries[4].offset)
    one.commit(entries[1].offset)
    one.begin(entries[2].offset, entries[4].offset)
    assert other.position() == 0
    assert other.in_flight() is None
    assert other.read(100) == entries


def test_the_same_name_on_two_logs_is_two_readers(ports: Ports) -> None:
    """A position belongs to a log."""
    articles, developments = _articles(ports, "same"), _developments(ports, "same")
    articles.begin(1, 2)
    articles.commit(2)
    articles.begin(3, 4)
    assert developments.position() == 0
    assert developments.in_flight() is None


@both_logs
def test_begin_counts_how_often_the_same_entries_were_begun(ports: Ports, reader: Opener) -> None:
    """Other entries begin at one."""
    new = reader(ports, "new")
    assert new.begin(1, 4) == InFlight(1, 4, 1)
    assert new.begin(1, 4) == InFlight(1, 4, 2)
    assert new.begin(1, 2) == InFlight(1, 2, 1)
    assert new.begin(1, 4) == InFlight(1, 4, 1)
    assert new.begin(2, 4) == InFlight(2, 4, 1)


@both_logs
def test_commit_forgets_what_was_in_flight(ports: Ports, reader: Opener) -> None:
    """The next time the same entries are begun it is the first."""
    new = reader(ports, "new")
    new.begin(1, 4)
    new.begin(1, 4)
    new.commit(2)
    assert new.in_flight() is None
    assert new.begin(1, 4) == InFlight(1, 4, 1)


@both_logs
def test_position_and_work_in_flight_survive_the_process(store: Store, reader: Opener) -> None:
    """The next process learns where it stands and what the last one died of, and goes on counting."""
    before = reader(store.ports, "detect")
    entries = before.read(100)
    before.commit(entries[0].offset)
    before.begin(entries[1].offset, entries[3].offset)
    after = reader(store.reopen(), "detect")
    assert after.position() == entries[0].offset
    assert after.in_flight() == InFlight(entries[1].offset, entries[3].offset, 1)
    assert after.read(100) == entries[1:]
    assert after.begin(entries[1].offset, entries[3].offset) == InFlight(entries[1].offset, entries[3].offset, 2)


@both_logs
def test_a_second_object_of_the_same_name_stands_at_the_same_place(ports: Ports, reader: Opener) -> None:
    """The name is the reader, not the object."""
    one, same = reader(ports, "detect"), reader(ports, "detect")
    one.commit(one.read(2)[1].offset)
    assert same.position() == one.position()
    assert same.read(100) == one.read(100)
