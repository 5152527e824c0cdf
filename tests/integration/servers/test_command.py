"""`python -m deploy.local`, run as a person would, with real servers."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import Elasticsearch, Flink, Kafka
from deploy.local.server import Server
from tests.integration.servers.running import listens, mentioning, runs
from tests.waiting import until

ROOT = Path(__file__).parents[3]


def command(*arguments: object) -> list[str]:
    """How a person starts it."""
    return [sys.executable, "-m", "deploy.local", *map(str, arguments)]


def local(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command's exit code and what it has printed."""
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )


def every_server(folder: Path) -> list[Server]:
    """One of each kind."""
    return [Kafka(folder), Elasticsearch(folder), Flink(folder)]


def processes(folder: Path) -> dict[str, int]:
    """Process ids by part."""
    return {part: server.pid_of(part) for server in every_server(folder) for part in server.parts()}


@pytest.mark.usefixtures("programs")
def test_up_starts_all_and_down_leaves_nothing(tmp_path: Path) -> None:
    """Neither a process, nor a port, nor a file; between them a second `up` changes nothing."""
    try:
        started = local("up", "--dir", tmp_path)
        assert started.returncode == 0, started.stderr
        running, shown = processes(tmp_path), local("status", "--dir", tmp_path)
        assert shown.returncode == 0, shown.stdout
        assert shown.stdout == started.stdout
        assert local("up", "--dir", tmp_path).returncode == 0
        assert processes(tmp_path) == running
        states = [server.state for server in every_server(tmp_path)]
        ports = [port for state in states for port in state.ports.values()]
        places = [str(tmp_path), *(state.home for state in states)]
        assert listens(states[0].ports["broker"])
        assert mentioning(places)
    finally:
        ended = local("down", "--dir", tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert not any(runs(pid) for pid in running.values())
    assert not any(listens(port) for port in ports)
    assert not mentioning(places)
    assert not any(Path(place).exists() for place in places[1:])
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("programs")
def test_status_fails_when_a_server_has_died_and_up_brings_it_back(tmp_path: Path) -> None:
    """The exit code is for scripts, the word for people."""
    kafka = Kafka(tmp_path)
    try:
        assert local("up", "kafka", "--dir", tmp_path).returncode == 0
        kafka.kill()
        shown = local("status", "kafka", "--dir", tmp_path)
        assert (shown.returncode, "kafka: broker: down" in shown.stdout) == (1, True)
        assert local("up", "kafka", "--dir", tmp_path).returncode == 0
        assert kafka.healthy
    finally:
        local("down", "kafka", "--dir", tmp_path)


@pytest.mark.usefixtures("programs")
def test_two_starts_at_once_start_one_server(tmp_path: Path) -> None:
    """The later one waits, and finds what the earlier one has started."""
    try:
        starts = [subprocess.Popen(command("up", "kafka", "--dir", tmp_path), cwd=ROOT) for _ in range(2)]
        assert [start.wait(120) for start in starts] == [0, 0]
        assert len(mentioning([f"{tmp_path}/kafka/server.properties"])) == 1
    finally:
        local("down", "--dir", tmp_path)


@pytest.mark.usefixtures("programs")
def test_a_start_that_is_interrupted_leaves_no_process(tmp_path: Path) -> None:
    """Here by SIGTERM, as CI does, while Elasticsearch's launcher waits for its node."""
    home = tmp_path / "elasticsearch"
    start = subprocess.Popen(command("up", "elasticsearch", "--dir", tmp_path), cwd=ROOT)
    until(lambda: home.exists() and mentioning([f"{home.resolve()}/logs"]), 60)
    start.terminate()
    assert start.wait(60) == 128 + signal.SIGTERM
    assert not mentioning([str(home.resolve())])
    assert local("down", "--dir", tmp_path).returncode == 0
    assert not list(tmp_path.iterdir())


def test_what_was_never_up_is_not_up_and_can_be_taken_down(tmp_path: Path) -> None:
    """`status` says so and fails; `down` has nothing to do."""
    shown = local("status", "kafka", "--dir", tmp_path / "new")
    assert (shown.returncode, shown.stdout) == (1, "kafka: not up\n")
    assert local("down", "--dir", tmp_path / "new").returncode == 0
    assert not (tmp_path / "new").exists()


def test_without_java_the_packages_to_install_are_named(tmp_path: Path) -> None:
    """One sentence, exit code 3, and nothing is left in the folder."""
    refused = local("up", "--dir", tmp_path / "new", PATH=str(tmp_path), JAVA_HOME="", TREATYWIRE_CACHE=str(tmp_path))
    assert refused.returncode == 3
    assert "java and mvn not found" in refused.stderr
    assert "apt-get install default-jre-headless maven" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not list((tmp_path / "new").iterdir())


def test_an_unknown_server_is_misuse() -> None:
    """The known ones are named."""
    refused = local("up", "redis")
    assert refused.returncode == 2
    assert "'kafka', 'elasticsearch', 'flink'" in refused.stderr
