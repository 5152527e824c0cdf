"""Served mode over a real Kafka and Elasticsearch on this machine: throughput, latency, idle cost, memory.

`python -m tests.bench.served [throughput] [sustained] [latency] [idle] [memory] [--minutes N]`
"""

import argparse
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import elasticsearch_server
from tests.articles import stream
from tests.bench import steady
from tests.bench.record import record
from tests.bench.steady import MIX, System
from tests.integration.kafka.server import GuardedKafka
from tests.integration.served.installation import Installation, detected
from tests.waiting import until

JOBS = ("detect", "detect", "alert", "deliver")
SERVERS = "two detect workers, alert, deliver, Kafka, Elasticsearch and this on one machine"


@contextmanager
def running() -> Iterator[System]:
    """Servers with an installation of their own, and its jobs, which have worked on something already."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kafka = GuardedKafka(folder / "kafka")
        try:
            kafka.up()
            with (
                elasticsearch_server(folder / "elasticsearch", security=True, for_load=True) as elasticsearch,
                Installation(folder, kafka, elasticsearch, partitions=4) as installed,
            ):
                installed.create()
                adapters = installed.open()
                jobs = installed.jobs(*JOBS)
                pids = {
                    f"{name} {number}": job.process.pid
                    for number, (name, job) in enumerate(zip(JOBS, jobs, strict=True), 1)
                }
                for server in (kafka, elasticsearch):
                    pids |= {f"{server.name} {part}": server.pid_of(part) for part in server.parts()}
                system = System(adapters, lambda: pids, lambda: detected(adapters))
                until(lambda: installed.members(adapters) == JOBS.count("detect"), 60)
                adapters.articles.append(list(stream(200, relevant=1.0, seed=99)))
                until(lambda: adapters.developments.end() > 0, 120)
                system.settle()
                yield system
        finally:
            kafka.down()


def throughput(system: System, articles: int = 20_000) -> None:
    """Articles that all are in Kafka at once → the last development in Kafka."""
    before: dict[str, object] = {"load average, 15 minutes": round(os.getloadavg()[2], 1)}
    figures = steady.throughput(system, list(stream(articles)))
    record("served.throughput", f"{MIX}; {SERVERS}", before | figures)


def sustained(system: System, minutes: int, rate: float = 100.0) -> None:
    """The rate that is asked, for minutes: how far behind the developments are, and at the end."""
    figures = steady.latency(system, stream(int(60 * minutes * rate), seed=17), rate)
    after = {"load average after": round(os.getloadavg()[0], 1), "minutes": minutes}
    record("served.sustained", f"{MIX}, {rate:g} articles/s for {minutes} minutes; {SERVERS}", after | figures)


def at_half_load(system: System, seconds: int = 60, rate: float = 50.0) -> None:
    """Article in Kafka → its development in Kafka, at half of the 100 a second that are asked."""
    figures = steady.latency(system, stream(int(seconds * rate), seed=11), rate)
    after = {"load average after": round(os.getloadavg()[0], 1)}
    record("served.latency", f"{MIX}, {rate:g} articles/s; {SERVERS}", after | figures)


def at_rest(system: System, seconds: int = 60) -> None:
    """Processor time of each process while nothing comes."""
    share = {f"{name}: % of a core": value for name, value in steady.idle(system, seconds).items()}
    record("served.idle", f"no articles for {seconds} s, 4 partitions; {SERVERS}", share)


def over_time(system: System, minutes: int, rate: float = 50.0) -> None:
    """Resident memory of each process at a steady rate; the curve is in the result."""
    figures = steady.memory(system, list(stream(int(60 * minutes * rate), seed=13)), rate)
    after = {"load average, 15 minutes": round(os.getloadavg()[2], 1)}
    record("served.memory", f"{MIX}, {rate:g} articles/s for {minutes} minutes; {SERVERS}", after | figures)


def main(arguments: list[str] | None = None) -> None:
    """Runs the named parts on one start of the servers; all but the memory where none is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parts: dict[str, Callable[[System], None]] = {
        "throughput": throughput,
        "sustained": lambda system: sustained(system, options.minutes or 1),
        "latency": at_half_load,
        "idle": at_rest,
        "memory": lambda system: over_time(system, options.minutes or 30),
    }
    parser.add_argument("parts", nargs="*", choices=[*parts, []])
    parser.add_argument("--minutes", type=int, help="of sustained load (1) and of memory (30)")
    options = parser.parse_args(arguments)
    with running() as system:
        for part in options.parts or ("throughput", "sustained", "latency", "idle"):
            parts[part](system)


if __name__ == "__main__":
    main()
