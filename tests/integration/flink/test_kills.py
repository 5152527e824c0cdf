"""Parts of the cluster are killed while articles come: nothing is lost, and the findings are those of a quiet run."""

import os
import signal
from collections.abc import Callable

import pytest

from deploy.local import Elasticsearch, Flink, Kafka
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected
from tests.waiting import until

PART = 300


Servers = tuple[Kafka, Elasticsearch, Flink]


def kill_worker(servers: Servers) -> None:
    """Every Python worker there is."""
    for pid in servers[2].workers():
        os.kill(pid, signal.SIGKILL)


def kill_task_manager(servers: Servers) -> None:
    """And starts another."""
    servers[2].kill("taskmanager")
    servers[2].restart("taskmanager")


def kill_broker(servers: Servers) -> None:
    """And starts it again."""
    servers[0].kill()
    servers[0].restart()


def kill_elasticsearch(servers: Servers) -> None:
    """And starts it again."""
    servers[1].kill()
    servers[1].restart()


OF_FLINK = [pytest.param(kill, marks=pytest.mark.everyday) for kill in (kill_worker, kill_task_manager)]
"""Those of the two servers are struck in served mode, too, every day."""


@pytest.mark.timeout(290)
@pytest.mark.parametrize("kill", [*OF_FLINK, kill_broker, kill_elasticsearch])
def test_a_kill_loses_nothing(
    install: Install, kafka: Kafka, elasticsearch: Elasticsearch, flink: Flink, kill: Callable[[Servers], None]
) -> None:
    """By SIGKILL, in mid-work; more comes while the part is away."""
    installed = install()
    articles = list(stream(3 * PART, relevant=0.3, size=800))
    installed.append(articles[:PART])
    job = installed.start()
    until(lambda: installed.adapters.developments.end() > 0, 60)
    installed.append(articles[PART : 2 * PART])
    kill((kafka, elasticsearch, flink))
    installed.append(articles[2 * PART :])
    installed.await_all(Expected(articles))
    if kill in (kill_worker, kill_task_manager):
        until(lambda: installed.cluster.fares(job.id).restarts > 0)  # a figure that Flink renews every 10 s
    else:
        assert installed.cluster.fares(job.id).failure is None  # a server that is away is waited for
