"""A reader that follows another over a topic: the contract, and what several partitions add."""

from collections import Counter

from schemas.article import Article
from tests.integration.contract.records import article
from tests.integration.contract.test_followed import (
    test_a_follower_never_passes_its_leader as test_a_follower_never_passes_its_leader,
)
from tests.integration.contract.test_followed import (
    test_a_reader_that_is_forgotten_begins_anew as test_a_reader_that_is_forgotten_begins_anew,
)
from tests.integration.contract.test_followed import (
    test_work_in_flight_survives_the_follower as test_work_in_flight_survives_the_follower,
)
from tests.integration.kafka.conftest import Connect, Install


def test_a_follower_of_several_partitions_gives_just_what_was_committed(install: Install, connect: Connect) -> None:
    """Whatever the order in which the leader took the partitions; after each commit, and another process goes on."""
    settings = install(3)
    leader = connect(settings)
    leader.articles.append([article(number) for number in range(60)])
    reader = leader.articles.reader("detect")
    passed: Counter[str] = Counter()
    followed: Counter[str] = Counter()
    while sum(passed.values()) < 60:
        follower = connect(settings).followed.follow("upgrade-2", "detect")
        entries = reader.read(11)
        reader.commit(entries[-1].offset)
        passed.update(entry.record.id for entry in entries if isinstance(entry.record, Article))
        assert follower.lag() == sum((passed - followed).values())
        while follower.lag():
            batch = follower.read(4)
            if batch:
                follower.begin(batch[0].offset, batch[-1].offset)
                followed.update(entry.record.id for entry in batch if isinstance(entry.record, Article))
                follower.commit(batch[-1].offset)
        assert followed == passed
    assert set(followed.values()) == {1}
