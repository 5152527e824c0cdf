"""Metrics and health of real processes, as a scraper and a prober see them."""

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from connectors.sqlite import Adapters, open_database
from pipelines.jobs.upgrade import LEASE
from schemas.feed import Feed, FeedState
from tests.articles import stream
from tests.process_tree import treatywire
from tests.unit.observe.test_listener import get
from tests.waiting import until

NOW = datetime.now(UTC)
RELEVANT = 40
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@contextmanager
def process(data: Path, *arguments: str, log: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process of ours whose standard error goes to a file; told to stop at the end, and waited for."""
    with log.open("w") as file:
        started = treatywire(data, *arguments, stdout=subprocess.DEVNULL, stderr=file, stdin=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.send_signal(signal.SIGINT)
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            raise


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with articles that nobody has detected yet, each relevant; and a listener on a free port."""
    config = tmp_path / ".config" / "treatywire" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('metrics_listen = "127.0.0.1:0"\n')
    adapters = Adapters(open_database(tmp_path / "treatywire.sqlite3"))
    quiet = Feed(url="https://quiet.example/rss")
    adapters.feeds.add(quiet)
    adapters.feeds.save(FeedState(url=quiet.url, polled=NOW, due=NOW + timedelta(days=365)))
    adapters.articles.append([*stream(RELEVANT, relevant=1.0)])
    return tmp_path


def samples(address: str) -> Samples:
    """Every sample of one scrape."""
    status, _, body = get(address, "/metrics")
    assert status == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body)
        for sample in family.samples
    }


def one(found: Samples, name: str, **labels: str) -> float | None:
    """One sample."""
    return found.get((name, frozenset(labels.items())))


def ready_line(log: Path) -> dict[str, Any] | None:
    """What a job said when it was ready."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if '"ready"' in line]
    return lines[0] if lines else None


def test_a_job_shows_what_it_does_and_that_it_is_ready(data: Path) -> None:
    """All that it was given is done, found and told; then it is idle, alive and ready."""
    log = data / "detect.log"
    with process(data, "job", "detect", log=log) as job:
        line = until(lambda: ready_line(log), 60)
        address = line["metrics"]
        assert re.fullmatch(r"127\.0\.0\.1:\d+", address)
        until(lambda: one(samples(address), "treatywire_articles_done_total", component="detect") == RELEVANT, 60)
        until(lambda: one(samples(address), "treatywire_lag_entries", component="detect", log="articles") == 0, 30)
        until(lambda: get(address, "/ready")[0] == 200, 30)
        assert get(address, "/health")[0] == 200
        found = samples(address)
        resident = one(found, "process_resident_memory_bytes", component="detect")
        assert resident is not None
        assert abs(resident / psutil.Process(job.pid).memory_info().rss - 1) < 0.2
    told = {labels: count for (name, labels), count in found.items() if name == "treatywire_developments_total"}
    mentions = {labels: count for (name, labels), count in found.items() if name == "treatywire_mentions_total"}
    adapters = Adapters(open_database(data / "treatywire.sqlite3"))
    assert sum(told.values()) == adapters.developments.end() > 0
    assert sum(mentions.values()) >= adapters.events.count(None) > 0
    assert one(found, "treatywire_leases_held", component="detect", kind="job") == 1
    assert one(found, "treatywire_searchable_seconds_count", component="detect") == RELEVANT


def test_a_one_shot_job_listens_nowhere(data: Path) -> None:
    """It is over before anybody could ask; and many may run beside one that listens."""
    log = data / "detect.log"
    with process(data, "job", "detect", "--until-idle", log=log) as job:
        assert job.wait(60) == 0
    line = ready_line(log)
    assert line is not None
    assert "metrics" not in line


def test_run_shows_all_its_jobs_at_one_address(data: Path) -> None:
    """Each process under its component; one that hangs is seen to be down, one that is killed to be back."""
    log = data / "run.log"
    with process(data, "run", log=log) as run:
        address = until(lambda: re.search(r"http://(127\.0\.0\.1:\d+)/metrics", log.read_text()), 30)[1]
        until(lambda: get(address, "/ready")[0] == 200, 60)
        up = samples(address)
        for name in ("fetch", "detect", "alert", "deliver"):
            assert one(up, "treatywire_component_up", component=name) == 1
            assert one(up, "process_resident_memory_bytes", component=name)
        assert one(up, "process_resident_memory_bytes", component="run")
        assert one(up, "treatywire_feeds", component="fetch", state="ok") == 1
        assert get(address, "/health")[0] == 200

        (alert,) = [child for child in psutil.Process(run.pid).children() if "alert" in child.cmdline()]
        alert.suspend()
        assert get(address, "/ready")[0] == 503
        down = samples(address)
        assert one(down, "treatywire_component_up", component="alert") == 0
        assert one(down, "process_resident_memory_bytes", component="alert") is None
        before = one(up, "process_start_time_seconds", component="alert")
        alert.kill()
        until(lambda: one(samples(address), "process_start_time_seconds", component="alert") not in (before, None), 30)
        until(lambda: get(address, "/ready")[0] == 200, 30)


def test_an_address_that_is_taken_stops_the_start(data: Path) -> None:
    """With the setting's name, and the exit code of misuse."""
    log = data / "detect.log"
    with process(data, "job", "alert", log=log):
        taken = until(lambda: ready_line(log), 30)["metrics"]
        (data / ".config" / "treatywire" / "config.toml").write_text(f'metrics_listen = "{taken}"\n')
        other = treatywire(data, "job", "deliver", stderr=subprocess.PIPE)
        _, said = other.communicate(timeout=30)
    assert other.returncode == 2
    assert f"metrics_listen = '{taken}'" in said


def test_an_upgrade_shows_how_far_it_is(data: Path) -> None:
    """Waiting for another one; then through all phases, to its end."""
    adapters = Adapters(open_database(data / "treatywire.sqlite3"))
    run = treatywire(data, "job", "detect", "--until-idle", stderr=subprocess.DEVNULL)
    assert run.wait(60) == 0
    lease = adapters.leases.acquire(LEASE, "another", timedelta(minutes=5), datetime.now(UTC))
    assert lease is not None
    log = data / "upgrade.log"
    with process(data, "upgrade", "--again", log=log) as upgrade:
        address = until(lambda: re.search(r"http://(127\.0\.0\.1:\d+)/metrics", log.read_text()), 60)[1]
        until(lambda: one(samples(address), "treatywire_upgrade_done", component="upgrade", phase="waiting") == 0, 30)
        assert get(address, "/health")[0] == 200
        adapters.leases.release(lease)
        seen: Samples = {}

        def ended() -> bool:
            with suppress(OSError):
                seen.update(samples(address))
            return upgrade.poll() is not None

        until(ended, 120)
        assert upgrade.returncode == 0, log.read_text()
    assert one(seen, "treatywire_upgrade_total", component="upgrade", phase="replaying") == RELEVANT


def test_an_upgrade_beside_a_run_that_has_the_address_does_without(data: Path) -> None:
    """It says so, and does its work."""
    log = data / "alert.log"
    with process(data, "job", "alert", log=log):
        taken = until(lambda: ready_line(log), 30)["metrics"]
        (data / ".config" / "treatywire" / "config.toml").write_text(f'metrics_listen = "{taken}"\n')
        upgrade = treatywire(data, "upgrade", stderr=subprocess.PIPE)
        _, said = upgrade.communicate(timeout=60)
    assert upgrade.returncode == 0, said
    assert f"metrics_listen = '{taken}'" in said
    assert "goes on without metrics" in said
