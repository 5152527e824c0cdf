"""The detect job on Flink over a real Kafka and Elasticsearch on this machine: throughput, latency, idle cost, memory.

`python -m tests.bench.distributed [throughput] [latency] [idle] [memory] [--minutes N]`
"""

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil

from connectors.elasticsearch import Cluster, index
from connectors.kafka import KafkaAdapters, create
from deploy.local import elasticsearch_server, flink_cluster, kafka_server
from deploy.local.server import Server
from pipelines.jobs.cluster import READER
from schemas.article import Article
from schemas.development import Development
from schemas.elasticsearch_settings import ElasticsearchSettings
from schemas.flink_settings import FlinkSettings
from schemas.kafka_settings import KafkaSettings
from schemas.settings import Settings
from schemas.vocabulary import Change
from tests.articles import stream
from tests.bench.record import percentile, record
from tests.integration.flink.installation import Installation
from tests.waiting import until

MIX = "invented articles of 3 KB, 5 % relevant (tests/articles.py)"
SERVERS = "Kafka, Elasticsearch, Flink (parallelism 2, one worker process) and this on one machine"
PARTITIONS = 4


class Running:
    """The servers, and the job on them."""

    def __init__(self, installed: Installation, servers: Sequence[Server]) -> None:
        self.installed, self.servers = installed, servers

    def told(self, offset: int) -> list[Development]:
        """Developments of new events after an offset."""
        found: list[Development] = []
        while entries := self.installed.adapters.developments.after(offset, 10_000):
            found += [entry.record for entry in entries if isinstance(entry.record, Development)]
            offset = entries[-1].offset
        return [one for one in found if one.change in (Change.NEW, Change.HISTORY)]

    def processes(self) -> dict[str, list[psutil.Process]]:
        """By server and part, each with its children."""
        parts = {f"{server.name} {part}": server.pid_of(part) for server in self.servers for part in server.parts()}
        return {
            label: [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)] for label, pid in parts.items()
        }

    def cpu(self) -> dict[str, float]:
        """Seconds of processor time so far."""
        return {label: sum(cpu(each) for each in family) for label, family in self.processes().items()}

    def done(self) -> bool:
        """Whether every article is known to be done: the job says so one checkpoint behind."""
        kafka = self.installed.adapters.kafka
        ends = kafka.client.ends(kafka.settings.articles)
        return all(kafka.article_partitions.standing(READER, part).offset == end for part, end in ends.items())


@contextmanager
def running() -> Iterator[Running]:
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
            assert settings.kafka
            assert settings.elasticsearch
            adapters = KafkaAdapters(settings.kafka)
            create(adapters.client, timedelta(days=90))
            adapters.close()
            with Cluster(settings.elasticsearch) as cluster:
                index.create(cluster)
            with Installation(settings) as installed:
                installed.start()
                job = Running(installed, (kafka, elasticsearch, flink))
                settle(job, list(stream(200, relevant=1.0, seed=99)))
                yield job


def settle(job: Running, articles: Sequence[Article]) -> None:
    """Appends these, and waits until all are done."""
    job.installed.append(articles)
    until(lambda: job.installed.adapters.developments.end() > 0, 120)
    last_development(job)


def last_development(job: Running) -> float:
    """When the last development of what is in the articles log came (`time.monotonic`); waits until all is done."""
    end, grown, asked = -1, time.monotonic(), time.monotonic()
    while True:
        now = job.installed.adapters.developments.end()
        if now != end:
            end, grown = now, time.monotonic()
        elif time.monotonic() - max(grown, asked) > 2.0:
            if job.done():
                return grown
            asked = time.monotonic()
        threading.Event().wait(0.1)


def throughput(job: Running, articles: int = 20_000) -> None:
    """Articles that all are in Kafka at once → the last development in Kafka."""
    before = job.installed.adapters.developments.end()
    batch = list(stream(articles))
    used = job.cpu()
    began = time.monotonic()
    for at in range(0, articles, 2000):
        job.installed.append(batch[at : at + 2000])
    appended = time.monotonic() - began
    taken = last_development(job) - began
    used = {label: now - used[label] for label, now in job.cpu().items()}
    figures = {
        "load average, 15 minutes": round(os.getloadavg()[2], 1),
        "articles": articles,
        "seconds to append": round(appended, 1),
        "events told": len(job.told(before)),
        "seconds to the last development": round(taken, 1),
        "articles/s": round(articles / taken),
        "articles for a second of processor time, all servers": round(articles / sum(used.values())),
    } | {f"{label}: processor s": round(seconds, 1) for label, seconds in used.items()}
    record("distributed.throughput", f"{MIX}; {SERVERS}", figures)


