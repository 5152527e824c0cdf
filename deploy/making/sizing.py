"""The table of what was measured, from the records of the benchmarks: no figure in it is typed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- made by `make deploy-files`: -->", "<!-- end -->"
SHOWN = ("pipeline.throughput", "pipeline.latency", "pipeline.idle", "pipeline.memory", "served.", "distributed.")
"""Which benchmarks tell how large a machine must be, by how their names begin."""
_ABOUT = frozenset({"benchmark", "commit", "dataset", "date", "machine"})


def with_sizing(readme: str, results: Path) -> str:
    """The same text, with the table of the latest result of each benchmark between the marks."""
    before, rest = readme.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return f"{before}{BEGIN}\n{table(latest(results))}{END}{after}"


def latest(results: Path) -> Sequence[Mapping[str, Any]]:
    """The last record of each benchmark that is shown, by name."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(results.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            if record["benchmark"].startswith(SHOWN):
                found[record["benchmark"]] = record
    return [found[name] for name in sorted(found)]


def table(records: Sequence[Mapping[str, Any]]) -> str:
    """One row a benchmark: what was run, what came out, when and on what."""
    rows = ["| measured | with | result | on |", "|---|---|---|---|"]
    for record in records:
        figures = "; ".join(
            f"{name}: {value}" for name, value in record.items() if name not in _ABOUT and not isinstance(value, list)
        )
        machine = f"{record['date'][:10]}, {record['machine']}"
        rows.append(f"| {record['benchmark']} | {record['dataset']} | {figures} | {machine} |")
    return "\n".join(rows) + "\n"
