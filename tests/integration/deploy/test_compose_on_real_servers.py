"""What compose.yaml starts, without containers: each command with its variables, in its order, on real servers."""

import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import samples
from deploy.local import Elasticsearch, Flink, Kafka, elasticsearch_server, flink_cluster, kafka_server
from tests.integration.servers.conftest import left_out_without_tools
from tests.integration.servers.running import listens
from tests.process_tree import ROOT
from tests.unit.deploy.manifests import DEPLOY, SCRAPE_PORT, Container, compose, compose_containers, settings_of
from tests.unit.deploy.processes import answer, free_port
from tests.waiting import until

SERVICES = {one.where.removeprefix("compose, "): one for one in compose_containers()}
SECRETS = {
    "TREATYWIRE_ADMINISTRATOR_PASSWORD": "password of the administrator",
    "TREATYWIRE_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "TREATYWIRE_WORKER_PASSWORD": "password of the worker",
}
JOBS = ("fetch", "detect", "alert", "deliver")
LAG_OF_ARTICLES = 'treatywire_lag_entries{component="fetch",log="articles"}'
COPIED_S = 120
"""Flink's place is copied a checkpoint of ten seconds late, and asked for every ten."""
NOT_OF_KAFKA = re.compile(r"LISTENER|QUORUM|LOG_DIRS|HEAP|NODE_ID|PROCESS_ROLES")
"""What the local server sets by itself, since its place is another."""


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """The broker, with the properties of the compose file."""
    told = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in SERVICES["kafka"].environment.items()
        if not NOT_OF_KAFKA.search(name)
    }
    assert told
    with left_out_without_tools(), kafka_server(tmp_path_factory.mktemp("kafka"), settings=told) as server:
        yield server


@pytest.fixture(scope="module")
def elasticsearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elasticsearch]:
    """A node that asks for a password, and has both users."""
    folder = tmp_path_factory.mktemp("elasticsearch")
    with left_out_without_tools(), elasticsearch_server(folder, security=True) as server:
        make_users(server)
        yield server


def make_users(server: Elasticsearch) -> None:
    """What the service `users` does, by files: this distribution of Elasticsearch cannot keep users in an index."""
    for name, role in json.loads((DEPLOY / "elasticsearch" / "roles.json").read_text()).items():
        password = SECRETS[name.replace("treatywire-", "treatywire_").upper() + "_PASSWORD"]
        server.add_role(name, role)
        server.add_user(name, password, [name])


@pytest.fixture(scope="module")
def flink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flink]:
    """A cluster with its job server; its own pool of workers is not used."""
    with left_out_without_tools(), flink_cluster(tmp_path_factory.mktemp("flink")) as cluster:
        yield cluster


