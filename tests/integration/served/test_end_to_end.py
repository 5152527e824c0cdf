"""Feeds → Kafka → two workers → Elasticsearch → search and a webhook, each job a process of its own."""

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from standardwebhooks import Webhook

import samples
from connectors.sqlite import Adapters, open_database
from schemas.feed import Feed
from schemas.subscription import AlertStatus
from schemas.vocabulary import Change
from tests.integration.served.installation import Installation, check_told_once, detected, found, told
from tests.integration.test_end_to_end import check_seed, feed_of, seed
from tests.process_tree import command, development_of, receiver, treatywire
from tests.waiting import until


def feeds(folder: Path) -> list[Feed]:
    """The samples, and the article with which the project began where it is at hand."""
    article = seed()
    return [*samples.feeds(), *([feed_of(article, folder)] if article else [])]


def embedded(folder: Path) -> list[str]:
    """The events that the embedded program finds in the same feeds."""
    adapters = Adapters(open_database(folder / "treatywire.sqlite3"))
    for feed in feeds(folder):
        adapters.feeds.add(feed)
    command(folder, "job", "fetch", "--until-idle")
    until(lambda: all(state.polled for _, state in adapters.feeds.list()))
    command(folder, "job", "detect", "--until-idle")
    return found(adapters)


@pytest.mark.everyday
@pytest.mark.timeout(300)
def test_from_feeds_to_search_and_webhook(installation: Installation, tmp_path: Path) -> None:
    """What the embedded program finds is found here, told once, and sent once; every command works on it."""
    adapters = installation.open()
    workers = installation.jobs("detect", "detect")
    until(lambda: installation.members(adapters) == 2)
    with receiver() as hook:
        added = installation.command("subscriptions", "add", "--query", "party:KEN", "--webhook", hook.url)
        secret = added.stderr.split()[1]
        for feed in feeds(installation.folder):
            assert installation.command("feeds", "add", feed.url, "--name", feed.name).returncode == 0
        others = installation.jobs("alert", "deliver", "fetch")

        def done() -> bool:
            polled = all(state.polled for _, state in adapters.feeds.list())
            found_all = polled and adapters.articles.end() > 0 and detected(adapters)
            return found_all and adapters.developments.reader("alert").lag() == 0

        until(done, 60)
        alerts = adapters.ledger.list(limit=1000)
        assert alerts
        until(lambda: len(hook.deliveries) >= len(alerts))
        until(lambda: all(one.status is AlertStatus.DELIVERED for one in adapters.ledger.list(limit=1000)))
        assert sorted(one.id for one in hook.deliveries) == sorted(one.id for one in alerts)
        for delivery in hook.deliveries:
            Webhook(secret).verify(delivery.body, delivery.headers)
            assert "KEN" in development_of(delivery).event.parties

    other = tmp_path / "embedded"
    other.mkdir()
    assert found(adapters) == embedded(other)
    check_told_once(adapters)
    check_commands(installation)
    article = seed()
    if article:
        check_seed(lambda query: installation.command("search", query, "--json").stdout, article["events"])
    assert [job.stop() for job in (*workers, *others)] == [0] * 5
    assert not any('"error"' in job.log or "Traceback" in job.log for job in (*workers, *others))


@pytest.mark.timeout(240)
def test_run_shows_each_development_once(installation: Installation) -> None:
    """`treatywire run`, all jobs under one supervisor, on the same servers; the next run shows nothing again."""
    adapters = installation.open()
    for feed in samples.feeds():
        adapters.feeds.add(feed)

    def shown() -> bool:
        polled = all(state.polled for _, state in adapters.feeds.list())
        if not polled or not adapters.articles.end() or not detected(adapters):
            return False
        return adapters.developments.reader("terminal").lag() == 0

    printed = run_until(installation, shown)
    news = [one for one in told(adapters) if one.change is Change.NEW]
    assert len(printed.splitlines()) == len(news) > 0
    polls = [state.polled for _, state in adapters.feeds.list()]
    again = run_until(installation, lambda: shown() and polls != [state.polled for _, state in adapters.feeds.list()])
    assert again == ""


def run_until(installation: Installation, condition: Callable[[], bool]) -> str:
    """What `treatywire run` prints until the condition holds and SIGINT stops it."""
    with (installation.folder / "out").open("w+", encoding="utf-8") as out:
        process = treatywire(
            installation.folder, "run", variables=installation.variables, stdout=out, stderr=subprocess.PIPE
        )
        try:
            until(condition, 90)
        finally:
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=15)
        assert process.returncode == 0, errors
        assert "Traceback" not in errors
        out.seek(0)
        return out.read()


def check_commands(installation: Installation) -> None:
    """What a person asks of the embedded program is asked of this one in the same words."""
    (first, *_) = installation.command("search", "*", "--json").stdout.splitlines()
    event = json.loads(first)
    assert event["id"] in installation.command("show", event["id"][:12]).stdout
    assert json.loads(installation.command("show", event["dossier"], "--json").stdout)["id"] == event["dossier"]
    status = json.loads(installation.command("status", "--json").stdout)
    assert (status["articles_waiting"], status["dead_letters"]) == (0, {})
    assert status["developments"] > 0
    assert installation.prefix in status["data"]
    assert len(installation.command("feeds", "list").stdout.splitlines()) == status["feeds"]
    assert "party:KEN" in installation.command("subscriptions", "list").stdout
    heard = installation.command("subscriptions", "test", "--query", "party:KEN")
    assert heard.returncode == 0
    assert installation.command("replay").returncode == 1  # there are no dead letters
    assert installation.command("topics", "check").returncode == 0
