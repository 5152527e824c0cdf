"""The job with its workers in the process that submits it: for trying out."""

import signal
from pathlib import Path

import pytest

from schemas.flink_settings import LOOPBACK
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected


@pytest.mark.timeout(280)
def test_the_job_runs_with_the_command_and_ends_with_a_savepoint(install: Install, tmp_path: Path) -> None:
    """`treatywire job detect --runner flink`; SIGTERM is the end of both."""
    installed = install(article_partitions=2, workers=LOOPBACK)
    articles = list(stream(200, relevant=0.3, size=800))
    installed.append(articles)
    process = installed.treatywire(tmp_path, "job", "detect", "--runner", "flink")
    try:
        installed.await_all(Expected(articles))
        [job] = installed.running()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        process.kill()
    assert not installed.running()
    assert installed.cluster.last_savepoint(installed.name)
    assert installed.cluster.state(job.id) == "FINISHED"
