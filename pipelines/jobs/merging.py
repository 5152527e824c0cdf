"""Statements → what is known: loaded, merged, saved."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime

from pipelines.consolidation import consolidate
from schemas.dead_letter import DeadLetter
from schemas.errors import Conflict, Unavailable
from schemas.ports import Position, States
from schemas.state import Statement
from schemas.vocabulary import Origin

CONFLICTS = 20
"""How often a batch is merged anew when others write the same states meanwhile."""


def merge(
    statements: Sequence[Statement],
    store: States,
    *,
    origin: Origin,
    clock: Callable[[], datetime],
    afresh: bool = False,
    failed: Sequence[DeadLetter] = (),
    position: Position | None = None,
) -> None:
    """Saves what becomes of the states when these statements are heard; durable on return, doing it again is safe.

    Args:
        statements: What articles say.
        store: Where states are.
        origin: By which way the articles came.
        clock: UTC.
        afresh: Whether this was begun before and may have broken off, so that others have worked on what it left.
        failed: What was set aside of the same batch.
        position: Behind the batch.

    Raises:
        Unavailable: Others write the same states all the time, or the store does not answer.
    """
    with store.alone() if statements else nullcontext():
        for attempt in range(CONFLICTS):
            again = afresh or attempt > 0
            outcome = consolidate(statements, store.load, now=clock(), origin=origin, afresh=again)
            try:
                store.save(outcome.states, outcome.views, outcome.retired, failed, position, outcome.basis)
            except Conflict:
                continue
            return
    raise Unavailable(f"{CONFLICTS} merges in a row were overtaken by other processes")
