"""Following a partition, and finding what the process dies of."""

from collections.abc import Iterable

from pipelines.transforms.partition_follower import COPY_EVERY_S, DEATHS, PartitionFollower
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.codec import decode
from schemas.errors import Unavailable
from schemas.ports import Entry, InFlight, Portion, Standing
from tests.articles import stream


class Log:
    """One partition in memory, and where a reader stands."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self.entries = [Entry(number, article) for number, article in enumerate(articles, 1)]
        self.stands = Standing(0)
        self.away = self.still = False
        self.moves = self.expired = 0

    def held(self) -> bool:
        return self.still

    def count(self) -> int:
        return 1

    def read(self, partition: int, offset: int, limit: int) -> Portion[Article]:
        if self.away:
            raise Unavailable("away")
        begins = max(offset, self.expired)
        found = self.entries[begins : begins + limit]
        return Portion(found, begins + len(found), begins - offset)

    def standing(self, name: str, partition: int) -> Standing:
        return self.stands

    def stand(self, name: str, partition: int, standing: Standing) -> None:
        self.moves += 1
        self.stands = standing


class Killed(BaseException):
    """What a death looks like to a test: nothing of the process runs on."""


def live(log: Log, offset: int | None, deadly: int | None = None) -> list[Entry[Article] | Rejected]:
    """What a new process gives until there is no more; an entry of this offset kills it, whatever runs on then."""
    follower = PartitionFollower(log, "detect", 0)
    given: list[Entry[Article] | Rejected] = []
    turn = follower.follow(offset)
    for found in turn:
        if isinstance(found, Entry) and found.offset - 1 == deadly:
            stands = log.stands
            turn.close()
            log.stands = stands
            raise Killed
        given.append(found)
    return given


def test_entries_come_in_order_from_the_runners_place() -> None:
    """And from the reader's where the runner has none."""
    log = Log(stream(9))
    log.stands = Standing(4)
    assert live(log, 2) == log.entries[2:]
    log.stands = Standing(4)
    assert live(log, None) == log.entries[4:]


def test_entries_that_expired_are_passed_over_and_counted() -> None:
    """Once, however often it is asked."""
    log = Log(stream(9))
    log.expired = 4
    follower = PartitionFollower(log, "detect", 0)
    assert list(follower.follow(1)) == log.entries[4:]
    assert list(follower.follow(9)) == []
    assert follower.missed == 3


def test_what_kills_the_process_is_set_aside_alone() -> None:
    """After one death in a whole portion and three by itself; all others come, from each start again."""
    log = Log(stream(9))
    deaths = 0
    while True:
        try:
            given = live(log, 0, deadly=6)
        except Killed:
            deaths += 1
            assert deaths < 10
        else:
            break
    assert deaths == 1 + DEATHS
    [rejected] = [found for found in given if isinstance(found, Rejected)]
    assert decode(rejected.data, Article) == log.entries[6].record
    assert [found for found in given if found is not rejected] == log.entries[:6] + log.entries[7:]
    assert log.stands.begun is None


def test_deaths_at_different_places_blame_nobody() -> None:
    """As when a whole machine is restarted now and then: each start begins further on."""
    log = Log(stream(40))
    for place in range(0, 30, 3):
        try:
            given = live(log, place, deadly=place + 5)
        except Killed:
            continue
        assert not any(isinstance(found, Rejected) for found in given)
    assert live(log, 30) == log.entries[30:]


class Clock:
    """Seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_place_that_is_copied_is_that_of_an_earlier_bundle() -> None:
    """What the bundle at hand gives may still be under way when the checkpoint that holds it is complete."""
    log, clock = Log(stream(20)), Clock()
    follower = PartitionFollower(log, "detect", 0, clock)
    log.entries, later = log.entries[:9], log.entries[9:]
    assert len(list(follower.follow(None))) == 9
    assert log.stands == Standing(0, InFlight(0, 4999, 1))
    assert follower.copy_due() is None
    log.entries += later
    assert len(list(follower.follow(9))) == 11
    assert follower.copy_due() is None  # too soon
    clock.now += COPY_EVERY_S
    assert follower.copy_due() == 9
    follower.finished(9)
    assert log.stands == Standing(9)
    clock.now += COPY_EVERY_S
    assert follower.copy_due() == 20
    follower.finished(20)
    clock.now += COPY_EVERY_S
    assert follower.copy_due() is None
    assert log.stands == Standing(20)


def test_a_place_from_before_the_runner_began_again_is_not_copied() -> None:
    """It went back to a checkpoint that knows nothing of it."""
    log, clock = Log(stream(20)), Clock()
    follower = PartitionFollower(log, "detect", 0, clock)
    list(follower.follow(None))
    assert follower.copy_due() is None
    log.entries = log.entries[:12]
    list(follower.follow(5))
    clock.now += COPY_EVERY_S
    assert follower.copy_due() is None
    clock.now += COPY_EVERY_S
    assert follower.copy_due() == 12


def test_a_log_that_is_away_leaves_the_place_where_it_was() -> None:
    """Also at the very first start, where there is none."""
    log = Log(stream(9))
    log.away = True
    follower = PartitionFollower(log, "detect", 0)
    for _ in range(2):
        try:
            list(follower.follow(3))
        except Unavailable:
            assert follower.place == 3
        else:
            raise AssertionError("it was away")
    log.away = False
    assert list(follower.follow(3)) == log.entries[3:]


def test_a_reader_that_is_held_begins_nothing_and_shows_what_it_has_not_copied() -> None:
    """Until that is copied: then who waits for it knows that all before the place is done. It counts as no death."""
    log = Log(stream(9))
    follower = PartitionFollower(log, "detect", 0)
    assert len(list(follower.follow(None))) == 9
    follower.finished(0)
    assert log.stands == Standing(0)
    log.still = True
    log.entries += [Entry(10, log.entries[0].record)]
    assert list(follower.follow(9)) == []
    assert log.stands == Standing(0, InFlight(0, 8, 0))
    follower.finished(4)
    assert log.stands == Standing(4, InFlight(4, 8, 0))
    assert live(log, 4) == []
    assert log.stands.begun == InFlight(4, 5003, 1)
    follower.finished(9)
    assert log.stands == Standing(9)
    log.still = False
    assert list(follower.follow(9)) == log.entries[9:]