def latency(job: Running, seconds: int = 60, rate: float = 50.0) -> None:
    """Article in Kafka → its development in Kafka, at a steady rate: half of the 100 a second that are asked."""
    log = job.installed.adapters.developments
    offset = log.end()
    appended: dict[str, float] = {}
    heard: dict[str, float] = {}
    stop = threading.Event()

    def listen() -> None:
        at = offset
        while not stop.wait(0.01):
            if entries := log.after(at, 1000):
                at, now = entries[-1].offset, time.monotonic()
                for entry in entries:
                    if isinstance(entry.record, Development):
                        heard.setdefault(entry.record.event.url or "", now)

    listener = threading.Thread(target=listen)
    listener.start()
    began = time.monotonic()
    for number, article in enumerate(stream(int(seconds * rate), seed=11)):
        stop.wait(max(0.0, began + number / rate - time.monotonic()))
        job.installed.append([article])
        appended[article.url or ""] = time.monotonic()
    last_development(job)
    stop.set()
    listener.join()
    taken = [heard[url] - at for url, at in appended.items() if url in heard]
    figures = {
        "load average after": round(os.getloadavg()[0], 1),
        "articles": len(appended),
        "articles/s appended": round(len(appended) / (max(appended.values()) - began), 1),
        "developments": len(taken),
        "p50 s": round(percentile(taken, 0.5), 2),
        "p95 s": round(percentile(taken, 0.95), 2),
        "worst s": round(max(taken), 2),
    }
    record("distributed.latency", f"{MIX}, {rate:g} articles/s; {SERVERS}", figures)


def idle(job: Running, seconds: int = 60) -> None:
    """Processor time and memory of each process while nothing comes."""
    last_development(job)
    flink, before = job.servers[-1], job.cpu()
    threading.Event().wait(seconds)
    share = {label: 100 * (now - before[label]) / seconds for label, now in job.cpu().items()}
    job_s = sum(value for label, value in share.items() if label.startswith(flink.name))
    figures: dict[str, object] = {"% of a core, Flink and workers": round(job_s, 1)}
    for label, family in job.processes().items():
        memory = sum(each.memory_info().rss for each in family) / 2**20
        figures[f"{label}: % of a core, MB"] = f"{share[label]:.1f}, {memory:.0f}"
    record("distributed.idle", f"no articles for {seconds} s, {PARTITIONS} partitions; {SERVERS}", figures)


def memory(job: Running, minutes: int = 30, rate: float = 50.0) -> None:
    """Resident memory of each process at a steady rate, sampled each minute; the curve is in the result."""
    curve: dict[str, list[float]] = {label: [] for label in job.processes()}
    began, pause = time.monotonic(), threading.Event()
    per_minute = int(60 * rate)
    for number, article in enumerate(stream(minutes * per_minute, seed=13)):
        pause.wait(max(0.0, began + number / rate - time.monotonic()))
        job.installed.append([article])
        if number % per_minute == per_minute - 1:
            for label, family in job.processes().items():
                curve[label].append(round(sum(each.memory_info().rss for each in family) / 2**20, 1))
    last_development(job)
    figures: dict[str, object] = {"minutes": minutes, "load average, 15 minutes": round(os.getloadavg()[2], 1)}
    for label, values in curve.items():
        half = values[len(values) // 2 :] or values
        figures[f"{label} MB first, half, last"] = f"{values[0]:.0f}, {half[0]:.0f}, {values[-1]:.0f}"
        figures[f"{label} MB by minute"] = values
    record("distributed.memory", f"{MIX}, {rate:g} articles/s for {minutes} minutes; {SERVERS}", figures)


def cpu(process: psutil.Process) -> float:
    """Seconds of processor time."""
    times = process.cpu_times()
    return float(times.user + times.system)


def main(arguments: list[str] | None = None) -> None:
    """Runs the named parts on one start of the servers; all but the memory where none is named."""
    parts: dict[str, Callable[[Running], None]] = {"throughput": throughput, "latency": latency, "idle": idle}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*parts, "memory", []])
    parser.add_argument("--minutes", type=int, default=30)
    options = parser.parse_args(arguments)
    parts["memory"] = lambda job: memory(job, options.minutes)
    with running() as job:
        for part in options.parts or ("throughput", "latency", "idle"):
            parts[part](job)


if __name__ == "__main__":
    main()
