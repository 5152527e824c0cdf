"""Microseconds a mention on a new dossier and on one that has 100,000 mentions.

Processor time, so that neighbours on the machine do not count. The store is a dict, so that this is the merge alone;
besides, how many bytes of states a real store would write for it.
"""

import random
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from pipelines.consolidation import consolidate, fingerprint
from schemas.event import Quote
from schemas.mention import Actor, Instrument, Mention, Span
from schemas.state import Aggregate, DossierState, Report, Source, State, Statement
from schemas.vocabulary import Body, EventType, InstrumentKind, Modality, Origin, Role
from tests.bench.record import percentile, record

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
HOT = 100_000
DAYS = 730
BATCH = 50
LAST = 3000
SIDES = ("IRN", "RUS")
OTHERS = ("USA", "EU", "IAEA", "CHN")
CLAIMS = ("supplying drones", "enriching uranium beyond the limit", "moving centrifuges underground")


class Happening(NamedTuple):
    """Something that many articles tell of."""

    day: int
    type: EventType
    modality: Modality
    role: Role
    actors: tuple[str, ...]
    claim: str | None
    weight: float


def happenings(chance: random.Random) -> list[Happening]:
    """Two years of one treaty: talks every other day, an allegation every third, some steps; some told of by many."""
    found = []
    for day in range(DAYS):
        for type_, role, share in (
            (EventType.NEGOTIATION, Role.NEGOTIATOR, 0.5),
            (EventType.ALLEGATION, Role.ACCUSER, 0.33),
            (EventType.ADOPTION, Role.ADOPTER, 0.01),
            (EventType.SIGNATURE, Role.SIGNATORY, 0.01),
            (EventType.RATIFICATION, Role.RATIFIER, 0.01),
            (EventType.WITHDRAWAL, Role.WITHDRAWER, 0.005),
        ):
            if chance.random() >= share:
                continue
            modality = chance.choices((Modality.OCCURRED, Modality.SCHEDULED, Modality.NEGATED), (7, 2, 1))[0]
            actors = chance.choice((SIDES, SIDES[:1], SIDES[1:]))
            claim = chance.choice(CLAIMS) if type_ is EventType.ALLEGATION else None
            weight = chance.paretovariate(1.1)
            found.append(Happening(day, type_, modality, role, actors, claim, weight))
    return found


def coverage(instrument: str, count: int, *, parties: tuple[str, ...] = SIDES, seed: int = 1) -> list[Statement]:
    """Articles with one mention each, in order of time: one in three undated, one in ten wrong in date or actor."""
    chance = random.Random(seed)
    told = happenings(random.Random(0))
    reports = chance.choices(told, [one.weight for one in told], k=count)
    seen = [BEGIN + timedelta(days=one.day + chance.expovariate(0.7)) for one in reports]
    order = sorted(range(count), key=lambda place: seen[place])
    return [_report(reports[at], seen[at], f"{instrument}-{seed}-{at}", instrument, parties, chance) for at in order]


def _report(
    one: Happening, seen: datetime, name: str, instrument: str, parties: tuple[str, ...], chance: random.Random
) -> Statement:
    day = BEGIN + timedelta(days=one.day + (chance.random() < 0.05))
    actors = one.actors + ((chance.choice(OTHERS),) if chance.random() < 0.05 else ())
    mention = Mention(
        type=one.type,
        modality=one.modality,
        instrument=Instrument(instrument, InstrumentKind.TREATY),
        parties=parties,
        actors=tuple(Actor(code, one.role, f"the government of {code}") for code in actors),
        body=chance.choice((None, Body.LEGISLATURE)) if one.type is EventType.RATIFICATION else None,
        date=chance.choices((None, f"{day:%Y-%m-%d}", f"{day:%Y-%m}"), (6, 11, 1))[0],
        claim=one.claim,
        evidence=(Span(10, 80),),
        confidence=chance.choice((0.5, 0.6, 0.7, 0.8, 0.9)),
    )
    source = Source(
        article=f"art-{name}",
        revision=1,
        outlet=f"Outlet {chance.randrange(2000)}",
        seen=seen,
        title="The two governments said on Tuesday that the treaty would be taken further",
        url=f"https://news.example.org/{name}",
        language="en",
        fingerprint=chance.getrandbits(64),
    )
    return Statement(source, (Report(mention, Quote("The evidence, a sentence of some length. " * 4)),))


