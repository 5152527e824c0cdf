"""The articles log."""

from msgspec.structs import replace

from schemas.article import Article
from schemas.ports import ArticleLog
from tests.integration.contract.records import MINUTE, NOON, article
from tests.integration.contract.stores import Ports, Store


def _all(log: ArticleLog) -> list[Article | object]:
    return [entry.record for entry in log.reader("all").read(1000)]


def test_append_keeps_order_and_content(store: Store) -> None:
    """What was appended is read as it was, also by the next process."""
    written = [article(3, text="Ü\0 \U0001f54a"), article(1), article(2)]
    store.ports.articles.append(written[:2])
    store.ports.articles.append(written[2:])
    assert _all(store.ports.articles) == written
    assert _all(store.reopen().articles) == written


def test_the_same_id_and_revision_is_appended_once(ports: Ports) -> None:
    """A repeated delivery is the same entry, in one call or in two; another revision is another entry."""
    ports.articles.append([article(1), article(1), article(2)])
    ports.articles.append([article(2), article(1), article(1, revision=3), article(1, revision=2)])
    assert _all(ports.articles) == [article(1), article(2), article(1, revision=3), article(1, revision=2)]


def test_another_text_under_a_revision_that_is_taken_is_not_lost(ports: Ports) -> None:
    """A text that changed between a crash and the next poll comes under the same revision: both are there."""
    changed = replace(article(1, text="Changed."), content_hash="other")
    ports.articles.append([article(1)])
    ports.articles.append([changed])
    assert _all(ports.articles) == [article(1), changed]


def test_append_again_moves_an_entry_to_the_end(ports: Ports) -> None:
    """Every reader meets it once more, also one that has passed it; it is not there twice."""
    ports.articles.append([article(1), article(2)])
    reader = ports.articles.reader("detect")
    reader.commit(ports.articles.end())
    ports.articles.append([article(1), article(3)], again=True)
    assert [entry.record for entry in reader.read(10)] == [article(1), article(3)]
    assert _all(ports.articles) == [article(2), article(1), article(3)]


def test_end_is_the_offset_of_the_last_entry(store: Store) -> None:
    """Repeats do not move it, so that a reader that has read everything stands at it."""
    log = store.ports.articles
    assert log.end() == 0
    log.append([article(1), article(2)])
    log.append([article(2), article(1)])
    assert log.end() == log.reader("all").read(10)[-1].offset
    assert store.reopen().articles.end() == log.end()


def test_appending_nothing_is_nothing(ports: Ports) -> None:
    """An empty poll leaves the log empty."""
    ports.articles.append([])
    assert ports.articles.end() == 0


def test_expire_deletes_what_is_old_and_passed_by_every_reader(ports: Ports) -> None:
    """Neither the young nor what a reader has still to read goes; offsets are not given anew."""
    log = ports.articles
    log.append([article(number, fetched=NOON + number * MINUTE) for number in range(6)])
    ahead, behind = log.reader("ahead"), log.reader("behind")
    entries = ahead.read(10)
    ahead.commit(entries[5].offset)
    behind.commit(entries[2].offset)
    assert log.expire(NOON + 2 * MINUTE) == 2
    assert log.expire(NOON + 5 * MINUTE) == 1
    assert _all(log) == [article(number, fetched=NOON + number * MINUTE) for number in range(3, 6)]
    behind.commit(entries[5].offset)
    log.reader("all").commit(entries[5].offset)
    assert log.expire(NOON + 100 * MINUTE) == 3
    assert log.end() == entries[5].offset
    log.append([article(7)])
    assert [entry.offset > entries[5].offset for entry in ahead.read(10)] == [True]


def test_a_reader_counts_from_its_first_opening(ports: Ports) -> None:
    """Nothing expires that a reader has not begun to read."""
    ports.articles.append([article(1)])
    reader = ports.articles.reader("detect")
    assert ports.articles.expire(NOON + MINUTE) == 0
    assert [entry.record for entry in reader.read(10)] == [article(1)]


def test_what_expired_may_come_again(ports: Ports) -> None:
    """The log knows only what it holds; telling old from new for ever is the feeds' business."""
    ports.articles.append([article(1)])
    reader = ports.articles.reader("detect")
    reader.commit(ports.articles.end())
    assert ports.articles.expire(NOON + MINUTE) == 1
    ports.articles.append([article(1)])
    assert [entry.record for entry in reader.read(10)] == [article(1)]


def test_expire_deletes_any_number(ports: Ports) -> None:
    """Also more than go in one step."""
    log = ports.articles
    log.append([article(number) for number in range(1205)])
    log.reader("detect").commit(log.end())
    assert log.expire(NOON) == 0
    assert log.expire(NOON + MINUTE) == 1205
    assert list(log.reader("new").read(10)) == []
