"""kill -9 of real processes at random moments: nothing is lost, nothing stored twice, and all comes out the same."""

import os
import random
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psutil
import pytest

from connectors.sqlite import Adapters, open_database
from pipelines.consolidation import canonical
from pipelines.jobs.detect import DEATHS
from schemas.development import Development
from schemas.feed import Feed, FeedState
from schemas.identifiers import content_id
from schemas.ports import InFlight
from schemas.subscription import AlertStatus, Subscription
from tests.articles import stream
from tests.process_tree import Receiver, development_of, receiver, running, treatywire
from tests.waiting import until

ARTICLES = 600
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def open_data(folder: Path) -> Adapters:
    """Adapters on a fresh database with one feed that is never due."""
    folder.mkdir(parents=True, exist_ok=True)
    adapters = Adapters(open_database(folder / "treatywire.sqlite3"))
    quiet = Feed(url="https://quiet.example/rss")
    adapters.feeds.add(quiet)
    adapters.feeds.save(FeedState(url=quiet.url, due=datetime.now(UTC) + timedelta(days=365)))
    return adapters


def subscribe(adapters: Adapters, url: str) -> None:
    """A subscription to everything."""
    adapters.subscriptions.add(
        Subscription(
            id=content_id("sub", url), query="*", webhook=url, secret=SECRET, created=datetime.now(UTC), position=0
        )
    )


def found(adapters: Adapters) -> list[str]:
    """Every event in canonical form."""
    events = [hit.event for hit in adapters.events.search(None, limit=10_000)]
    return sorted(repr(canonical(event)) for event in events)


def told(adapters: Adapters) -> list[Development]:
    """The developments log."""
    entries = adapters.developments.after(0, 100_000)
    return [entry.record for entry in entries if isinstance(entry.record, Development)]


def detected(adapters: Adapters) -> bool:
    """Whether every article has been worked on and every development published."""
    return adapters.articles.reader("detect").position() >= adapters.articles.end() and not adapters.events.unpublished(
        1
    )


def delivered(adapters: Adapters, hook: Receiver) -> bool:
    """Whether every alert that is to come has been delivered."""
    if not detected(adapters) or adapters.developments.reader("alert").position() < adapters.developments.end():
        return False
    alerts = adapters.ledger.list(limit=100_000)
    return bool(alerts) and all(alert.status is AlertStatus.DELIVERED for alert in alerts) and len(hook.deliveries) > 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], Counter[str]]:
    """Events, and ids of `new` developments by count, of a run that nobody disturbs."""
    adapters = open_data(tmp_path_factory.mktemp("undisturbed"))
    adapters.articles.append(list(stream(ARTICLES, relevant=0.3, size=600)))
    process = treatywire(Path(adapters_folder(adapters)), "job", "detect", "--until-idle", stderr=subprocess.DEVNULL)
    assert process.wait(120) == 0
    developments = told(adapters)
    return found(adapters), Counter(each.id for each in developments)


def adapters_folder(adapters: Adapters) -> Path:
    """The data folder that these adapters are on."""
    return adapters.events._database.path.parent  # type: ignore[attr-defined, no-any-return]


@pytest.mark.timeout(300)
def test_detect_killed_again_and_again_ends_as_if_undisturbed(
    tmp_path: Path, undisturbed: tuple[list[str], Counter[str]]
) -> None:
    """Up to a dozen kill -9 at random moments of its work; then the same events, each development id once."""
    events, ids = undisturbed
    adapters = open_data(tmp_path)
    adapters.articles.append(list(stream(ARTICLES, relevant=0.3, size=600)))
    chance = random.Random(1)
    pause = threading.Event()
    kills = 0
    while not detected(adapters):
        before = progress(adapters)
        process = treatywire(
            tmp_path, "job", "detect", "--until-idle", "--supervised", "test",
            stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        if kills < 12:
            until(partial(has_moved, adapters, before, process), 60)
            pause.wait(chance.random() * 0.2)
            until(lambda: not on_trial(adapters), 60)
            process.kill()
            kills += 1
        process.wait(120)
        assert process.stdin is not None
        process.stdin.close()
    assert kills >= 2
    assert found(adapters) == events
    assert Counter(each.id for each in told(adapters)) == ids
    assert adapters.dead_letters.list() == []


def progress(adapters: Adapters) -> tuple[int, InFlight | None]:
    """How far the detect job has come, and what it is at."""
    reader = adapters.articles.reader("detect")
    return reader.position(), reader.in_flight()


def on_trial(adapters: Adapters) -> bool:
    """Whether one more death would set an article aside, as it should where the article is the cause and not we."""
    work = adapters.articles.reader("detect").in_flight()
    return work is not None and work.first == work.last and work.attempts >= DEATHS


def has_moved(adapters: Adapters, before: tuple[int, InFlight | None], process: "subprocess.Popen[str]") -> bool:
    """Whether the detect job has begun or finished a batch since then, or ended."""
    return progress(adapters) != before or process.poll() is not None


@pytest.mark.timeout(300)
def test_the_whole_tree_killed_part_by_part_loses_no_alert(
    tmp_path: Path, undisturbed: tuple[list[str], Counter[str]]
) -> None:
    """Jobs and the supervisor are killed while articles come; in the end each alert has arrived, repeats by its id."""
    events, ids = undisturbed
    adapters = open_data(tmp_path)
    chance = random.Random(2)
    articles = list(stream(ARTICLES, relevant=0.3, size=600))
    with receiver() as hook:
        subscribe(adapters, hook.url)
        for round_ in range(3):
            with RunningUntilKilled(tmp_path) as supervisor:
                part = articles[round_ * 200 : (round_ + 1) * 200]
                for at in range(0, len(part), 20):
                    adapters.articles.append(part[at : at + 20])
                    kill_one(supervisor, chance, adapters)
        with running(tmp_path):
            until(lambda: delivered(adapters, hook), 120)
        assert found(adapters) == events
        assert Counter(each.id for each in told(adapters)) == ids
        assert adapters.dead_letters.list() == []
        check_deliveries(adapters, hook)


def check_deliveries(adapters: Adapters, hook: Receiver) -> None:
    """Each alert was received, under its id and with its development, and only tries in flight were repeated."""
    alerts = {alert.id: alert for alert in adapters.ledger.list(limit=100_000)}
    times = Counter(delivery.id for delivery in hook.deliveries)
    assert set(times) == set(alerts)
    for delivery in hook.deliveries:
        assert development_of(delivery).id == alerts[delivery.id].development.id
    repeated = [count - 1 for count in times.values() if count > 1]
    assert sum(repeated) <= 33, "more repeats than kills: something other than a try in flight was sent again"


class RunningUntilKilled:
    """`treatywire run`, killed at the end of the block; its jobs notice that they are orphans and end."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __enter__(self) -> psutil.Process:
        self._process = treatywire(self._data, "run", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        parent = psutil.Process(self._process.pid)
        until(lambda: len(parent.children()) == 4, 30)
        return parent

    def __exit__(self, *_: object) -> None:
        children: Sequence[psutil.Process] = psutil.Process(self._process.pid).children()
        self._process.kill()
        self._process.wait()
        psutil.wait_procs(children, timeout=20)
        assert not any(child.is_running() for child in children)


def kill_one(supervisor: psutil.Process, chance: random.Random, adapters: Adapters) -> None:
    """Kills one of the jobs, after a random while."""
    threading.Event().wait(0.1 + chance.random() * 0.8)
    children = supervisor.children()
    if children and not on_trial(adapters):
        victim = chance.choice(children)
        try:
            os.kill(victim.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
