"""What was recorded of each fault, as a table: one row a fault and mode, from the records alone."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench.record import RESULTS
from tests.chaos.faults import FAULTS

NAMES = [fault.name for fault in FAULTS]
RECORDS, TABLE = RESULTS / "chaos.jsonl", RESULTS / "chaos.md"
HEAD = """\
# Faults

Made by `make chaos` from [chaos.jsonl](chaos.jsonl), where each run has its date, commit and machine.

"""
EXPLAINED = """
*lost*: articles that never came into the log, events of an undisturbed run that are missing, events that no development
tells of, alerts that were not delivered. *differing*: events whose canonical form is another than that of an
undisturbed run. *doubled*: entries of the developments log beyond the first of their id, in all runs together.
*repeated*: webhooks beyond the first of their id; *without cause*: of these, where no try was in flight when the fault
struck or while it lasted. *recovers*: seconds from the fault's beginning until every article, event, development and
alert has come through, in each run; articles still come for a while, as the row *none* shows. *load*: the machine's
average over the minute before; where it is far above the number of cores, others used the machine, and seconds are
theirs, too.
"""


def write_table() -> None:
    """Writes it anew."""
    records = [json.loads(line) for line in RECORDS.read_text(encoding="utf-8").splitlines()]
    parts = [HEAD]
    for dataset in dict.fromkeys(record["dataset"] for record in records):
        of_set = [record for record in records if record["dataset"] == dataset]
        machines = "; ".join(dict.fromkeys(record["machine"] for record in of_set))
        dates = sorted({record["date"][:10] for record in of_set})
        parts.append(f"{dataset}.\n{' to '.join(dict.fromkeys((dates[0], dates[-1])))}, {machines}.\n\n{_rows(of_set)}")
    TABLE.write_text("\n".join(parts) + EXPLAINED, encoding="utf-8")


def _rows(records: Sequence[Mapping[str, Any]]) -> str:
    columns = ["fault", "mode", "runs", "of them failed", "lost", "differing", "doubled", "repeated", "without cause"]
    columns += ["fault lasts s", "recovers s", "load before"]
    rows = ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    kinds = {(record["fault"], record["benchmark"]) for record in records}
    for fault, mode in sorted(kinds, key=lambda kind: (NAMES.index(kind[0]), kind[1] == "chaos.distributed")):
        runs = [record for record in records if (record["fault"], record["benchmark"]) == (fault, mode)]
        done = [run for run in runs if "lost" in run]
        figures = [
            fault,
            mode.removeprefix("chaos."),
            len(runs),
            sum("failed" in run for run in runs),
            *(sum(run[name] for run in done) for name in ("lost", "events_differing", "doubled", "repeated")),
            sum(run["repeated_without_cause"] for run in done),
            ", ".join(f"{run['fault_s']:.0f}" for run in done),
            ", ".join(f"{run['recovered_s']:.0f}" for run in done),
            ", ".join(f"{run['load average before']:.0f}" for run in done),
        ]
        rows.append("| " + " | ".join(map(str, figures)) + " |")
    return "\n".join(rows) + "\n"
