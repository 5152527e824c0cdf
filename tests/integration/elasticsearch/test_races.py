"""Several processes that merge at the same moment, in a store without transactions."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from connectors import memory
from connectors.elasticsearch import Cluster
from connectors.elasticsearch.event_store import ElasticsearchEventStore
from connectors.elasticsearch.leases import ElasticsearchLeases
from connectors.elasticsearch.turn import NAME, TTL, Turn
from pipelines.consolidation.canonical import canonical
from pipelines.jobs.merging import merge
from pipelines.jobs.publish import publish
from schemas.development import Development
from schemas.errors import Conflict
from schemas.mention import Instrument
from schemas.ports import Position
from schemas.state import Statement
from schemas.vocabulary import EventType, InstrumentKind, Origin
from tests.unit.consolidation.newsroom import IRN, NOW, RUS, TREATY, Newsroom, mention, said

NAMES = (
    TREATY,
    Instrument("comprehensive strategic partnership treaty", InstrumentKind.TREATY),
    Instrument("strategic partnership and energy treaty", InstrumentKind.TREATY),
    Instrument("energy strategic partnership and defence pact", InstrumentKind.PACT),
)
TYPES = (EventType.NEGOTIATION, EventType.SIGNATURE, EventType.RATIFICATION, EventType.ENTRY_INTO_FORCE)
DATES = (None, "2025-05-21", "2025-05", "2025")


def _ignore(_: Position) -> None:
    """There is no reader."""


def _store(cluster: Cluster) -> ElasticsearchEventStore:
    return ElasticsearchEventStore(cluster, memory.Adapters().dead_letters, _ignore, at_first=timedelta(days=1))


def newspapers(chance: random.Random, count: int) -> list[Statement]:
    """Reports of one treaty under names that turn out to be its own one after the other."""
    return [
        said(
            f"art-{number}",
            mention(
                chance.choice(TYPES),
                instrument=chance.choice(NAMES),
                date=chance.choice(DATES),
                actors=chance.choice([(), (IRN,), (RUS,)]),
            ),
            days=chance.choice([0, 0.5, 3]),
            outlet=chance.choice(["BBC", "TASS", "IRNA"]),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_several_merge_at_once_is_what_one_would_have_made_of_it(cluster: Cluster, seed: int) -> None:
    """The same events, and nothing told twice."""
    chance = random.Random(seed)
    delivered = newspapers(chance, 48)
    undisturbed = Newsroom()
    undisturbed.hear(*delivered)
    log = memory.Adapters().developments

    def work(mine: Sequence[Statement]) -> None:
        store = _store(cluster)
        for start in range(0, len(mine), 4):
            merge(mine[start : start + 4], store, origin=Origin.LIVE, clock=lambda: NOW)
            publish(store, log)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, [delivered[at::3] for at in range(3)]))

    found = [hit.event for hit in _store(cluster).search(None, limit=1000)]
    assert {view.id: canonical(view) for view in found} == {
        id_: canonical(view) for id_, view in undisturbed.views.items()
    }
    told = [entry.record for entry in log.after(0, 10_000) if isinstance(entry.record, Development)]
    assert len({one.id for one in told}) == len(told)


def test_who_died_in_its_turn_is_waited_for_no_longer_than_its_lease(cluster: Cluster) -> None:
    """It gives nothing back; when its lease has run out, the next one merges."""
    leases, store = ElasticsearchLeases(cluster), _store(cluster)
    assert leases.acquire(NAME, "one that died", timedelta(seconds=1), datetime.now(UTC))
    started = time.monotonic()
    merge(newspapers(random.Random(0), 1), store, origin=Origin.LIVE, clock=lambda: NOW)
    assert time.monotonic() - started >= 0.9
    assert store.count(None) == 1


def test_who_was_too_slow_leaves_the_rest_to_the_next(cluster: Cluster) -> None:
    """Its turn ran out before it saved, and another has it: it writes nothing, and is told to do it again."""
    clock = [datetime.now(UTC)]
    turn = Turn(cluster, lambda: clock[0])
    with turn.taken():
        turn.keep()
        clock[0] += TTL * 0.6
        turn.keep()
        clock[0] += TTL
        assert ElasticsearchLeases(cluster).acquire(NAME, "the next", TTL, clock[0])
        with pytest.raises(Conflict):
            turn.keep()
        clock[0] += TTL * 1.1
        with pytest.raises(Conflict):
            turn.keep()  # it has the turn again, but not what the next one has written meanwhile
        turn.keep()
