"""Where benchmark results go: one JSON line each, with date, machine and data set."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

RESULTS = Path(__file__).parent / "results"


def record(benchmark: str, dataset: str, figures: dict[str, Any]) -> None:
    """Appends a result and prints it."""
    line = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "machine": machine(),
        "benchmark": benchmark,
        "dataset": dataset,
        **figures,
    }
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / f"{benchmark.split('.')[0]}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    print(f"{benchmark} ({dataset})")
    for name, value in figures.items():
        if not isinstance(value, list):
            print(f"  {name:<32}{value}")


def machine() -> str:
    """Processor, cores, memory and Python, in one line."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    gigabytes = psutil.virtual_memory().total / 2**30
    return f"{model}, {os.cpu_count()} cores, {gigabytes:.0f} GiB, Python {platform.python_version()}"


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies, by the nearest rank; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
