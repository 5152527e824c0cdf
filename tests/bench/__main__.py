"""`make bench`: every benchmark, or those named on the command line; results are appended to `results/`."""

import importlib
import sys

BENCHMARKS = ("detection", "consolidation", "search", "pipeline", "served", "distributed")
"""The last two start real servers, which takes Java 17 and Maven."""


def main(names: list[str]) -> None:
    """Runs the named benchmarks, else all."""
    for name in names or BENCHMARKS:
        importlib.import_module(f"tests.bench.{name}.__main__").main([])


main(sys.argv[1:])
