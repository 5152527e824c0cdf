"""The faults, each for real, and each ended again; the program is given nothing but time."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress

from msgspec import Struct

from connectors.kafka.client import Client
from connectors.kafka.library import kafka_errors
from tests.chaos.scene import Scene
from tests.chaos.servers import Way
from tests.integration.elasticsearch.proxy import Request
from tests.waiting import until

BUSY = {"error": {"type": "es_rejected_execution_exception", "reason": "the queue is full"}, "status": 429}
DISK_S = 60


class Fault(Struct, frozen=True):
    """One kind."""

    name: str
    strike: Callable[[Scene, float], None]
    """Does it, and ends it; a fault that lasts does so for the seconds given."""
    way: Way = Way.DIRECT
    lasts: float = 0.0
    """Seconds in the long run."""
    shortly: float = 0.0
    """Seconds in the short one."""
    served: bool = True
    """Whether there is such a thing in served mode."""
    distributed: bool = True
    """Whether it is another than in served mode."""


def nothing(scene: Scene, seconds: float) -> None:
    """For comparison."""


def kill_worker(scene: Scene, seconds: float) -> None:
    """A detect worker in mid-work is gone, and another is started; on Flink, all Python workers, which it replaces."""
    if scene.flink is None:
        until(scene.is_at_work, 60, every=0.001)
        scene.kill("detect")
        scene.start("detect")
    else:
        workers = scene.flink.workers()
        assert workers
        for pid in workers:
            os.kill(pid, signal.SIGKILL)


def kill_fetcher(scene: Scene, seconds: float) -> None:
    """At the moment when articles have come, while it has not yet noted that they have."""
    before = scene.adapters.articles.end()
    until(lambda: scene.adapters.articles.end() > before, 60, every=0.001)
    scene.kill("fetch")
    scene.start("fetch")


def kill_deliverer(scene: Scene, seconds: float) -> None:
    """While webhooks are being sent."""
    before = len(scene.hook.deliveries)
    until(lambda: len(scene.hook.deliveries) > before, 60, every=0.001)
    scene.kill("deliver")
    scene.start("deliver")


def kill_broker(scene: Scene, seconds: float) -> None:
    """And starts it again."""
    scene.servers.kafka.kill()
    scene.servers.kafka.restart()


def kill_elasticsearch(scene: Scene, seconds: float) -> None:
    """And starts it again."""
    scene.servers.elasticsearch.kill()
    scene.servers.elasticsearch.restart()


def kill_task_manager(scene: Scene, seconds: float) -> None:
    """And starts another."""
    assert scene.flink is not None
    scene.flink.kill("taskmanager")
    scene.flink.restart("taskmanager")


def stall_kafka(scene: Scene, seconds: float) -> None:
    """Nothing gets to the broker or from it; no connection is closed."""
    line = scene.servers.kafka.line
    with line.stalled():
        time.sleep(seconds)
    assert line.stalls > 0


def stall_elasticsearch(scene: Scene, seconds: float) -> None:
    """The same between us and Elasticsearch; what was asked before arrives late."""
    line = scene.servers.line
    with line.stalled():
        time.sleep(seconds)
    assert line.stalls > 0


def overload_elasticsearch(scene: Scene, seconds: float) -> None:
    """Every request is answered by 429."""
    proxy, refused = scene.servers.proxy, list[str]()

    def refuse(request: Request) -> bool:
        refused.append(request.path)
        request.answer(429, BUSY)
        return True

    proxy.rule = refuse
    try:
        time.sleep(seconds)
    finally:
        proxy.rule = lambda _: False
    assert refused


def fill_disk(scene: Scene, seconds: float) -> None:
    """The broker can write nothing more, and ends itself over it; it is given room, and started again.

    A topic of nobody's is written to meanwhile: what is left of a page that is half full may take our own few records.
    """
    kafka, disk = scene.servers.kafka, scene.servers.disk
    settings = scene.adapters.kafka.settings
    filler = f"{settings.prefix}.filler"
    with closing(Client(settings)) as client:
        client.administrator().create_topics({filler: {"num_partitions": 1, "replication_factor": 1}})

        def is_gone() -> bool:
            with suppress(kafka_errors.KafkaError):
                client.producer().send(filler, value=os.urandom(100_000))
            return not kafka.alive("broker")

        disk.fill()
        try:
            until(is_gone, DISK_S, every=0.1)
            time.sleep(seconds)
        finally:
            disk.make_room()
            kafka.restart()
    assert "No space left on device" in (kafka.folder / "kafka.log").read_text(encoding="utf-8", errors="replace")


FAULTS = (
    Fault("none", nothing),
    Fault("kill -9 of a detect worker", kill_worker),
    Fault("kill -9 of the fetcher", kill_fetcher),
    Fault("kill -9 of the deliverer", kill_deliverer, distributed=False),
    Fault("kill -9 of the broker", kill_broker),
    Fault("kill -9 of Elasticsearch", kill_elasticsearch),
    Fault("kill -9 of a TaskManager", kill_task_manager, served=False),
    Fault("network to Kafka stalls", stall_kafka, Way.LINE_TO_KAFKA, lasts=20, shortly=12),
    Fault("network to Elasticsearch stalls", stall_elasticsearch, Way.LINE_TO_ELASTICSEARCH, lasts=20, shortly=12),
    Fault("Elasticsearch answers 429", overload_elasticsearch, Way.PROXY, lasts=60, shortly=8),
    Fault("disk of the broker is full", fill_disk, lasts=5, shortly=1),
)
