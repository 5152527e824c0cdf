"""Microseconds a mention on a new dossier, on one that has 100,000 mentions, and in a stream of many dossiers.

The store is a dict, so that this is the merge alone. Besides: how large the states are that a real store would write.
"""

import random
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

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
TYPES = (
    (EventType.NEGOTIATION, Role.NEGOTIATOR, 40),
    (EventType.ALLEGATION, Role.ACCUSER, 20),
    (EventType.ADOPTION, Role.ADOPTER, 10),
    (EventType.SIGNATURE, Role.SIGNATORY, 10),
    (EventType.RATIFICATION, Role.RATIFIER, 10),
    (EventType.WITHDRAWAL, Role.WITHDRAWER, 10),
)
SIDES = ("IRN", "RUS", "USA", "EU", "IAEA")
CLAIMS = ("supplying drones", "enriching uranium beyond the limit", "moving centrifuges underground")


def coverage(instrument: str, count: int, *, start: int = 0, seed: int = 1) -> Iterator[Statement]:
    """Articles on one treaty over two years, one mention each: one in three undated, most about the last few days."""
    chance = random.Random(seed)
    kinds, weights = [(type_, role) for type_, role, _ in TYPES], [weight for *_, weight in TYPES]
    for number in range(start, start + count):
        seen = BEGIN + timedelta(days=DAYS * (number % HOT) / HOT)
        (type_, role), *_ = chance.choices(kinds, weights)
        day = seen - timedelta(days=chance.choice((0, 0, 0, 1, 1, 2, 7)))
        actors = chance.sample(SIDES, chance.choice((1, 1, 2)))
        mention = Mention(
            type=type_,
            modality=chance.choices((Modality.OCCURRED, Modality.SCHEDULED, Modality.NEGATED), (8, 3, 1))[0],
            instrument=Instrument(instrument, InstrumentKind.TREATY),
            parties=("IRN", "RUS"),
            actors=tuple(Actor(code, role, f"the government of {code}") for code in actors),
            body=chance.choice((None, Body.LEGISLATURE, Body.LOWER_HOUSE)) if type_ is EventType.RATIFICATION else None,
            date=chance.choice((None, f"{day:%Y-%m-%d}", f"{day:%Y-%m-%d}")),
            claim=chance.choice(CLAIMS) if type_ is EventType.ALLEGATION else None,
            evidence=(Span(10, 80),),
            confidence=chance.choice((0.5, 0.6, 0.7, 0.8, 0.9)),
        )
        source = Source(
            article=f"art-{instrument}-{number}",
            revision=1,
            outlet=f"Outlet {chance.randrange(2000)}",
            seen=seen,
            title="The two governments said on Tuesday that the treaty would be taken further",
            url=f"https://news.example.org/{number}",
            language="en",
            fingerprint=chance.getrandbits(64),
        )
        yield Statement(source, (Report(mention, Quote("The evidence, a sentence of some length. " * 4)),))


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
        begun = time.perf_counter()
        outcome = consolidate(statements, self.load, now=BEGIN + timedelta(days=DAYS), origin=Origin.LIVE)
        spent = time.perf_counter() - begun
        for state in outcome.states:
            if weigh:
                self.written += len(msgspec.json.encode(state))
            if isinstance(state, Aggregate | DossierState):
                state = msgspec.structs.replace(state, outbox=())
            self.states[state.id] = msgspec.structs.replace(state, version=state.version + 1)
        return spent


def measure(store: Store, statements: Sequence[Statement], batch: int) -> dict[str, Any]:
    """Microseconds a mention, over all and at the 95th percentile of batches, and kilobytes of states written for it."""
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
    new = [next(coverage(f"treaty named word{number}", 1, start=number * 99, seed=number)) for number in range(4000)]
    figures: dict[str, Any] = {}
    for batch in (1, BATCH):
        figures |= measure(Store(), new[: 2000 if batch == 1 else 4000], batch)
    record("consolidation.new", "4,000 dossiers of one mention", figures)

    store = Store()
    begun = time.perf_counter()
    history = list(coverage("strategic partnership treaty", hot))
    for at in range(0, hot, BATCH):
        store.hear(history[at : at + BATCH])
    figures = {"us_a_mention_while_it_grew": round((time.perf_counter() - begun) / hot * 1e6)}
    last = list(coverage("strategic partnership treaty", 3000, start=hot - 3000, seed=2))
    fresh = [_renamed(statement, number) for number, statement in enumerate(last)]
    figures |= measure(store, fresh[:1000], 1) | measure(store, fresh[1000:], BATCH)
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
    begun = time.perf_counter()
    for _ in range(1000):
        fingerprint("Title", text)
    spent = (time.perf_counter() - begun) / 1000
    record("consolidation.fingerprint", f"a text of {len(text):,} characters", {"us": round(spent * 1e6)})


def _renamed(statement: Statement, number: int) -> Statement:
    source = msgspec.structs.replace(statement.source, article=f"art-late-{number}")
    return Statement(source, statement.reports)


if __name__ == "__main__":
    main(sys.argv[1:])
