"""A running job is replaced by another version of the program."""

import pytest

from connectors.flink import Job
from pipelines.jobs import distributed
from pipelines.jobs.cluster import READER
from schemas.errors import Unavailable
from schemas.ports import Standing
from tests.articles import stream
from tests.integration.flink.changed_graph import DetectCountedStream, DetectElsewhere
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected, Installation
from tests.waiting import until


@pytest.mark.timeout(280)
def test_another_graph_goes_on_from_a_savepoint_without_loss_or_repetition(install: Install) -> None:
    """Stopped in mid-work; the new graph has a step more in each stage. Each development is in the log once.

    The reader's place is put at the end of the log meanwhile: who did not go on from the savepoint would find nothing.
    """
    installed = install()
    articles = list(stream(1200, relevant=0.3, size=800))
    installed.append(articles[:800])
    savepoint = stopped_in_mid_work(installed, installed.start())
    installed.append(articles[800:])
    partitions = installed.adapters.kafka.article_partitions
    ends = installed.adapters.kafka.client.ends(installed.adapters.kafka.settings.articles)
    for partition, end in ends.items():
        partitions.stand(READER, partition, Standing(end))
    changed = DetectCountedStream(installed.settings)
    distributed.submit(installed.settings, installed.name, changed, savepoint=savepoint)
    installed.await_all(Expected(articles))
    assert installed.repeated() == 0


@pytest.mark.timeout(280)
def test_without_its_savepoint_a_job_goes_on_from_the_readers_place(install: Install) -> None:
    """A graph to which the savepoint does not belong is refused; without it nothing is lost."""
    installed = install()
    articles = list(stream(600, relevant=0.3, size=800))
    installed.append(articles[:400])
    savepoint = stopped_in_mid_work(installed, installed.start())
    installed.append(articles[400:])
    with pytest.raises(Unavailable, match="Cannot map checkpoint/savepoint state"):
        distributed.submit(installed.settings, installed.name, DetectElsewhere(installed.settings), savepoint=savepoint)
    distributed.submit(installed.settings, installed.name, DetectElsewhere(installed.settings))
    installed.await_all(Expected(articles))


def stopped_in_mid_work(installed: Installation, job: Job) -> str:
    """The savepoint of a job that is stopped as soon as something has come of it."""
    until(lambda: installed.adapters.developments.end() > 0, 60)
    return installed.cluster.stop(job.id)
