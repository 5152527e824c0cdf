"""A dossier and those that turned out to be it."""

from collections.abc import Iterable, Sequence

import msgspec

from pipelines.consolidation.dossier import DossierKey, fuller
from schemas.state import DossierState, EventBrief


def joined(
    id_: str, members: Sequence[str], states: Sequence[DossierState], keys: Iterable[DossierKey]
) -> DossierState:
    """The dossier of this id as it stood, with all that its aliases held and what was just said of it.

    Args:
        id_: Under which they go from now on.
        members: The ids of all, this one first.
        states: Those that exist.
        keys: What statements say of any of them.
    """
    dossier = next((state for state in states if state.id == id_), None) or DossierState(id=id_)
    instrument, parties, subject = dossier.instrument, dossier.parties, dossier.subject
    events: dict[str, tuple[EventBrief, ...]] = {}
    announced: dict[str, str] = {}
    for state in states:
        instrument = fuller(instrument, state.instrument)
        parties = parties or state.parties
        events.update(state.events)
        announced.update({key: word for key, word in state.announced.items() if key not in announced})
    for key in keys:
        instrument = fuller(instrument, key.instrument)
        if key.instrument is None or key.instrument.id is None:
            parties = key.parties
        if key.instrument is None:
            subject = key.subject
    return msgspec.structs.replace(
        dossier,
        instrument=instrument,
        subject=subject,
        parties=parties,
        aliases=tuple(members[1:]),
        alias_of=None,
        events=events,
        announced=announced,
    )


def alias(id_: str, state: DossierState | None, dossier: DossierState) -> DossierState:
    """What is left of a dossier under its own id, now that it goes under another: `state` itself if it did before.

    What it had not published yet stays in its outbox.
    """
    if state is not None and state.alias_of == dossier.id:
        return state
    return DossierState(
        id=id_,
        version=state.version if state is not None else 0,
        instrument=dossier.instrument,
        parties=dossier.parties,
        alias_of=dossier.id,
        outbox=state.outbox if state is not None else (),
    )
