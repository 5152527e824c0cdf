"""The contract that every store keeps, asked of Kafka with one partition: the tests are those of the other adapters.

Left out are those of what a topic cannot do, which the ports allow: it does not look for an id that is there, and it is
the broker that expires. What holds instead is in `test_logs.py`.
"""

import pytest

from schemas.ports import InFlight
from tests.integration.contract import test_article_log as article_log
from tests.integration.contract import test_development_log as development_log
from tests.integration.contract.records import article
from tests.integration.contract.stores import Store
from tests.integration.contract.test_dead_letters import *  # noqa: F403 - all of them hold
from tests.integration.contract.test_readers import *  # noqa: F403 - all of them hold but the one below

pytestmark = pytest.mark.everyday

test_articles_keep_order_and_content = article_log.test_append_keeps_order_and_content
test_appending_no_article_is_nothing = article_log.test_appending_nothing_is_nothing
test_end_of_articles_is_the_offset_of_the_last_entry = article_log.test_end_is_the_offset_of_the_last_entry
test_a_reader_of_articles_counts_from_its_first_opening = article_log.test_a_reader_counts_from_its_first_opening
test_developments_keep_order_and_content = development_log.test_append_keeps_order_and_content
test_developments_after_an_offset = development_log.test_after_gives_up_to_limit_entries_after_an_offset


def test_position_and_work_in_flight_survive_the_process(store: Store) -> None:  # type: ignore[no-redef]
    """As the suite's own test of this name, which appends its entries twice and counts on a log that looks for them."""
    store.ports.articles.append([article(number) for number in range(5)])
    before = store.ports.articles.reader("detect")
    entries = before.read(100)
    before.commit(entries[0].offset)
    before.begin(entries[1].offset, entries[3].offset)
    after = store.reopen().articles.reader("detect")
    assert after.position() == entries[0].offset
    assert after.in_flight() == InFlight(entries[1].offset, entries[3].offset, 1)
    assert after.read(100) == entries[1:]
    assert after.begin(entries[1].offset, entries[3].offset) == InFlight(entries[1].offset, entries[3].offset, 2)
