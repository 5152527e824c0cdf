"""The contract that every store keeps, asked of Kafka with one partition: the tests are those of the other adapters.

Left out are those of what a topic cannot do, which the ports allow: it does not look for an id that is there, and it is
the broker that expires. What holds instead is in `test_logs.py`.
"""

from tests.integration.contract import test_article_log as article_log
from tests.integration.contract import test_development_log as development_log
from tests.integration.contract.test_dead_letters import *  # noqa: F403 - all of them hold
from tests.integration.contract.test_readers import *  # noqa: F403 - all of them hold

test_articles_keep_order_and_content = article_log.test_append_keeps_order_and_content
test_appending_no_article_is_nothing = article_log.test_appending_nothing_is_nothing
test_end_of_articles_is_the_offset_of_the_last_entry = article_log.test_end_is_the_offset_of_the_last_entry
test_a_reader_of_articles_counts_from_its_first_opening = article_log.test_a_reader_counts_from_its_first_opening
test_developments_keep_order_and_content = development_log.test_append_keeps_order_and_content
test_developments_after_an_offset = development_log.test_after_gives_up_to_limit_entries_after_an_offset
