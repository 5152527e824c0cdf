"""What the workers count is shown by Flink: the dashboard asks for it."""

import pytest

from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected, Installation
from tests.waiting import until

SHOWN_S = 60.0
"""Flink renews such figures every ten seconds."""


def counted(installed: Installation, job: str) -> dict[str, int]:
    """The sums of our counters over all subtasks, by name."""
    ask, sums = installed.cluster._ask, dict[str, int]()
    for vertex in ask("GET", f"/jobs/{job}")["vertices"]:
        at = f"/jobs/{job}/vertices/{vertex['id']}/metrics"
        for metric in ask("GET", at):
            name = metric["id"].rpartition(".")[2]
            if name.startswith(("read_", "detect_")):
                [found] = ask("GET", f"{at}?get={metric['id']}")
                sums[name] = sums.get(name, 0) + int(found["value"])
    return sums


@pytest.mark.timeout(280)
def test_read_detected_and_missed_articles_are_counted(install: Install) -> None:
    """Under the names that the reporter puts behind its own ``flink_taskmanager_job_task_operator_``."""
    installed = install(article_partitions=2)
    articles = list(stream(40, relevant=0.5, size=800))
    installed.append(articles)
    job = installed.start()
    installed.await_all(Expected(articles))
    counts = until(lambda: found if (found := counted(installed, job.id)).get("detect_articles") else None, SHOWN_S)
    assert counts["read_entries"] == counts["detect_articles"] == len(articles)
    assert counts["detect_mentions"] > 0
    assert counts["read_missed"] == 0
