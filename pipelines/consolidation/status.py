"""How far a treaty has come, as a whole and party by party: a pure function of its events."""

from collections.abc import Iterable
from typing import NamedTuple

from pipelines.consolidation.dates import day, days
from schemas.mention import Code
from schemas.state import EventBrief
from schemas.vocabulary import Body, DossierStatus, EventStatus, EventType, Modality, Role

LADDER = (
    DossierStatus.NEGOTIATED,
    DossierStatus.ADOPTED,
    DossierStatus.SIGNED,
    DossierStatus.RATIFIED,
    DossierStatus.IN_FORCE,
)

RUNG = {
    EventType.NEGOTIATION: DossierStatus.NEGOTIATED,
    EventType.ADOPTION: DossierStatus.ADOPTED,
    EventType.SIGNATURE: DossierStatus.SIGNED,
    EventType.RATIFICATION: DossierStatus.RATIFIED,
    EventType.DEPOSIT: DossierStatus.RATIFIED,
    EventType.ENTRY_INTO_FORCE: DossierStatus.IN_FORCE,
    EventType.EXTENSION: DossierStatus.IN_FORCE,  # only what is in force can be extended
}

END = {
    EventType.SUSPENSION: DossierStatus.SUSPENDED,
    EventType.TERMINATION: DossierStatus.TERMINATED,
    EventType.WITHDRAWAL: DossierStatus.WITHDRAWN_FROM,
}

STAGES = ("negotiated", "adopted", "signed", "approved", "ratified", "acceded", "deposited")
"""A party's stages in ascending order; ``suspended`` and ``withdrawn`` end them. ``approved`` is consent in part: by a
committee, one of two chambers, the government or a court."""

STAGE = {
    EventType.NEGOTIATION: "negotiated",
    EventType.ADOPTION: "adopted",
    EventType.SIGNATURE: "signed",
    EventType.RATIFICATION: "ratified",
    EventType.ACCESSION: "acceded",
    EventType.DEPOSIT: "deposited",
    EventType.SUSPENSION: "suspended",
    EventType.WITHDRAWAL: "withdrawn",
}

MOVING = frozenset(RUNG.keys() | END.keys() | STAGE.keys())
"""Types that change a status or a stage."""

IN_PART = frozenset({Body.COMMITTEE, Body.COURT, Body.GOVERNMENT})
CHAMBERS = frozenset({Body.LOWER_HOUSE, Body.UPPER_HOUSE})
BYSTANDERS = frozenset({Role.COURT, Role.MEDIATOR, Role.PROPOSER, Role.ACCUSER, Role.ACCUSED})
FEW = 2
"""Parties up to which the withdrawal or suspension by one is that of the whole."""


class Progress(NamedTuple):
    """Where a treaty stands."""

    status: DossierStatus | None
    cause: str | None
    """The id of the event that brought the status."""
    parties: tuple[Code, ...]
    """Sorted; those of any event."""
    stages: dict[Code, str]
    """By party, sorted."""


def progress(briefs: Iterable[EventBrief], known: tuple[Code, ...] = ()) -> Progress:
    """The state to which the events that occurred have brought a treaty, in the order in which they happened.

    What is retracted does not count; what is contradicted does, since the report stands until it is taken back. A step
    backwards on the ladder (a signature told again after ratification) changes nothing, but after an end (suspension,
    withdrawal, termination) any step but talks begins anew.

    Args:
        briefs: All events of the dossier.
        known: Its parties, where they are part of what it is; else they are those of its events.
    """
    standing = [one for one in briefs if one.status is not EventStatus.RETRACTED]
    parties = known or tuple(sorted({code for one in standing for code in one.parties}))
    counted = [one for one in standing if one.modality is Modality.OCCURRED and one.type in MOVING]
    counted.sort(key=_when)
    status: DossierStatus | None = None
    cause: str | None = None
    stages: dict[Code, str] = {}
    chambers: dict[Code, set[Body]] = {}
    for one in counted:
        reached: set[str] = set()
        for code in _acting(one, parties):
            stage = _stage(one, chambers.setdefault(code, set()))
            if stage is not None:
                stages[code] = _further(stages.get(code), stage)
                reached.add(stage)
        then = _next(status, one, parties, reached)
        if then is not status:
            status, cause = then, one.id
    return Progress(status, cause, parties, dict(sorted(stages.items())))


def _next(
    status: DossierStatus | None, one: EventBrief, parties: tuple[Code, ...], reached: set[str]
) -> DossierStatus | None:
    if one.type in END:
        whole = one.type is EventType.TERMINATION or len(parties) <= FEW
        return END[one.type] if whole else status
    rung = RUNG.get(one.type)
    if rung is None or (one.type is EventType.RATIFICATION and not _ratifies(one, reached)):
        return status
    if status is None:
        return rung
    if status in LADDER:
        return max(status, rung, key=LADDER.index)
    return status if rung is DossierStatus.NEGOTIATED else rung


def _ratifies(one: EventBrief, reached: set[str]) -> bool:
    return "ratified" in reached if reached else one.body not in IN_PART | CHAMBERS


def _stage(one: EventBrief, chambers: set[Body]) -> str | None:
    if one.type is not EventType.RATIFICATION:
        return STAGE.get(one.type)
    if one.body in CHAMBERS and one.body is not None:
        chambers.add(one.body)
        return "ratified" if chambers == CHAMBERS else "approved"
    return "approved" if one.body in IN_PART else "ratified"


def _further(known: str | None, stage: str) -> str:
    if known is None or known not in STAGES or stage not in STAGES:
        return stage if known is None or stage != "negotiated" else known
    return max(known, stage, key=STAGES.index)


def _acting(one: EventBrief, parties: tuple[Code, ...]) -> tuple[Code, ...]:
    """Whose stage an event changes; where nobody is named, both sides of a treaty between two."""
    acting = tuple(actor.code for actor in one.actors if actor.role not in BYSTANDERS)
    return acting or (parties if len(parties) <= FEW and not one.actors else ())


def _when(one: EventBrief) -> tuple[int, float, str]:
    last = days(one.date).last if one.date is not None else day(one.first_seen)
    return last, one.first_seen.timestamp(), one.id
