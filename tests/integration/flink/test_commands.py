"""`treatywire submit`, `jobs`, `stop` and `resume`, as a person calls them."""

import json
from pathlib import Path

import pytest

from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected


@pytest.mark.timeout(290)
def test_an_upgrade_a_stop_and_a_resume_lose_nothing_and_tell_nothing_twice(install: Install, tmp_path: Path) -> None:
    """Each is one command; articles come before and between."""
    installed = install()
    articles = list(stream(120, relevant=0.5, size=800))
    installed.append(articles[:40])
    first = installed.command(tmp_path, "submit")
    [shown] = installed.command(tmp_path, "jobs", "--json").splitlines()
    assert json.loads(shown)["job"] | {"started": None} == {
        "id": first,
        "name": installed.name,
        "state": "RUNNING",
        "started": None,
    }
    installed.append(articles[40:80])
    second = installed.command(tmp_path, "submit", "--upgrade")
    assert [job.id for job in installed.running()] == [second] != [first]
    installed.append(articles[80:])
    savepoint = installed.command(tmp_path, "stop", "--savepoint")
    assert not installed.running()
    third = installed.command(tmp_path, "resume")
    assert [job.id for job in installed.running()] == [third]
    assert f"savepoint: {savepoint}" in installed.command(tmp_path, "jobs", "--all")
    installed.await_all(Expected(articles))
    assert installed.repeated() == 0
