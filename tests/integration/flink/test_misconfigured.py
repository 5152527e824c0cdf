"""What only a person can mend ends the job, instead of starting it again for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.elasticsearch.indices import STATES
from deploy.local import Flink, flink_cluster
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected
from tests.waiting import until


@pytest.fixture(scope="module")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flink]:
    """A cluster as ours are, which loses patience sooner."""
    sooner = {
        "restart-strategy.exponential-delay.attempts-before-reset-backoff": "2",
        "restart-strategy.exponential-delay.max-backoff": "1 s",
    }
    with flink_cluster(tmp_path_factory.mktemp("flink"), settings=sooner) as cluster:
        yield cluster


@pytest.mark.timeout(280)
def test_a_job_whose_index_is_gone_fails_and_says_why(install: Install, tmp_path: Path) -> None:
    """`treatywire jobs` shows it until another runs; with the index mended, the next one goes on and loses nothing."""
    installed = install(article_partitions=2)
    articles = list(stream(60, relevant=0.5, size=800))
    installed.append(articles[:30])
    job = installed.start()
    installed.await_all(Expected(articles[:30]))
    cluster = installed.adapters.cluster
    [index] = cluster.client.indices.get_alias(name=cluster.alias(STATES))
    cluster.client.indices.delete_alias(index=index, name=cluster.alias(STATES))
    installed.append(articles[30:])
    until(lambda: installed.cluster.state(job.id) == "FAILED", 90, every=0.5)
    shown = installed.command(tmp_path, "jobs")
    assert f"{job.id}  {installed.name}  FAILED" in shown
    assert "last failure: Misconfigured: elasticsearch: there is no alias" in shown
    assert "`treatywire index create` makes it" in shown

    cluster.client.indices.put_alias(index=index, name=cluster.alias(STATES), is_write_index=True)
    installed.command(tmp_path, "submit")
    installed.await_all(Expected(articles))
    assert job.id not in installed.command(tmp_path, "jobs")
