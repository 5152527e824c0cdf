"""A process that writes to a database until it is killed or has done its share, for `test_sqlite_processes`.

Each line on stdout acknowledges a transaction that has returned.
"""

import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

from connectors.sqlite import Adapters, open_database
from schemas.errors import Conflict
from schemas.ports import Position
from schemas.state import Aggregate
from tests.integration.contract.records import NOON, aggregate, article, development, letter, view

BATCH = 3


def append_and_save(adapters: Adapters, first: int) -> None:
    """For ever: a batch of articles, then what follows from it; the round is the number in everything of it."""
    for number in count(first):
        adapters.articles.append([article(number * BATCH + each, text="x" * 2_000) for each in range(BATCH)])
        print("appended", number, flush=True)
        adapters.articles.reader("detect").begin(number * BATCH, number * BATCH + BATCH - 1)
        found = adapters.events.load(["agg-1"]).get("agg-1")
        adapters.events.save(
            [
                aggregate(
                    "agg-1", version=found.version if found else 0, outbox=(development(number),), cells=number % 5
                )
            ],
            [
                view("evt-once", revision=number),
                view(f"evt-{number:08}", revision=number, aliases=(f"evt-x{number:08}",)),
            ],
            failed=[letter(number)],
            position=Position("detect", (number + 1) * BATCH),
        )
        print("saved", number, flush=True)


def add_up(adapters: Adapters, name: str, rounds: int) -> None:
    """So many times, whoever else does the same: one more word in the state, one more attempt, a lease, articles."""
    for number in range(rounds):
        adapters.articles.append([article(number), article(number, revision=2 if name == "a" else 3)])
        adapters.dead_letters.add([letter(0)])
        lease = adapters.leases.acquire("turn", f"{name} {number}", timedelta(0), NOON)
        print("token", lease.token if lease else None, flush=True)
        while True:
            state = adapters.events.load(["agg-1"]).get("agg-1")
            told = state.announced if isinstance(state, Aggregate) else {}
            new = Aggregate(
                id="agg-1",
                dossier="dos-one",
                type=aggregate("agg-1").type,
                period="2026",
                version=state.version if state else 0,
                announced={**told, f"{name} {number}": ""},
            )
            try:
                adapters.events.save([new], [view("evt-once", revision=new.version)])
                break
            except Conflict:
                print("conflict", flush=True)
    print("done", flush=True)


def main(task: str, path: str, *arguments: str) -> None:
    """Opens the database and does the task."""
    with open_database(Path(path)) as database:
        print("ready", flush=True)
        sys.stdin.readline()
        if task == "append":
            append_and_save(Adapters(database), int(arguments[0]))
        else:
            add_up(Adapters(database), arguments[0], int(arguments[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
