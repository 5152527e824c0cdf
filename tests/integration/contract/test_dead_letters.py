"""Dead letters."""

from msgspec.structs import replace

from schemas.vocabulary import Stage
from tests.integration.contract.records import MINUTE, NOON, letter
from tests.integration.contract.stores import Ports, Store


def test_letters_are_listed_newest_first(store: Store) -> None:
    """By the time of recording, and in one moment the later added first; also by the next process."""
    store.ports.dead_letters.add([letter(1, at=5), letter(2, at=9), letter(3, at=5), letter(4, at=1)])
    expected = [letter(2, at=9), letter(3, at=5), letter(1, at=5), letter(4, at=1)]
    assert list(store.ports.dead_letters.list()) == expected
    assert list(store.reopen().dead_letters.list()) == expected


def test_a_letter_that_is_there_adds_its_attempts(ports: Ports) -> None:
    """The same input is one letter, with all its attempts, the latest reason and the first time."""
    ports.dead_letters.add([letter(1, reason="First."), letter(1, reason="Second.", at=3)])
    ports.dead_letters.add([replace(letter(1, reason="Third.", at=4), attempts=3)])
    assert list(ports.dead_letters.list()) == [replace(letter(1, reason="Third."), attempts=5)]


def test_the_list_may_be_of_one_stage_and_is_limited(ports: Ports) -> None:
    """Letters of other stages neither show nor count against the limit."""
    ports.dead_letters.add([letter(number, stage=Stage.FEED, at=number) for number in range(3)])
    ports.dead_letters.add([letter(9, stage=Stage.RECORD, at=9)])
    assert list(ports.dead_letters.list(Stage.FEED, limit=2)) == [
        letter(2, stage=Stage.FEED, at=2),
        letter(1, stage=Stage.FEED, at=1),
    ]
    assert list(ports.dead_letters.list(limit=1)) == [letter(9, stage=Stage.RECORD, at=9)]
    assert list(ports.dead_letters.list(Stage.ARTICLE)) == []


def test_removed_letters_are_forgotten(ports: Ports) -> None:
    """Unknown ids are no error; one that comes again begins anew."""
    ports.dead_letters.add([letter(1), letter(2)])
    ports.dead_letters.remove([letter(1).id, "dead-unknown"])
    assert list(ports.dead_letters.list()) == [letter(2)]
    ports.dead_letters.add([letter(1)])
    assert letter(1) in ports.dead_letters.list()


def test_letters_expire_by_the_time_of_recording(ports: Ports) -> None:
    """Those recorded at the moment itself stay."""
    ports.dead_letters.add([letter(1, at=1), letter(2, at=2), letter(3, at=3)])
    assert ports.dead_letters.expire(NOON + 2 * MINUTE) == 1
    assert list(ports.dead_letters.list()) == [letter(3, at=3), letter(2, at=2)]
    assert ports.dead_letters.expire(NOON) == 0


def test_count_tells_how_many_of_each_stage(ports: Ports) -> None:
    """A repeated letter is one."""
    assert dict(ports.dead_letters.count()) == {}
    ports.dead_letters.add([letter(1), letter(1), letter(2), letter(3, stage=Stage.FEED)])
    assert dict(ports.dead_letters.count()) == {Stage.ARTICLE: 2, Stage.FEED: 1}


def test_old_letters_expire(ports: Ports) -> None:
    """Those recorded before the given time are forgotten, those at that time are kept."""
    ports.dead_letters.add([letter(1, at=1), letter(2, at=5), letter(3, at=9)])
    assert ports.dead_letters.expire(letter(2, at=5).recorded) == 1
    assert list(ports.dead_letters.list()) == [letter(3, at=9), letter(2, at=5)]
    assert ports.dead_letters.expire(letter(2, at=5).recorded) == 0
