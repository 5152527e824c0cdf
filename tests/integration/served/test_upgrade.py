"""`treatywire upgrade` on real servers, while workers share the articles that keep coming."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from connectors.elasticsearch.indices import EVENTS
from pipelines.jobs.served import ServedAdapters
from schemas.errors import Unavailable
from tests.integration.served.installation import ARTICLES, Installation, check_told_once, detected, found, told
from tests.integration.served.test_workers import appending
from tests.process_tree import treatywire
from tests.waiting import until


@contextmanager
def searching(installation: Installation, answers: list[int]) -> Iterator[None]:
    """Somebody asks all the time how many events there are, as a process of its own would."""
    events, ended = installation.open().events, threading.Event()

    def ask() -> None:
        while not ended.is_set():
            answers.append(events.count(None))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        ended.set()
        asking.join(30)


def is_building(adapters: ServedAdapters) -> bool:
    """Whether a new generation was begun."""
    with suppress(Unavailable):  # its index is being made at this moment
        return adapters.generations.building() is not None
    return False


@pytest.mark.timeout(300)
def test_an_upgrade_under_two_workers_loses_and_doubles_nothing(
    installation: Installation, undisturbed: list[str]
) -> None:
    """It is killed once and gone on with; every article is found, told once and live, and no search lacks any."""
    adapters = installation.open()
    adapters.articles.append(ARTICLES[:300])
    workers = installation.jobs("detect", "detect")
    until(lambda: detected(adapters), 90)
    first = adapters.generations.serving()
    before, answers = adapters.events.count(None), list[int]()
    assert before > 30
    with searching(installation, answers), appending(adapters, ARTICLES[300:]):
        killed = treatywire(installation.folder, "upgrade", "--again", variables=installation.variables)
        try:
            until(lambda: is_building(adapters), 60)
        finally:
            killed.kill()
            killed.wait()
        upgrade = treatywire(
            installation.folder,
            "upgrade",
            "--again",
            variables=installation.variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = upgrade.communicate(timeout=200)
        assert upgrade.returncode == 0, err
        assert " 0 went, 0 changed" in out
    until(lambda: detected(adapters), 90)
    assert [worker.stop() for worker in workers] == [0, 0]
    assert adapters.generations.serving().number == first.number + 1
    assert adapters.generations.leaving() is None
    assert found(adapters) == undisturbed
    check_told_once(adapters)
    assert {one.origin.value for one in told(adapters)} == {"live"}
    assert adapters.dead_letters.count() == {}
    assert min(answers) >= before


@pytest.mark.timeout(280)
def test_index_commands_make_check_and_rebuild(installation: Installation) -> None:
    """As a person calls them; what is there already is said to be."""
    assert "all indices are there" in installation.command("index", "create").stdout
    assert "all indices are there" in installation.command("index", "check").stdout
    adapters = installation.open()
    adapters.articles.append(ARTICLES[:50])
    assert installation.command("job", "detect", "--until-idle").returncode == 0
    before = found(adapters)
    assert before
    assert "index" in installation.command("status").stdout
    adapters.cluster.client.indices.put_mapping(
        index=adapters.cluster.alias(EVENTS), properties={"formerly": {"type": "keyword"}}
    )
    refused = installation.command("search", "*")
    assert refused.returncode == 2
    assert "treatywire index migrate" in refused.stderr
    done = installation.command("index", "migrate")
    assert done.returncode == 0, done.stderr
    assert adapters.generations.serving().number == 2
    assert "all indices are there" in installation.command("index", "check").stdout
    assert found(adapters) == before
    missing = installation.command("index", "check", TREATYWIRE_ELASTICSEARCH_PREFIX="elsewhere")
    assert missing.returncode == 2
    assert "treatywire index create" in missing.stderr
