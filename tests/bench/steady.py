"""Articles that come steadily to a running system, and what is measured of it meanwhile."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import psutil

from pipelines.jobs.served import ServedAdapters
from schemas.article import Article
from schemas.development import Development
from tests.bench.record import percentile

MIX = "invented articles of 3 KB, 5 % relevant (tests/articles.py)"


class System(NamedTuple):
    """Servers, and processes of ours that work on an articles log."""

    adapters: ServedAdapters
    parts: Callable[[], Mapping[str, int]]
    """Process ids by name; children are counted with their parents."""
    done: Callable[[], bool]
    """Whether every article is known to be done."""

    def processor_s(self) -> dict[str, float]:
        """Seconds of processor time so far, by part."""
        return {name: sum(map(_processor_s, family)) for name, family in self._families()}

    def memory_mb(self) -> dict[str, float]:
        """Resident memory, by part."""
        families = self._families()
        return {name: round(sum(each.memory_info().rss for each in family) / 2**20, 1) for name, family in families}

    def _families(self) -> list[tuple[str, list[psutil.Process]]]:
        found = ((name, psutil.Process(pid)) for name, pid in self.parts().items())
        return [(name, [process, *process.children(recursive=True)]) for name, process in found]

    def settle(self) -> float:
        """When the last development of what is in the articles log came (`time.monotonic`); waits until all is done."""
        end, grown, asked = -1, time.monotonic(), time.monotonic()
        while True:
            now = self.adapters.developments.end()
            if now != end:
                end, grown = now, time.monotonic()
            elif time.monotonic() - max(grown, asked) > 2.0:
                if self.done():
                    return grown
                asked = time.monotonic()
            threading.Event().wait(0.1)


def _processor_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def pace(system: System, articles: Iterable[Article], rate: float) -> Iterator[tuple[Article, float]]:
    """Appends them at so many a second; each with when it was appended (`time.monotonic`)."""
    began, pause = time.monotonic(), threading.Event()
    for number, article in enumerate(articles):
        pause.wait(max(0.0, began + number / rate - time.monotonic()))
        system.adapters.articles.append([article])
        yield article, time.monotonic()


@contextmanager
def listening(system: System) -> Iterator[dict[str, float]]:
    """When the first development of each article was in the log, by its URL; filled until the block is left."""
    log, heard, stop = system.adapters.developments, dict[str, float](), threading.Event()
    begin = log.end()

    def listen() -> None:
        at = begin
        while not stop.wait(0.01):
            if entries := log.after(at, 1000):
                at, now = entries[-1].offset, time.monotonic()
                for entry in entries:
                    if isinstance(entry.record, Development):
                        heard.setdefault(entry.record.event.url or "", now)

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        yield heard
    finally:
        stop.set()
        listener.join()


def throughput(system: System, articles: Sequence[Article]) -> dict[str, object]:
    """Figures from articles that all are in Kafka at once to the last development in Kafka."""
    used, began = system.processor_s(), time.monotonic()
    for at in range(0, len(articles), 2000):
        system.adapters.articles.append(articles[at : at + 2000])
    appended = time.monotonic() - began
    taken = system.settle() - began
    seconds = {name: now - used[name] for name, now in system.processor_s().items()}
    figures: dict[str, object] = {
        "articles": len(articles),
        "seconds to append": round(appended, 1),
        "seconds to the last development": round(taken, 1),
        "articles/s": round(len(articles) / taken),
        "articles for a second of processor time, all servers": round(len(articles) / sum(seconds.values())),
    }
    return figures | {f"{name}: processor s": round(each, 1) for name, each in seconds.items()}


def latency(system: System, articles: Iterable[Article], rate: float) -> dict[str, object]:
    """Figures from article in Kafka to its development in Kafka."""
    with listening(system) as heard:
        appended = {article.url or "": at for article, at in pace(system, articles, rate)}
        last = max(appended.values())
        caught_up = system.settle()
    taken = [heard[url] - at for url, at in appended.items() if url in heard]
    return {
        "articles": len(appended),
        "articles/s appended": round(len(appended) / (last - min(appended.values())), 1),
        "developments": len(taken),
        "p50 s": round(percentile(taken, 0.5), 2),
        "p95 s": round(percentile(taken, 0.95), 2),
        "worst s": round(max(taken), 2),
        "last development after the last article, s": round(max(0.0, caught_up - last), 1),
    }


def memory(system: System, articles: Sequence[Article], rate: float) -> dict[str, object]:
    """Resident memory of each part at a steady rate, sampled each minute; the curve is in the figures."""
    curve: dict[str, list[float]] = {}
    per_minute = int(60 * rate)
    for number, _ in enumerate(pace(system, articles, rate), start=1):
        if number % per_minute == 0:
            for name, now in system.memory_mb().items():
                curve.setdefault(name, []).append(now)
    system.settle()
    figures: dict[str, object] = {"minutes": len(articles) // per_minute}
    for name, values in curve.items():
        figures[f"{name} MB first, half, last"] = f"{values[0]:.0f}, {values[len(values) // 2]:.0f}, {values[-1]:.0f}"
        figures[f"{name} MB by minute"] = values
    return figures


def idle(system: System, seconds: int) -> dict[str, float]:
    """The share of a core, in per cent, that each part takes while nothing comes."""
    system.settle()
    before = system.processor_s()
    threading.Event().wait(seconds)
    return {name: round(100 * (now - before[name]) / seconds, 2) for name, now in system.processor_s().items()}
