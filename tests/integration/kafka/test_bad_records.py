"""Records that others have put on our topics."""

from collections.abc import Iterator
from typing import Any

import pytest
from kafka import KafkaProducer

from schemas.codec import encode
from schemas.ports import Entry, Unreadable
from tests.integration.contract.records import article, development, letter
from tests.integration.kafka.conftest import Connect, Install
from tests.integration.kafka.server import GuardedKafka

TYPE = [("ce_type", b"treatywire.article.v1")]
KEY = article(1).id.encode()
BAD = {
    "not JSON": (KEY, b"\xff{", TYPE, "not a valid Article: JSON is malformed"),
    "another type": (KEY, b"[]", TYPE, "not a valid Article: Expected `object`, got `array`"),
    "unknown version": (
        KEY,
        encode(article(1)),
        [("ce_type", b"treatywire.article.v2")],
        "ce_type is 'treatywire.article.v2'; this program reads treatywire.article.v1",
    ),
    "no headers": (KEY, encode(article(1)), [], "no header ce_type; takes treatywire.article.v1"),
    "wrong key": (b"art-2", encode(article(1)), TYPE, "the key is b'art-2', the record's own 'art-0"),
    "no key": (None, encode(article(1)), TYPE, "the key is None"),
    "no value": (KEY, None, TYPE, "no value"),
    "10 MB": (KEY, encode(article(1, text="x" * 10_000_000)), TYPE, r"100\d{5} bytes; a record has 8388608 at most"),
}


@pytest.fixture
def foreigner(broker: GuardedKafka) -> Iterator[Any]:
    """A producer that knows nothing of us."""
    producer = KafkaProducer(bootstrap_servers=broker.bootstrap, max_request_size=20_000_000)
    yield producer
    producer.close()


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_record_is_unreadable_and_the_others_come(
    kind: str, install: Install, connect: Connect, foreigner: Any
) -> None:
    """Its bytes are kept, the reason says where it stands and what is wrong, and its neighbours are read."""
    settings = install()
    key, value, headers, reason = BAD[kind]
    log = connect(settings).articles
    log.append([article(7)])
    foreigner.send(settings.articles, key=key, value=value, headers=headers).get(10)
    log.append([article(8)])
    entries: list[Entry[Any]] = []
    reader = log.reader("detect")
    while len(entries) < 3:
        entries += reader.read(3)
        reader.commit(entries[-1].offset)
    before, bad, after = entries
    assert (before, after) == (Entry(1, article(7)), Entry(3, article(8)))
    assert bad.offset == 2
    assert isinstance(bad.record, Unreadable)
    assert bad.record.data == (value or b"")
    assert bad.record.reason.startswith(f"{settings.articles}, partition 0, offset 1: ")
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(bad.record.reason)


def test_a_bad_development_is_unreadable_by_position_too(install: Install, connect: Connect, foreigner: Any) -> None:
    """Whoever keeps a position of its own meets it as well."""
    settings = install()
    log = connect(settings).developments
    foreigner.send(settings.developments, key=b"dos-one", value=b"{}").get(10)
    log.append([development(1)])
    bad, good = log.after(0, 10)
    assert isinstance(bad.record, Unreadable)
    assert good == Entry(2, development(1))


def test_a_bad_dead_letter_hides_no_other(install: Install, connect: Connect, foreigner: Any) -> None:
    """It stays on the topic, is logged, and is not counted."""
    settings = install()
    letters = connect(settings).dead_letters
    foreigner.send(settings.dead_letters, key=b"dead-x", value=b"?").get(10)
    letters.add([letter(1)])
    assert list(letters.list()) == [letter(1)]
    assert dict(letters.count()) == {letter(1).stage: 1}
