"""`treatywire upgrade` as real processes: killed at random moments, searched all the time, and nobody alerted."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from connectors.sqlite import Adapters, open_database
from pipelines.consolidation import canonical
from schemas.development import Development
from schemas.identifiers import content_id
from schemas.query.tree import Keyword
from schemas.subscription import Subscription
from schemas.vocabulary import Change, EventType, Origin
from tests.articles import BEGIN, stream
from tests.process_tree import ROOT, environment
from tests.waiting import until

ARTICLES, EARLY = 1000, 600
RATIFIED, ALLEGED = (Keyword("type", type_.value) for type_ in (EventType.RATIFICATION, EventType.ALLEGATION))


def adapters_of(folder: Path) -> Adapters:
    """Adapters on this data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Adapters(open_database(folder / "treatywire.sqlite3"))


def start(folder: Path, detector: str, *arguments: str, **popen: object) -> "subprocess.Popen[str]":
    """The program with the old or the new detector."""
    command = [sys.executable, "-m", "tests.integration.two_detectors", detector, "--data", str(folder), *arguments]
    return subprocess.Popen(command, text=True, env=environment(folder), cwd=ROOT, **popen)  # type: ignore[call-overload, no-any-return]


def run(folder: Path, detector: str, *arguments: str) -> str:
    """What it prints; it ends well."""
    process = start(folder, detector, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    return str(out)


def shown(adapters: Adapters) -> list[str]:
    """Every event in canonical form."""
    return sorted(repr(canonical(hit.event)) for hit in adapters.events.search(None, limit=10_000))


def told(adapters: Adapters) -> list[Development]:
    """The developments log."""
    entries = adapters.developments.after(0, 100_000)
    return [entry.record for entry in entries if isinstance(entry.record, Development)]


@pytest.fixture(scope="module")
def made_by(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What each detector shows of all articles in an empty index."""
    found = {}
    for detector in ("old", "new"):
        adapters = adapters_of(tmp_path_factory.mktemp(detector))
        adapters.articles.append(list(stream(ARTICLES, relevant=0.3, size=600)))
        run(adapters.database.path.parent, detector, "job", "detect", "--until-idle")
        found[detector] = shown(adapters)
    assert len(set(found["old"]) ^ set(found["new"])) > 100
    return found


@pytest.fixture
def old_index(tmp_path: Path) -> Adapters:
    """An index by the old detector, with a subscription to everything that was told of it all."""
    adapters = adapters_of(tmp_path)
    adapters.subscriptions.add(
        Subscription(
            id=content_id("sub", "all"),
            query="change:*",
            webhook="https://hook.example/",
            secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            created=BEGIN,
            position=0,
        )
    )
    adapters.articles.append(list(stream(ARTICLES, relevant=0.3, size=600)))
    for job in ("detect", "alert"):
        run(tmp_path, "old", "job", job, "--until-idle")
    return adapters


@contextmanager
def searching(folder: Path, answers: list[tuple[int, int, int]]) -> Iterator[None]:
    """Somebody asks all the time how many events there are, how many ratifications, and how many allegations."""
    ended = threading.Event()

    def ask() -> None:
        with open_database(folder / "treatywire.sqlite3") as database:
            events = Adapters(database).events
            while not ended.is_set():
                # Each is one statement, and so of one generation; together they need not be.
                found = len(events.search(None, limit=10_000))
                answers.append((found, events.count(RATIFIED), events.count(ALLEGED)))

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield
    finally:
        ended.set()
        asking.join(30)


@pytest.mark.timeout(280)
def test_killed_again_and_again_an_upgrade_ends_as_if_undisturbed(
    old_index: Adapters, made_by: dict[str, list[str]]
) -> None:
    """A search sees the old index whole, then the new one; nobody is alerted, each development is told once."""
    folder = old_index.database.path.parent
    before, alerts = told(old_index), old_index.ledger.list(limit=100_000)
    assert alerts
    assert shown(old_index) == made_by["old"]
    old_answer = (len(made_by["old"]), 0, old_index.events.count(ALLEGED))
    answers: list[tuple[int, int, int]] = []
    chance = random.Random(3)
    kills = 0
    with searching(folder, answers):
        until(lambda: answers)
        while old_index.generations.serving().detectors != ("new",) or old_index.generations.leaving():
            process = start(folder, "new", "upgrade", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            # After a few deaths it is let live for longer: it must come to every phase, and to its end.
            if kills < 9 and not ended_within(process, 0.8 + kills * 0.3 + chance.random() * 1.5):
                process.kill()
                kills += 1
            assert process.wait(120) in (0, -signal.SIGKILL)
        asked = len(answers)
        until(lambda: len(answers) > asked + 3)
    assert kills >= 4
    new_answer = (len(made_by["new"]), old_index.events.count(RATIFIED), 0)
    assert shown(old_index) == made_by["new"]
    assert [answers[0], answers[-1]] == [old_answer, new_answer]
    for whole, ratified, alleged in answers:
        assert whole in (old_answer[0], new_answer[0])
        assert ratified in (0, new_answer[1])
        assert alleged in (old_answer[2], 0)
    for job in ("detect", "alert"):
        run(folder, "new", "job", job, "--until-idle")
    after = told(old_index)
    assert after[: len(before)] == before
    assert set(Counter(one.id for one in after).values()) == {1}
    assert {one.origin for one in after[len(before) :]} == {Origin.REPLAY}
    assert old_index.ledger.list(limit=100_000) == alerts
    assert old_index.dead_letters.list() == []


def ended_within(process: "subprocess.Popen[str]", seconds: float) -> bool:
    """Whether it ended by itself so soon."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


@pytest.mark.timeout(280)
def test_articles_that_arrive_during_an_upgrade_are_found_and_told_live(
    tmp_path: Path, made_by: dict[str, list[str]]
) -> None:
    """The detect job goes on all the while, killed now and then; in the end all is as the new detector finds it."""
    adapters = adapters_of(tmp_path)
    articles = list(stream(ARTICLES, relevant=0.3, size=600))
    adapters.articles.append(articles[:EARLY])
    run(tmp_path, "new", "job", "detect", "--until-idle")
    chance = random.Random(5)
    pause = threading.Event()
    live = start(tmp_path, "new", "job", "detect", stderr=subprocess.DEVNULL)
    upgrade = start(tmp_path, "new", "upgrade", "--again", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        for at in range(EARLY, ARTICLES, 5):
            adapters.articles.append(articles[at : at + 5])
            pause.wait(0.05)
            if at % 100 == 0:
                work = adapters.articles.reader("detect").in_flight()
                if work is None or work.attempts < 2:  # an article on trial is not to be blamed for our kills
                    live.kill()
                    live.wait()
                    pause.wait(chance.random())
                    live = start(tmp_path, "new", "job", "detect", stderr=subprocess.DEVNULL)
        out, _ = upgrade.communicate(timeout=200)
        assert upgrade.returncode == 0
        assert " 0 went, 0 changed" in out
        until(lambda: adapters.articles.reader("detect").lag() == 0 and not adapters.events.unpublished(1), 100)
    finally:
        for process in (live, upgrade):
            process.kill()
            process.wait()
    assert adapters.generations.serving().detectors == ("new",)
    assert adapters.generations.serving().number == 2
    assert shown(adapters) == made_by["new"]
    after = told(adapters)
    assert set(Counter(one.id for one in after).values()) == {1}
    news = {one.event.id: one.origin for one in after if one.change in (Change.NEW, Change.HISTORY)}
    assert set(news.values()) == {Origin.LIVE}
    assert adapters.dead_letters.list() == []


def test_an_upgrade_reports_goes_on_and_can_be_given_up(old_index: Adapters, made_by: dict[str, list[str]]) -> None:
    """As a person drives it: status, a dry run, SIGTERM, abandon, and the upgrade, with its report for programs."""
    folder, old_allegations = old_index.database.path.parent, old_index.events.count(ALLEGED)
    assert "`treatywire upgrade` brings it to this one" in run(folder, "new", "status")
    stopped = start(folder, "new", "upgrade", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert stopped.stderr is not None
    assert "replaying" in stopped.stderr.readline()
    os.kill(stopped.pid, signal.SIGTERM)
    _, err = stopped.communicate(timeout=60)
    assert stopped.returncode == 130
    assert "goes on from there" in err
    readable = run(folder, "new", "upgrade", "--dry-run", "--limit", "3")
    assert shown(old_index) == made_by["old"]
    assert "is being built" in run(folder, "new", "status")
    assert "\nwent " in readable
    assert "\ncame " in readable
    assert "        id: " in readable
    assert "… and " in readable
    run(folder, "new", "upgrade", "--abandon")
    assert shown(old_index) == made_by["old"]
    summary, *events = map(json.loads, run(folder, "new", "upgrade", "--json").splitlines())
    assert shown(old_index) == made_by["new"]
    kinds = {kind: sum(kind in event for event in events) for kind in ("came", "went", "changed")}
    assert kinds == {kind: summary[kind] for kind in kinds}
    assert min(kinds.values()) > 10
    assert summary["same"] + summary["came"] + summary["changed"] == len(made_by["new"])
    assert summary["same"] + summary["went"] + summary["changed"] == len(made_by["old"])
    assert summary["types"]["allegation"] == {"came": 0, "went": old_allegations, "changed": 0}
    assert all(event["went"]["quote"]["text"] and event["went"]["url"] for event in events if "went" in event)
    assert all("date" in event["changed"] for event in events if "changed" in event)
    assert "by this detector" in run(folder, "new", "status")


def test_index_commands_need_nothing_of_the_embedded_database(tmp_path: Path) -> None:
    """They say so."""
    for name in ("create", "migrate", "check"):
        assert "embedded database" in run(tmp_path, "new", "index", name)
