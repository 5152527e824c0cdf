"""Another generation of the findings is about to serve while the job runs."""

from datetime import UTC, datetime, timedelta

import pytest

from pipelines.jobs.cluster import READER
from schemas.ports import Standing
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected
from tests.waiting import until

LONG = timedelta(minutes=5)


@pytest.mark.timeout(280)
def test_a_job_that_is_asked_to_stand_still_begins_nothing_and_then_goes_on(install: Install) -> None:
    """Meanwhile its place in Kafka becomes that of all it has done: by that an upgrade sees when it may switch."""
    installed = install(article_partitions=2)
    articles = list(stream(200, relevant=0.3, size=800))
    installed.append(articles[:100])
    job = installed.start()
    installed.await_all(Expected(articles[:100]))
    kafka, generations = installed.adapters.kafka, installed.adapters.generations
    ends = kafka.client.ends(kafka.settings.articles)
    generations.hold(datetime.now(UTC) + LONG)
    until(
        lambda: all(kafka.article_partitions.standing(READER, part) == Standing(end) for part, end in ends.items()), 60
    )
    told = installed.adapters.developments.end()
    checkpoints = installed.cluster.fares(job.id).checkpoints
    installed.append(articles[100:])
    until(lambda: installed.cluster.fares(job.id).checkpoints > checkpoints + 5, 60)
    assert installed.adapters.developments.end() == told
    generations.hold(None)
    installed.await_all(Expected(articles))
    assert len(generations.serving().detectors) == 1
