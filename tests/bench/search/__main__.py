"""Search in SQLite over 100,000 events, and matching against 100,000 subscriptions.

Times are of the processor, which is what a query waits for once its pages are in memory, so that other work on the
machine does not count; those of whole processes are of the clock.
"""

import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from connectors.sqlite import search
from pipelines.matching import Matcher
from schemas.development import Development
from schemas.query.analysis import tokens
from schemas.query.evaluate import document
from schemas.query.parse import parse
from schemas.query.tree import Query
from schemas.vocabulary import Change, Origin
from tests.bench.record import percentile, record
from tests.bench.search.corpus import BEGIN, events, subscriptions

EVENTS = 100_000
SUBSCRIPTIONS = 100_000
REPEATS = 30

QUERIES = {
    "coded_and": "party:IRN AND type:ratification",
    "coded_common": "modality:occurred",
    "word": "uranium",
    "word_in_all": "the",
    "words_and": "iran russia treaty",
    "phrase": '"of the"',
    "prefix": "uran*",
    "prefix_short": "ba*",
    "or": "party:IRN AND (type:ratification OR type:signature OR uranium)",
    "not": "NOT party:USA",
    "not_common": "party:USA NOT the",
    "range": "confidence:>=0.99",
    "range_empty": "outlets:>100",
    "dates": "date:[2025-03-01 TO 2025-03-31]",
    "dates_or_words": "date:2025-03 OR uranium",
    "dates_or_all": "date:2025-03 OR the",
    "mixed": "party:IRN AND (confidence:>0.9 OR NOT the)",
    "exists": "body:* AND NOT date:*",
    "everything": "*",
}
COLD = """
import sqlite3, sys
from schemas.query.parse import parse
from connectors.sqlite import search
search.search(sqlite3.connect(sys.argv[1]), parse(sys.argv[2]), since=None, sort="date", limit=20, offset=0)
"""


def main(arguments: list[str]) -> None:
    """Builds the index in a temporary file, asks, and records; a number of events may be given."""
    size = int(arguments[0]) if arguments else EVENTS
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "search.db"
        connection = sqlite3.connect(path)
        record("search.index", f"{size} synthetic events", _index(connection, path, size))
        for sort in ("date", "seen", "score"):
            record(f"search.{sort}", f"{size} synthetic events, limit 20", _ask(connection, sort))
        record("search.count", f"{size} synthetic events", _count(connection))
        connection.close()
        record("search.process", f"{size} synthetic events", _cold(path))
    record("search.matcher", f"{SUBSCRIPTIONS} synthetic subscriptions, 2000 developments", _match())


def _index(connection: sqlite3.Connection, path: Path, size: int) -> dict[str, Any]:
    """How long an event takes to index, in one transaction for a thousand."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(search.SCHEMA)
    views = list(events(size))
    started = time.process_time()
    for at in range(0, size, 1000):
        with connection:
            for view in views[at : at + 1000]:
                search.index_view(connection, view)
    taken = time.process_time() - started
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    analysis = _milliseconds(lambda: tokens(views[0].quote.text), 1000)
    return {
        "us_per_event": round(taken / size * 1e6),
        "us_per_sentence_analysed": round(analysis[0] * 1000, 1),
        "us_per_document": round(_milliseconds(lambda: document(views[0]), 1000)[0] * 1000, 1),
        "megabytes": round(path.stat().st_size / 2**20, 1),
    }


def _ask(connection: sqlite3.Connection, sort: str) -> dict[str, Any]:
    """p50 and p95 of each query, in milliseconds."""
    figures = {}
    for name, text in QUERIES.items():
        query = parse(text)

        def ask(query: Query = query) -> None:
            search.search(connection, query, since=None, sort=sort, limit=20, offset=0)

        half, most = _milliseconds(ask, REPEATS)
        figures[f"{name}_ms"] = f"p50 {half:.2f}, p95 {most:.2f}"
    return figures


def _count(connection: sqlite3.Connection) -> dict[str, Any]:
    """p50 and p95 of counting, in milliseconds, and how many there are."""
    figures = {}
    for name, text in QUERIES.items():
        query = parse(text)

        def ask(query: Query = query) -> None:
            search.count(connection, query, since=None)

        half, most = _milliseconds(ask, REPEATS)
        found = search.count(connection, query, since=None)
        figures[f"{name}_ms"] = f"p50 {half:.2f}, p95 {most:.2f}, of {found}"
    return figures


def _cold(path: Path) -> dict[str, Any]:
    """A process that imports, parses, searches and ends, in milliseconds; and parsing alone in a warm one."""
    figures = {}
    for name in ("coded_and", "word_in_all"):
        command = [sys.executable, "-c", COLD, str(path), QUERIES[name]]

        def ask(command: list[str] = command) -> None:
            subprocess.run(command, check=True)

        half, most = _milliseconds(ask, 10, time.perf_counter)
        figures[f"{name}_ms"] = f"p50 {half:.0f}, p95 {most:.0f}"
    half, most = _milliseconds(lambda: parse(QUERIES["or"]), 500)
    figures["parse_ms"] = f"p50 {half:.2f}, p95 {most:.2f}"
    return figures


def _match() -> dict[str, Any]:
    """p50 and p95 of one development against all subscriptions, in milliseconds, without and with a sample."""
    asked = [(name, parse(text, for_developments=True)) for name, text in subscriptions(SUBSCRIPTIONS)]
    figures: dict[str, Any] = {"different_queries": len({query for _, query in asked})}
    for kind, sample in (("", []), ("_with_sample", list(islice(events(2000, seed=9), 2000)))):
        started = time.process_time()
        matcher = Matcher(asked, sample)
        figures[f"build{kind}_s"] = round(time.process_time() - started, 2)
        taken, heard = [], 0
        for view in events(2000, seed=3):
            development = Development(
                id="dev-1",
                change=Change.NEW,
                cell="cell-1",
                event=view,
                origin=Origin.LIVE,
                recorded=BEGIN,
                late_by=0.0,
            )
            started = time.process_time()
            heard += len(matcher.match(development))
            taken.append((time.process_time() - started) * 1000)
        figures[f"match{kind}_ms"] = f"p50 {percentile(taken, 0.5):.3f}, p95 {percentile(taken, 0.95):.3f}"
        figures[f"heard{kind}"] = round(heard / 2000, 1)
    return figures


def _milliseconds(
    ask: Callable[[], object], repeats: int, clock: Callable[[], float] = time.process_time
) -> tuple[float, float]:
    """p50 and p95 of calling it."""
    ask()
    taken = []
    for _ in range(repeats):
        started = clock()
        ask()
        taken.append((clock() - started) * 1000)
    return percentile(taken, 0.5), percentile(taken, 0.95)


if __name__ == "__main__":
    main(sys.argv[1:])
