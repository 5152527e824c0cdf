"""`make chaos`: each fault three times in served and in distributed mode; records each run and writes the table.

`python -m tests.chaos [--mode served] [--fault WORD]... [--begin N] [--rounds N] [--articles N] [--table]`
"""

import argparse
import os
import signal
import sys
import tempfile
import traceback
from contextlib import ExitStack
from pathlib import Path

import msgspec

from deploy.local import elasticsearch_server, flink_cluster
from tests.bench.record import record
from tests.chaos.experiment import Result, experiment
from tests.chaos.faults import FAULTS, Fault
from tests.chaos.feeds import DATASET, Feeds, feeds_of
from tests.chaos.outcome import Events, undisturbed
from tests.chaos.servers import frail_servers
from tests.chaos.table import write_table

MODES = ("served", "distributed")
FEEDS = 50
PACE = 20.0
"""Seconds in which the feeds come due."""
LIMIT_S = 600
DISK_MB = 512


def main() -> int:
    """Runs what is asked for; 0 where nothing was lost, made up or told differently."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", choices=MODES, action="append")
    parser.add_argument("--fault", action="append", help="only those whose name has this in it")
    parser.add_argument("--begin", type=int, default=1, help="the first round, of a run that was cut short")
    parser.add_argument("--rounds", type=int, default=3, help="the last one")
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--table", action="store_true", help="only write the table of what is recorded")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))  # and so end what it has started
    if options.table:
        write_table()
        return 0
    faults = [fault for fault in FAULTS if any(word in fault.name for word in options.fault or [""])]
    bad = 0
    with tempfile.TemporaryDirectory(prefix="treatywire-chaos-") as name, ExitStack() as stack:
        folder = Path(name)
        feeds = stack.enter_context(feeds_of(options.articles, options.articles // FEEDS))
        (folder / "undisturbed").mkdir()
        expected = undisturbed(folder / "undisturbed", feeds)
        for number in range(options.begin, options.rounds + 1):  # so that a run that is cut short has some of each
            for mode in options.mode or MODES:
                bad += round_of(faults, mode, number, folder, feeds, expected)
    return int(bad > 0)


def round_of(faults: list[Fault], mode: str, number: int, folder: Path, feeds: Feeds, expected: Events) -> int:
    """Each fault once, on servers started for this round; how many went wrong."""
    bad = 0
    place = folder / f"{mode}-{number}"
    with ExitStack() as stack:
        elasticsearch = stack.enter_context(elasticsearch_server(place / "elasticsearch", security=mode == "served"))
        flink = stack.enter_context(flink_cluster(place / "flink")) if mode == "distributed" else None
        servers = stack.enter_context(frail_servers(place, elasticsearch, flink, DISK_MB))
        for fault in faults:
            if not (fault.distributed if flink else fault.served) or (fault.name == "none" and number > 1):
                continue
            of_run = place / fault.name.replace(" ", "-")
            of_run.mkdir()
            load = os.getloadavg()[0]
            try:
                result = experiment(
                    of_run, servers, feeds, expected, fault, lasts=fault.lasts, pace=PACE, limit=LIMIT_S
                )
            except Exception as error:  # recorded, and the others still run
                traceback.print_exc()
                figures: dict[str, object] = {"failed": f"{type(error).__name__}: {error}"}
                bad += 1
                servers.heal()
            else:
                figures = figures_of(result)
                bad += bool(result.missing or result.outcome.wrongs())
            about = {"fault": fault.name, "round": number, "load average before": round(load, 1)}
            record(f"chaos.{mode}", f"{len(feeds.articles)} {DATASET}, {len(feeds.addresses)} feeds", about | figures)
            write_table()
            sys.stdout.flush()
    return bad


def figures_of(result: Result) -> dict[str, object]:
    """What is recorded of a run."""
    seconds = {"fault_s": round(result.fault_s, 1), "recovered_s": round(result.recovered_s, 1)}
    late = {"failed": f"not within {LIMIT_S} s: {result.missing}"} if result.missing else {}
    return late | seconds | {"lost": result.outcome.lost} | msgspec.structs.asdict(result.outcome)


if __name__ == "__main__":
    sys.exit(main())
