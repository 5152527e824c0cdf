"""What cannot be used goes to the dead letters, and everything else comes through."""

from typing import Any

import pytest
from msgspec.structs import replace

from connectors.kafka.cloud_event import ARTICLE
from connectors.kafka.library import KafkaProducer
from pipelines.jobs import distributed
from pipelines.jobs.cluster import READER
from pipelines.jobs.worker import OpenConsolidator, OpenLog
from pipelines.transforms.detect_stream import DetectStream
from schemas.article import Article
from schemas.codec import decode
from schemas.vocabulary import Origin, Stage
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected, Installation
from tests.integration.flink.poisonous import KILLS, RAISES, poisonous
from tests.waiting import until

FOUND_S = 200.0
"""A killed worker is noticed, and the job started again, four times."""


def send_raw(installed: Installation, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
    """What no writer of ours would send."""
    settings = installed.adapters.kafka.settings
    producer: Any = KafkaProducer(bootstrap_servers=settings.bootstrap, max_request_size=12 * 1024 * 1024)
    producer.send(settings.articles, key=key, value=value, headers=headers).get(timeout=20)
    producer.close()


@pytest.mark.timeout(290)
def test_bad_records_and_poisonous_articles_are_set_aside_and_the_rest_comes_through(install: Install) -> None:
    """Not JSON, another schema version, a foreign key, 10 MB; one that makes the detector raise, one that kills it."""
    installed = install(article_partitions=2)
    good = list(stream(60, relevant=0.5, size=800))
    raises, kills, *rest = good
    raises, kills = replace(raises, text=RAISES), replace(kills, text=KILLS)
    headers = ARTICLE.written(rest[0]).headers
    installed.append([*rest[:20], raises])
    send_raw(installed, b"art-1", b"{", headers)
    send_raw(installed, b"art-2", b"{}", [("ce_type", b"treatywire.article.v9")])
    send_raw(installed, b"another", ARTICLE.written(rest[0]).value, headers)
    send_raw(installed, b"art-3", b" " * (10 * 1024 * 1024), headers)
    installed.append([kills, *rest[20:]])
    transform = DetectStream(
        OpenLog(installed.settings),
        OpenConsolidator(installed.settings, Origin.LIVE),
        poisonous,
        reader=READER,
        max_parallelism=128,
    )
    distributed.submit(installed.settings, installed.name, transform)
    until(lambda: sum(installed.adapters.dead_letters.count().values()) == 6, FOUND_S, every=0.5)
    installed.await_all(Expected(rest))
    letters = installed.adapters.dead_letters.list()
    records = {letter.reason.split(": ", 1)[1].split(";")[0][:30] for letter in letters if letter.stage is Stage.RECORD}
    assert len(records) == 4
    articles = {decode(letter.data, Article): letter.reason for letter in letters if letter.stage is Stage.ARTICLE}
    assert articles.keys() == {raises, kills}
    assert "ZeroDivisionError: a bug that one article finds" in articles[raises]
    assert articles[kills] == "killed the process 3 times"