class Store:
    """States in a dict."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.written = 0
        """Bytes of states, as JSON."""

    def load(self, ids: Iterable[str]) -> Mapping[str, State]:
        """The states that exist."""
        return {id_: self.states[id_] for id_ in ids if id_ in self.states}

    def hear(self, statements: Sequence[Statement], *, weigh: bool = False) -> float:
        """Consolidates and saves; seconds that consolidation took."""
        begun = time.process_time()
        outcome = consolidate(statements, self.load, now=BEGIN + timedelta(days=DAYS), origin=Origin.LIVE)
        spent = time.process_time() - begun
        for state in outcome.states:
            if weigh:
                self.written += len(msgspec.json.encode(state))
            if isinstance(state, Aggregate | DossierState):
                state = msgspec.structs.replace(state, outbox=())
            self.states[state.id] = msgspec.structs.replace(state, version=state.version + 1)
        return spent


def measure(store: Store, statements: Sequence[Statement], batch: int) -> dict[str, Any]:
    """Microseconds a mention, over all and at the 95th percentile of batches, and kilobytes of states written."""
    store.written = 0
    spent = [store.hear(statements[at : at + batch], weigh=True) for at in range(0, len(statements), batch)]
    mean = sum(spent) / len(statements)
    return {
        f"us_a_mention_batch_{batch}": round(mean * 1e6),
        f"p95_us_a_mention_batch_{batch}": round(percentile(spent, 0.95) / batch * 1e6),
        f"mentions_a_second_batch_{batch}": round(1 / mean),
        f"kilobytes_a_mention_batch_{batch}": round(store.written / len(statements) / 1000, 1),
    }


def main(arguments: list[str]) -> None:
    """Measures all and records it; a number as argument replaces the 100,000."""
    hot = int(arguments[0]) if arguments else HOT
    pairs = [(chr(65 + n % 26) * 2 + "A", chr(65 + n // 26 % 26) * 2 + "B") for n in range(4000)]
    new = [coverage(f"treaty on word{n}", 1, parties=pair, seed=n)[0] for n, pair in enumerate(pairs)]
    figures: dict[str, Any] = {}
    for batch in (1, BATCH):
        figures |= measure(Store(), new[: 2000 if batch == 1 else 4000], batch)
    record("consolidation.new", "4,000 dossiers of one mention", figures)

    store = Store()
    begun = time.process_time()
    everything = coverage("strategic partnership treaty", hot + LAST)
    history, last = everything[:hot], everything[hot:]
    for at in range(0, hot, BATCH):
        store.hear(history[at : at + BATCH])
    figures = {"us_a_mention_while_it_grew": round((time.process_time() - begun) / hot * 1e6)}
    figures |= measure(store, last[: LAST // 3], 1) | measure(store, last[LAST // 3 :], BATCH)
    aggregates = [state for state in store.states.values() if isinstance(state, Aggregate)]
    sizes = [len(msgspec.json.encode(state)) / 1000 for state in aggregates]
    figures |= {
        "aggregates": len(aggregates),
        "cells": sum(len(state.cells) for state in aggregates),
        "kilobytes_of_the_largest_aggregate": round(max(sizes)),
        "kilobytes_of_the_dossier": round(
            max(len(msgspec.json.encode(state)) for state in store.states.values() if isinstance(state, DossierState))
            / 1000
        ),
    }
    record("consolidation.hot", f"one dossier of {hot:,} mentions", figures)

    text = "The parliament approved the treaty on Tuesday by a large majority, officials of both sides said. " * 31
    begun = time.process_time()
    for _ in range(1000):
        fingerprint("Title", text)
    spent = (time.process_time() - begun) / 1000
    record("consolidation.fingerprint", f"a text of {len(text):,} characters", {"us": round(spent * 1e6)})


if __name__ == "__main__":
    main(sys.argv[1:])