class Started:
    """A process in a group of its own, whose words go to a file: what it leaves behind holds nobody up."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self._log = log.with_stem(f"{log.stem}-{uuid.uuid4().hex}")
        with self._log.open("w") as file:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT, process_group=0
            )

    def said(self) -> str:
        """All that it has written."""
        return self._log.read_text()

    def ended(self, seconds: float) -> int:
        """Its exit code; fails the test where it does not end."""
        return self.process.wait(seconds)

    def stop(self) -> int:
        """Its exit code, after SIGTERM; what it has started ends with it, as in a container."""
        self.process.terminate()
        try:
            return self.process.wait(30)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


class Compose:
    """Starts services as processes of this machine; two installations differ in the prefix."""

    def __init__(self, folder: Path, prefix: str, kafka: Kafka, elasticsearch: Elasticsearch) -> None:
        self._folder, self._prefix, self._kafka, self._elasticsearch = folder, prefix, kafka, elasticsearch
        self.ports = {name: free_port() for name in JOBS}
        self.there: dict[str, str] = {"kafka:9092": kafka.bootstrap, "http://elasticsearch:9200": elasticsearch.url}
        """Where it is here, by where it is there."""

    def environment(self, service: str) -> dict[str, str]:
        """The variables of a service, with the addresses and secrets that compose would fill in."""
        secrets = SECRETS | {"ELASTIC_PASSWORD": str(self._elasticsearch.password)}
        port = self.ports.get(service, 0)
        there = self.there | {f"0.0.0.0:{SCRAPE_PORT}": f"127.0.0.1:{port}"}
        filled = {}
        for name, value in SERVICES[service].environment.items():
            secret = re.fullmatch(r"\$\{(\w+):\?.*\}", value)
            filled[name] = secrets[secret[1]] if secret else there.get(value, value)
        return {
            # Beam's pool starts its workers as `python`.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(self._folder),
            "TREATYWIRE_DATA": str(self._folder / service),
            "TREATYWIRE_KAFKA_PREFIX": self._prefix,
            "TREATYWIRE_ELASTICSEARCH_PREFIX": self._prefix,
            **filled,
        }

    def start(self, service: str, *arguments: str) -> "Started":
        """The process of a service, or another command in its place."""
        container = SERVICES[service]
        program = list(container.entrypoint[1:]) if container.entrypoint else ["-m", "app"]
        command = [sys.executable, *program, *(self.there.get(one, one) for one in arguments or container.arguments)]
        return Started(command, self.environment(service), self._folder / f"{service}.log")

    def run(self, service: str, *arguments: str) -> str:
        """What it prints; it must end well, and may fail as often as the compose file lets it be tried again."""
        tries = int(compose()["services"][service]["restart"].rpartition(":")[2]) + 1 if not arguments else 1
        for _ in range(tries):
            started = self.start(service, *arguments)
            if started.ended(240) == 0:
                return started.said()
        raise AssertionError(f"{service}: {started.said()}")

    def until_ready(self, service: str, status: int, started: "Started") -> None:
        """Waits until /ready answers so."""
        found: list[object] = []

        def told() -> bool:
            assert started.process.poll() is None, f"{service} has ended: {started.said()}"
            said = answer(self.ports[service], "/ready")
            found[:] = [said]
            return said is not None and said[0] == status

        try:
            until(told, 90, every=0.2)
        except AssertionError as error:
            raise AssertionError(f"{service}: /ready says {found}, and never {status}") from error

    def events(self) -> int:
        """How many a search finds."""
        started = self.start("fetch", "search", "*", "--limit", "100", "--json")
        started.ended(240)
        return sum(line.startswith("{") for line in started.said().splitlines())

    def value(self, service: str, series: str) -> float | None:
        """A sample of /metrics."""
        found = answer(self.ports[service], "/metrics")
        match = found and re.search(rf"^{re.escape(series)} (\S+)$", str(found[1]), re.MULTILINE)
        return float(match[1]) if match else None


def test_compose_brings_up_what_finds_events(tmp_path: Path, kafka: Kafka, elasticsearch: Elasticsearch) -> None:
    """Topics and indices; then the four jobs get ready, find the samples' events, and outlive Elasticsearch."""
    installed = Compose(tmp_path, "treatywire", kafka, elasticsearch)
    assert installed.run("topics").count("made ") == 3
    installed.run("indices")
    for feed in samples.feeds():
        installed.run("fetch", "feeds", "add", feed.url, "--name", feed.name)

    processes = {name: installed.start(name) for name in JOBS}
    try:
        for name in JOBS:
            installed.until_ready(name, 200, processes[name])
        until(lambda: (installed.value("fetch", 'treatywire_feeds{component="fetch",state="ok"}') or 0) >= 6, 60)
        until(lambda: (installed.value("detect", 'treatywire_events{component="detect"}') or 0) > 20, 120)
        for log in ("articles", "developments"):
            lag = f'treatywire_lag_entries{{component="fetch",log="{log}"}}'
            until(lambda lag=lag: installed.value("fetch", lag) == 0, 60)  # type: ignore[misc]
        done = installed.value("detect", 'treatywire_articles_done_total{component="detect"}')
        assert done == installed.value("fetch", 'treatywire_articles_fetched_total{component="fetch"}')

        elasticsearch.kill()
        for name in JOBS:
            installed.until_ready(name, 503, processes[name])
            alive = answer(installed.ports[name], "/health")
            assert alive is not None
            assert alive[0] == 200
        elasticsearch.up()
        for name in JOBS:
            installed.until_ready(name, 200, processes[name])
    finally:
        codes = {name: started.stop() for name, started in processes.items()}
    for name, code in codes.items():
        said = processes[name].said()
        assert code == 0, f"{name}: {said}"
        assert "Traceback" not in said, f"{name}: {said}"
        assert any(json.loads(line)["event"] == "ready" for line in said.splitlines()), name


def test_compose_brings_up_what_finds_events_on_flink(
    tmp_path: Path, kafka: Kafka, elasticsearch: Elasticsearch, flink: Flink
) -> None:
    """The pool of workers and the submission, on a cluster; a second submission takes over from the first."""
    installed = Compose(tmp_path, "treatywire-flink", kafka, elasticsearch)
    pool = free_port()
    installed.there |= {
        "http://jobmanager:8081": flink.rest_url,
        "job-server:8099": flink.job_server,
        "localhost:50000": f"127.0.0.1:{pool}",
        "--service_port=50000": f"--service_port={pool}",
    }
    installed.run("topics")
    installed.run("indices")
    for feed in samples.feeds():
        installed.run("fetch", "feeds", "add", feed.url, "--name", feed.name)
    processes = {name: installed.start(name) for name in ("worker-pool", "fetch")}
    try:
        until(lambda: listens(pool), 60)
        first = installed.run("submit").split()[-1]
        until(lambda: installed.events() > 20, 180, every=1)
        until(lambda: installed.value("fetch", LAG_OF_ARTICLES) == 0, COPIED_S)
        second = installed.run("submit").split()[-1]
        assert second != first
        assert installed.run("submit", "jobs").split()[0] == second
        installed.run("submit", "stop")
    finally:
        for started in processes.values():
            started.stop()


def test_the_services_that_are_started_are_those_of_the_file() -> None:
    """None of ours is left out but those of Flink."""
    ours = {name for name, one in SERVICES.items() if one.image.startswith("treatywire:")}
    assert ours == {*JOBS, "users", "topics", "indices", "worker-pool", "submit"}
    assert all(isinstance(one, Container) and settings_of(one) for one in map(SERVICES.__getitem__, JOBS))
