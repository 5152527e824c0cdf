"""The cache holds whole artifacts that are what was pinned, made once."""

import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local import NotFetched, artifacts
from deploy.local.cache import cache_folder, made_once
from tests.integration.servers.conftest import left_out_without_tools

ROOT = Path(__file__).parents[3]
MAKE = """
import sys, time
from pathlib import Path
from deploy.local.cache import made_once

def make(folder):
    (folder / "half").touch()
    time.sleep(0.5)
    (folder / "half").unlink()
    with open(sys.argv[1], "a") as made:
        made.write("made once\\n")
    (folder / "whole").touch()

assert [file.name for file in made_once("thing", make).iterdir()] == ["whole"]
"""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("TREATYWIRE_CACHE", str(tmp_path / "cache"))
    return cache_folder()


def test_processes_that_need_one_artifact_make_it_once(tmp_path: Path) -> None:
    """The others wait for it, and none sees it half made."""
    command = [sys.executable, "-c", MAKE, str(tmp_path / "made")]
    running = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    assert (tmp_path / "made").read_text() == "made once\n"


def test_what_could_not_be_made_is_not_there_and_is_made_anew(cache: Path) -> None:
    """Also what a killed process has left."""
    (cache / ".thing-left").mkdir(parents=True)

    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise NotFetched("gone")

    with pytest.raises(NotFetched):
        made_once("thing", fail)
    assert [file.name for file in cache.iterdir()] == ["thing.lock"]
    assert list(made_once("thing", lambda folder: (folder / "whole").touch()).iterdir()) == [cache / "thing" / "whole"]


def test_an_artifact_that_is_not_the_pinned_one_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, and does not enter the cache."""
    pins = cache.parent / "pins"
    pins.mkdir()
    pom = (artifacts.HERE / "elasticsearch-pom.xml").read_text()
    small = pom.replace("org.elasticsearch.distribution.integ-test-zip", "org.slf4j").replace("<type>zip</type>", "")
    small = small.replace("<artifactId>elasticsearch<", "<artifactId>slf4j-api<").replace("8.19.21", "1.7.36")
    (pins / "kafka-pom.xml").write_text(small)
    (pins / "kafka.sha256").write_text(f"{'0' * 64}  slf4j-api-1.7.36.jar\n")
    monkeypatch.setattr(artifacts, "HERE", pins)
    with left_out_without_tools(), pytest.raises(NotFetched, match=r"kafka.sha256 has pinned: slf4j-api-1.7.36.jar"):
        artifacts.kafka_jars()
    assert [file.suffix for file in cache.iterdir()] == [".lock"]
