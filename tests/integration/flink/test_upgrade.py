"""`treatywire upgrade` while the detect job runs on the cluster, and articles keep coming."""

import threading
from pathlib import Path

import pytest

from schemas.vocabulary import Origin
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected

PART = 10


@pytest.mark.timeout(290)
def test_an_upgrade_beside_a_running_job_loses_and_doubles_nothing(install: Install, tmp_path: Path) -> None:
    """Every article is in the new generation, and was told live."""
    installed = install(article_partitions=2)
    articles = list(stream(300, relevant=0.3, size=800))
    installed.append(articles[:100])
    installed.start()
    installed.await_all(Expected(articles[:100]))
    ended = threading.Event()

    def append() -> None:
        for at in range(100, len(articles), PART):
            installed.append(articles[at : at + PART])
            ended.wait(2)

    appending = threading.Thread(target=append)
    appending.start()
    try:
        installed.command(tmp_path, "upgrade", "--again")
    finally:
        ended.set()
        appending.join()
    generations = installed.adapters.generations
    assert (generations.serving().number, generations.leaving()) == (2, None)
    installed.await_all(Expected(articles))
    assert installed.repeated() == 0
    assert {one.origin for one in installed.developments()} == {Origin.LIVE}
