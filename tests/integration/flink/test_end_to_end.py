"""The real three: sample feeds → Kafka → Flink → Elasticsearch → search and a webhook, by the commands."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from standardwebhooks import Webhook

import samples
from schemas.vocabulary import Change
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected, Installation
from tests.integration.test_end_to_end import check_seed, feed_of, seed
from tests.process_tree import development_of, receiver
from tests.waiting import until


@pytest.mark.everyday
@pytest.mark.timeout(290)
def test_from_feeds_to_search_and_webhook(install: Install, tmp_path: Path) -> None:
    """The findings are those of a run in memory, the seed's events among them; each alert arrives once."""
    installed = install()
    adapters = installed.adapters
    for feed in samples.feeds():
        adapters.feeds.add(feed)
    article = seed()
    if article:
        adapters.feeds.add(feed_of(article, tmp_path))
    with receiver() as hook:
        added = json.loads(
            installed.command(tmp_path, "subscriptions", "add", "--query", "party:KEN", "--webhook", hook.url, "--json")
        )
        with jobs(installed, tmp_path, "fetch", "alert", "deliver"):
            installed.command(tmp_path, "submit")
            until(lambda: all(state.polled for _, state in adapters.feeds.list()), 60)
            installed.await_all(Expected(installed.articles()))
            until(lambda: len(hook.deliveries) == len(adapters.ledger.list(limit=1000)) > 0, 60)
            until(lambda: adapters.developments.reader("alert").position() == adapters.developments.end(), 60)
        assert installed.repeated() == 0
        assert len({delivery.id for delivery in hook.deliveries}) == len(hook.deliveries)
        for delivery in hook.deliveries:
            Webhook(added["secret"]).verify(delivery.body, delivery.headers)
            development = development_of(delivery)
            assert "KEN" in development.event.parties
            assert (development.change, development.event.news) == (Change.NEW, True)
    if article:
        check_seed(lambda query: installed.command(tmp_path, "search", query, "--json"), article["events"])


@contextmanager
def jobs(installed: Installation, data: Path, *names: str) -> Iterator[None]:
    """These jobs, each a process, told to stop at the end."""
    running = [installed.treatywire(data, "job", name) for name in names]
    try:
        yield
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
        for process in running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise
