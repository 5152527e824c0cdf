"""Articles and sentences a second, start-up, memory, and the worst article that a fuzzer finds.

Processor time of one core, so that neighbours on the machine do not count.
"""

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import psutil

from pipelines.detection import Detector, detector_for
from tests.bench.detection.corpus import dense, mixed, words
from tests.bench.record import record

_WHEN = datetime(2025, 5, 21, tzinfo=UTC)
_ARTICLES, _LENGTH, _ITEMS = 600, 3000, 4000
_GENERATIONS, _LITTER, _LARGE = 30, 6, 10_000
_START = """
import time
begun = time.perf_counter()
from pipelines.detection import detector_for
detector_for("en")("", "A treaty.", None)
print(time.perf_counter() - begun)
"""


def main(_arguments: Sequence[str]) -> None:
    """Measures and records."""
    detect = detector_for("en")
    assert detect is not None
    chance = random.Random(1969)
    stream, items = mixed(chance, _ARTICLES, _LENGTH), dense(chance, _ITEMS)
    started = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=True)
    figures = {
        "mixed articles a second": round(len(stream) / _seconds(detect, stream)),
        "dense sentences a second": round(len(items) / _seconds(detect, items)),
        "start-up in seconds": round(float(started.stdout), 2),
        "memory in MiB": round(psutil.Process().memory_info().rss / 2**20),
    }
    milliseconds, worst = _worst(detect, chance)
    figures["worst ms per 10 KB"] = round(milliseconds, 1)
    figures["times slower at ten times the length"] = round(
        _seconds(detect, [worst * 10]) / _seconds(detect, [worst]), 1
    )
    record("detection", f"{_ARTICLES} articles of 3 KB, one in 20 relevant; {_ITEMS} dense items", figures)


def _seconds(detect: Detector, texts: Sequence[str]) -> float:
    """The least of three runs."""
    runs = []
    for _ in range(3):
        begun = time.process_time()
        for text in texts:
            detect("", text, _WHEN)
        runs.append(time.process_time() - begun)
    return min(runs)


def _worst(detect: Detector, chance: random.Random) -> tuple[float, str]:
    """Milliseconds per 10 KB of the slowest article that a search by mutation comes to, and the article."""
    vocabulary = words()
    slowest = " ".join(chance.choices(vocabulary, k=_LARGE // 6))[:_LARGE]
    cost = _seconds(detect, [slowest])
    for _ in range(_GENERATIONS):
        for _ in range(_LITTER):
            mutant = _mutated(slowest, vocabulary, chance)
            spent = _seconds(detect, [mutant])
            if spent > cost:
                slowest, cost = mutant, spent
    return cost * 1000 * 10_000 / len(slowest), slowest


def _mutated(text: str, vocabulary: Sequence[str], chance: random.Random) -> str:
    """The text with a stretch of it replaced: by other words, by one word again and again, or by a copy of another."""
    start = chance.randrange(len(text))
    length = chance.choice((20, 200, 2000))
    how = chance.randrange(3)
    if how == 0:
        piece = " ".join(chance.choices(vocabulary, k=max(1, length // 6)))
    elif how == 1:
        piece = (chance.choice(vocabulary) + chance.choice((" ", ""))) * (length // 2)
    else:
        other = chance.randrange(len(text))
        piece = text[other : other + length]
    return (text[:start] + piece[:length] + text[start + length :])[:_LARGE]


if __name__ == "__main__":
    main(sys.argv[1:])
