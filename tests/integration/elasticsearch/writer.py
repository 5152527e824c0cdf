"""A process that saves until it is killed, for `test_kills`; each line on stdout acknowledges a save."""

import sys
from itertools import count

from connectors import memory
from connectors.elasticsearch import Cluster, ElasticsearchSettings
from connectors.elasticsearch.patience import Patience
from schemas.codec import decode
from schemas.errors import Conflict, Unavailable
from tests.integration.contract.records import aggregate, development, view
from tests.integration.elasticsearch.served import composed


def main(given: str, first: str) -> None:
    """For ever: a state with its outbox, and two views; the round is the number in everything of it."""
    settings = decode(given, ElasticsearchSettings)
    with Cluster(settings, patience=Patience(seconds=1)) as cluster:
        events = composed(memory.Adapters(), cluster).events
        for number in count(int(first)):
            while True:
                try:
                    found = events.load(["agg-1"]).get("agg-1")
                    if found is None or found.version <= number:
                        state = aggregate("agg-1", version=number, outbox=(development(number),), cells=number % 5)
                        events.save([state], [])
                    shown = [view("evt-once", revision=number), view(f"evt-{number:08}", revision=number)]
                    events.save([], shown)
                    break
                except (Unavailable, Conflict) as error:
                    print("again", type(error).__name__, flush=True)
            print("saved", number, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
