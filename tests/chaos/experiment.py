"""One fault, from the first article to what came of it."""

import sys
import time
from pathlib import Path

from msgspec import Struct

from tests.chaos.faults import Fault
from tests.chaos.feeds import Feeds
from tests.chaos.outcome import Events, Outcome, outcome
from tests.chaos.scene import scene
from tests.chaos.servers import Servers
from tests.waiting import until

BEGUN_S = 400
"""How long the first feed may take to be worked on, and a third of the articles to come."""


class Result(Struct, frozen=True, kw_only=True):
    """Of one run."""

    outcome: Outcome
    missing: str
    """What had not come through in time."""
    fault_s: float
    """From the fault's beginning until what it had ended runs again, or what it had held up flows again."""
    recovered_s: float
    """From its beginning until all articles, events, developments and alerts have come through."""


def experiment(
    folder: Path,
    servers: Servers,
    feeds: Feeds,
    expected: Events,
    fault: Fault,
    *,
    lasts: float,
    pace: float,
    limit: float,
) -> Result:
    """Has the fault strike when a third of the articles has come, and the others are coming.

    Args:
        folder: Empty.
        servers: Which it strikes.
        feeds: Where the articles come from.
        expected: What is found in them.
        fault: Which.
        lasts: Its seconds, of one that lasts.
        pace: Within how many seconds the feeds come due, one after another.
        limit: How many seconds it may take until all is caught up; longer is a failure.
    """
    with scene(folder, servers, feeds, fault.way) as stage:
        adapters = stage.adapters
        feeds.begin(adapters.feeds)
        until(lambda: adapters.articles.end() and not adapters.articles.reader("detect").lag(), BEGUN_S)
        feeds.go_on(adapters.feeds, pace)
        third = len(feeds.articles) // 3
        until(lambda: adapters.articles.end() > third, BEGUN_S, every=0.01)
        struck, began = time.time(), time.monotonic()
        fault.strike(stage, lasts)
        healed, ended = time.time(), time.monotonic()
        while (missing := stage.missing()) and time.monotonic() - began < limit:
            time.sleep(0.5)
        recovered = time.monotonic() - began
        found = outcome(stage, feeds, expected, struck, healed)
        if missing or found.wrongs():
            print(f"not as it should be: {missing or found.wrongs()}\n{stage.log}", file=sys.stderr, flush=True)
        return Result(outcome=found, missing=missing, fault_s=ended - began, recovered_s=recovered)
