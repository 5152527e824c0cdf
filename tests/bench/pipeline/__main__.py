"""The whole embedded path: throughput, latency, idle cost, memory over time.

`python -m tests.bench.pipeline [throughput] [latency] [idle] [search] [memory] [--minutes N]`
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import msgspec
import psutil

from connectors.sqlite import Adapters, open_database
from pipelines.detection import detector_for
from schemas.feed import Feed, FeedState
from schemas.identifiers import content_id
from schemas.subscription import AlertStatus, Subscription
from tests.articles import stream
from tests.bench.record import percentile, record
from tests.bench.search.corpus import events
from tests.process_tree import Receiver, command, development_of, receiver, running
from tests.waiting import until

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MIX = "invented articles of 3 KB, 5 % relevant (tests/articles.py)"


def open_data(folder: Path) -> Adapters:
    """Adapters on a fresh database that watches nothing of the default."""
    adapters = Adapters(open_database(folder / "treatywire.sqlite3"))
    # A feed that is not due keeps the first run from adding samples and default feeds.
    quiet = Feed(url="https://quiet.example/rss")
    adapters.feeds.add(quiet)
    adapters.feeds.save(FeedState(url=quiet.url, due=datetime.now(UTC) + timedelta(days=365)))
    return adapters


def subscribe(adapters: Adapters, query: str, url: str) -> None:
    """A subscription from now on."""
    adapters.subscriptions.add(
        Subscription(
            id=content_id("sub", query, url),
            query=query,
            webhook=url,
            secret=SECRET,
            created=datetime.now(UTC),
            position=adapters.developments.end(),
        )
    )


def throughput(articles: int = 10_000, feeds: int = 20) -> None:
    """Feeds as files → every article detected, every alert delivered; from the first article in the log on."""
    with tempfile.TemporaryDirectory() as name, receiver() as hook:
        folder = Path(name)
        adapters = open_data(folder)
        write_feeds(folder, articles, feeds, adapters)
        subscribe(adapters, "*", hook.url)
        with running(folder):
            until(lambda: adapters.articles.end() > 0, 60)
            began = time.monotonic()
            until(lambda: adapters.articles.reader("detect").position() >= articles, 600)
            detected = time.monotonic() - began
            until(lambda: settled(adapters, hook), 600)
            delivered = time.monotonic() - began
        figures = {
            "articles": articles,
            "events": adapters.events.count(None),
            "webhooks": len({delivery.id for delivery in hook.deliveries}),
            "seconds to all detected": round(detected, 1),
            "articles/s to all detected": round(articles / detected),
            "seconds to all delivered": round(delivered, 1),
            "articles/s to all delivered": round(articles / delivered),
        }
    record("pipeline.throughput", f"{MIX}, {feeds} file feeds", figures)


def settled(adapters: Adapters, hook: Receiver) -> bool:
    """Whether every alert has been delivered."""
    end = adapters.developments.end()
    if not hook.deliveries or adapters.developments.reader("alert").position() < end:
        return False
    return all(alert.status is AlertStatus.DELIVERED for alert in adapters.ledger.list(limit=100_000))


def write_feeds(folder: Path, articles: int, feeds: int, adapters: Adapters) -> None:
    """RSS files with the articles dealt out among them, and their feeds."""
    parts: list[list[str]] = [[] for _ in range(feeds)]
    for number, article in enumerate(stream(articles)):
        assert article.published is not None
        parts[number % feeds].append(
            f"<item><title>{escape(article.title)}</title><link>{article.url}</link>"
            f"<pubDate>{format_datetime(article.published)}</pubDate>"
            f"<description>{escape(article.text)}</description></item>"
        )
    for number, items in enumerate(parts):
        file = folder / f"feed{number}.xml"
        file.write_text(
            f'<rss version="2.0"><channel><title>Feed {number}</title><language>en</language>'
            f"{''.join(items)}</channel></rss>",
            encoding="utf-8",
        )
        adapters.feeds.add(Feed(url=file.as_uri(), name=f"Feed {number}"))


def latency(seconds: int = 60, rate: float = 20.0) -> None:
    """Article in the log → event searchable, and → webhook received, at a steady rate; every article relevant once."""
    with tempfile.TemporaryDirectory() as name, receiver() as hook:
        folder = Path(name)
        adapters = open_data(folder)
        subscribe(adapters, "*", hook.url)
        with running(folder):
            warm_up(adapters, hook)
            appended: dict[str, float] = {}
            searchable: dict[str, float] = {}
            stop = threading.Event()
            watcher = threading.Thread(target=watch_search, args=(adapters, appended, searchable, stop))
            watcher.start()
            pace(adapters, seconds, rate, appended)
            until(lambda: settled(adapters, hook), 60)
            stop.set()
            watcher.join()
        received = {development_of(delivery).event.url or "": delivery.at for delivery in reversed(hook.deliveries)}
        to_hook = [received[url] - at for url, at in appended.items() if url in received]
        to_search = [searchable[url] - at for url, at in appended.items() if url in searchable]
    figures = {
        "articles": int(seconds * rate),
        "events": len(to_search),
        "webhooks": len(to_hook),
        "searchable p50 s": round(percentile(to_search, 0.5), 2),
        "searchable p95 s": round(percentile(to_search, 0.95), 2),
        "webhook p50 s": round(percentile(to_hook, 0.5), 2),
        "webhook p95 s": round(percentile(to_hook, 0.95), 2),
    }
    record("pipeline.latency", f"{MIX}, {rate:g} articles/s", figures)


def warm_up(adapters: Adapters, hook: Receiver) -> None:
    """Waits until the first webhook has come through."""
    adapters.articles.append(list(stream(20, relevant=1.0, seed=99)))
    until(lambda: hook.deliveries and settled(adapters, hook), 60)
    hook.deliveries.clear()


def pace(adapters: Adapters, seconds: float, rate: float, appended: dict[str, float]) -> None:
    """Appends articles at this rate; notes when those with a mention were durable."""
    detector = detector_for("en")
    assert detector is not None
    began = time.monotonic()
    pause = threading.Event()
    for number, article in enumerate(stream(int(seconds * rate))):
        telling = bool(detector(article.title, article.text, article.published))
        pause.wait(max(0.0, began + number / rate - time.monotonic()))
        adapters.articles.append([msgspec.structs.replace(article, fetched=datetime.now(UTC))])
        if telling and article.url:
            appended[article.url] = time.time()


def watch_search(
    adapters: Adapters, appended: dict[str, float], found: dict[str, float], stop: threading.Event
) -> None:
    """Notes when each event is first found by a search."""
    while not stop.wait(0.05):
        hits = adapters.events.search(None, sort="seen", limit=200)
        now = time.time()
        for hit in hits:
            if hit.event.url in appended:
                found.setdefault(hit.event.url, now)


def idle(seconds: int = 60) -> None:
    """Processor time and memory of the whole process tree while nothing comes."""
    with tempfile.TemporaryDirectory() as name, receiver() as hook:
        folder = Path(name)
        adapters = open_data(folder)
        subscribe(adapters, "*", hook.url)
        with running(folder) as process:
            warm_up(adapters, hook)
            tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            threading.Event().wait(5)
            before = [cpu(each) for each in tree]
            threading.Event().wait(seconds)
            used = [cpu(each) - start for each, start in zip(tree, before, strict=True)]
            figures: dict[str, Any] = {"% of a core": round(100 * sum(used) / seconds, 2)}
            for each, share in zip(tree, used, strict=True):
                label = each.cmdline()[-3] if "job" in each.cmdline() else "run"
                figures[f"{label}: % of a core, MB"] = (
                    f"{100 * share / seconds:.2f}, {each.memory_info().rss / 2**20:.0f}"
                )
    record("pipeline.idle", f"no articles for {seconds} s, one subscription", figures)


def cpu(process: psutil.Process) -> float:
    """Seconds of processor time."""
    times = process.cpu_times()
    return float(times.user + times.system)


def memory(minutes: int = 60, rate: float = 20.0) -> None:
    """Resident memory of each process at a steady rate, sampled each minute; the curve is in the result."""
    with tempfile.TemporaryDirectory() as name, receiver() as hook:
        folder = Path(name)
        adapters = open_data(folder)
        subscribe(adapters, "*", hook.url)
        with running(folder) as process:
            warm_up(adapters, hook)
            tree = {"run": psutil.Process(process.pid)}
            tree |= {each.cmdline()[-3]: each for each in psutil.Process(process.pid).children()}
            curve: dict[str, list[float]] = {label: [] for label in tree}
            began = time.monotonic()
            pause = threading.Event()
            per_minute = int(60 * rate)
            for number, article in enumerate(stream(minutes * per_minute)):
                pause.wait(max(0.0, began + number / rate - time.monotonic()))
                adapters.articles.append([article])
                if number % per_minute == per_minute - 1:
                    for label, each in tree.items():
                        curve[label].append(round(each.memory_info().rss / 2**20, 1))
            size = (folder / "treatywire.sqlite3").stat().st_size / 2**20
        figures: dict[str, Any] = {"minutes": minutes, "database MB": round(size)}
        for label, values in curve.items():
            half = values[len(values) // 2 :] or values
            figures[f"{label} MB first, half, last"] = f"{values[0]:.0f}, {half[0]:.0f}, {values[-1]:.0f}"
            figures[f"{label} MB by minute"] = values
    record("pipeline.memory", f"{MIX}, {rate:g} articles/s for {minutes} minutes", figures)


def search(size: int = 100_000, repeats: int = 30) -> None:
    """`treatywire search` as a person calls it, from the start of the process to its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        adapters = open_data(folder)
        views = events(size)
        while batch := list(islice(views, 1000)):
            adapters.events.save((), batch)
        figures: dict[str, Any] = {"events": size}
        for query in ("party:IRN AND type:ratification", "party:Iran", "the", "NOT party:USA", "*"):
            taken = []
            for _ in range(repeats):
                began = time.perf_counter()
                done = command(folder, "search", query)
                taken.append(time.perf_counter() - began)
                assert done.returncode == 0, done.stderr
            figures[f"{query}: p50, p95 s"] = f"{percentile(taken, 0.5):.3f}, {percentile(taken, 0.95):.3f}"
    record("pipeline.search", f"{size} synthetic events, 20 shown, whole process", figures)


def main(arguments: list[str] | None = None) -> None:
    """Runs the named parts; all but the hour of memory where none is named."""
    parts: dict[str, Callable[[], None]] = {
        "throughput": throughput,
        "latency": latency,
        "idle": idle,
        "search": search,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*parts, "memory", []])
    parser.add_argument("--minutes", type=int, default=60)
    options = parser.parse_args(arguments)
    for part in options.parts or parts:
        if part == "memory":
            memory(options.minutes)
        else:
            parts[part]()


if __name__ == "__main__":
    main()
