"""The detect job on Flink over a real Kafka and Elasticsearch on this machine: throughput, latency, idle cost, memory.

`python -m tests.bench.distributed [throughput] [latency] [idle] [memory] [--minutes N]`
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import elasticsearch_server, flink_cluster, kafka_server
from pipelines.jobs.cluster import READER
from schemas.elasticsearch_settings import ElasticsearchSettings
from schemas.flink_settings import FlinkSettings
from schemas.kafka_settings import KafkaSettings
from schemas.settings import Settings
from tests.articles import stream
from tests.bench import steady
from tests.bench.record import record
from tests.bench.steady import MIX, System
from tests.integration.flink.installation import Installation, create
from tests.waiting import until

SERVERS = "Kafka, Elasticsearch, Flink (parallelism 2, one worker process) and this on one machine"
PARTITIONS = 4


@contextmanager
def running() -> Iterator[System]:
    """Servers with an installation of their own, and the job, which has worked on something already."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            kafka_server(folder) as kafka,
            elasticsearch_server(folder, for_load=True) as elasticsearch,
            flink_cluster(folder) as flink,
        ):
            settings = Settings(
                kafka=KafkaSettings(bootstrap=kafka.bootstrap, article_partitions=PARTITIONS, replication=1),
                elasticsearch=ElasticsearchSettings(urls=elasticsearch.url, replicas=0),
                flink=FlinkSettings(url=flink.rest_url, job_server=flink.job_server, workers=flink.worker_pool),
            )
            create(settings)
            with Installation(settings) as installed:
                installed.start()
                servers = (kafka, elasticsearch, flink)
                pids = {f"{server.name} {part}": server.pid_of(part) for server in servers for part in server.parts()}
                system = System(installed.adapters, lambda: pids, lambda: is_done(installed))
                installed.append(list(stream(200, relevant=1.0, seed=99)))
                until(lambda: installed.adapters.developments.end() > 0, 120)
                system.settle()
                yield system


def is_done(installed: Installation) -> bool:
    """Whether every article is known to be done: the job says so one checkpoint behind."""
    kafka = installed.adapters.kafka
    ends = kafka.client.ends(kafka.settings.articles)
    return all(kafka.article_partitions.standing(READER, part).offset == end for part, end in ends.items())


def throughput(system: System, articles: int = 20_000) -> None:
    """Articles that all are in Kafka at once → the last development in Kafka."""
    before: dict[str, object] = {"load average, 15 minutes": round(os.getloadavg()[2], 1)}
    figures = steady.throughput(system, list(stream(articles)))
    record("distributed.throughput", f"{MIX}; {SERVERS}", before | figures)


def latency(system: System, seconds: int = 60, rate: float = 50.0) -> None:
    """Article in Kafka → its development in Kafka, at a steady rate: half of the 100 a second that are asked."""
    figures = steady.latency(system, stream(int(seconds * rate), seed=11), rate)
    after = {"load average after": round(os.getloadavg()[0], 1)}
    record("distributed.latency", f"{MIX}, {rate:g} articles/s; {SERVERS}", after | figures)


def idle(system: System, seconds: int = 60) -> None:
    """Processor time and memory of each process while nothing comes."""
    share, memory_mb = steady.idle(system, seconds), system.memory_mb()
    flink = sum(value for name, value in share.items() if name.startswith("flink"))
    figures: dict[str, object] = {"% of a core, Flink and workers": round(flink, 1)}
    figures |= {f"{name}: % of a core, MB": f"{share[name]:.1f}, {memory_mb[name]:.0f}" for name in share}
    record("distributed.idle", f"no articles for {seconds} s, {PARTITIONS} partitions; {SERVERS}", figures)


def memory(system: System, minutes: int = 30, rate: float = 50.0) -> None:
    """Resident memory of each process at a steady rate, sampled each minute; the curve is in the result."""
    figures = steady.memory(system, list(stream(int(60 * minutes * rate), seed=13)), rate)
    after = {"load average, 15 minutes": round(os.getloadavg()[2], 1)}
    record("distributed.memory", f"{MIX}, {rate:g} articles/s for {minutes} minutes; {SERVERS}", after | figures)


def main(arguments: list[str] | None = None) -> None:
    """Runs the named parts on one start of the servers; all but the memory where none is named."""
    parts: dict[str, Callable[[System], None]] = {"throughput": throughput, "latency": latency, "idle": idle}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*parts, "memory", []])
    parser.add_argument("--minutes", type=int, default=30)
    options = parser.parse_args(arguments)
    parts["memory"] = lambda system: memory(system, options.minutes)
    with running() as system:
        for part in options.parts or ("throughput", "latency", "idle"):
            parts[part](system)


if __name__ == "__main__":
    main()
