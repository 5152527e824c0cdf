"""Statements of articles merged into what is known: states, views and developments."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from pipelines.consolidation.desk import Desk, Load
from pipelines.consolidation.dossier import kin_of
from pipelines.consolidation.intake import Intake, merge
from pipelines.consolidation.kin import related
from pipelines.consolidation.timeline import Timeline
from schemas.event import EventView
from schemas.state import Aggregate, DossierState, KinState, State, Statement
from schemas.vocabulary import Origin


class Outcome(Struct, frozen=True):
    """What is to be saved, at once."""

    states: tuple[State, ...]
    """Changed ones, with the version under which they were loaded (0 where new)."""
    views: tuple[EventView, ...]
    """Events to be written, new or again."""
    retired: tuple[str, ...]
    """Ids of events that are no longer shown by themselves."""
    basis: tuple[State, ...] = ()
    """Unchanged ones that the views depend on: whoever saved one of them meanwhile knows better."""


def consolidate(
    statements: Sequence[Statement], load: Load, *, now: datetime, origin: Origin, afresh: bool = False
) -> Outcome:
    """What becomes of the states when these statements are heard.

    Statements may come in any order, again, and in any batches: cells, events and dossiers come out the same, and what
    was told is not told again. A statement that adds nothing changes no state; the views it concerns are given again.

    Every view depends on aggregates and dossiers that are saved with it or are in the basis: who saves under a check of
    their versions, and on `Conflict` calls again with fresh loads, never writes a view of what has passed.

    Args:
        statements: What articles say. A revision that says nothing any longer is one without reports.
        load: Gives the states that exist, by id; called a few times.
        now: When this is found out, UTC.
        origin: By which way.
        afresh: Whether to derive all events of the treaties concerned anew, and give all their views: what repairs them
            where a write broke off, and others have worked on what it left.
    """
    desk = Desk(load)
    intake = Intake(statements)
    desk.fetch(intake.state_ids())
    touched = merge(intake, desk)
    views: dict[str, EventView] = {}
    retired: set[str] = set()
    depends: set[str] = set()
    for members in _groups(intake, touched, desk):
        keys = [key for member in members for key in intake.dossiers.get(member, ())]
        timeline = Timeline(members, keys, desk, afresh=afresh)
        timeline.derive({id_: cells for id_, cells in touched.items() if _dossier(id_, desk) in members})
        timeline.tell(now=now, origin=origin)
        views.update(timeline.views)
        retired |= timeline.retired
        depends |= timeline.depends
    shown = tuple(views[id_] for id_ in sorted(views))
    return Outcome(desk.changed(), shown, tuple(sorted(retired - views.keys())), desk.unchanged(depends))


def _groups(intake: Intake, touched: Mapping[str, set[str]], desk: Desk) -> list[tuple[str, ...]]:
    """The dossiers concerned, each with those that are one with it; new ones are made known to their kin first."""
    dossiers = sorted({_dossier(id_, desk) for id_ in touched})
    desk.fetch(dossiers)
    kin_ids: dict[str, str] = {}
    for id_ in dossiers:
        state = desk.get(id_, DossierState)
        key = intake.dossiers[id_][0] if id_ in intake.dossiers else None
        kin_id = key.kin if key is not None else kin_of(state) if state is not None else None
        if kin_id is not None:
            kin_ids[id_] = kin_id
    desk.fetch(kin_ids.values())
    for id_, kin_id in kin_ids.items():
        kin = desk.get(kin_id, KinState) or KinState(id=kin_id)
        if id_ not in kin.dossiers and id_ in intake.dossiers:
            names = {**kin.dossiers, id_: intake.dossiers[id_][0].words}
            desk.put(msgspec.structs.replace(kin, dossiers=names))
    groups = set()
    for id_ in dossiers:
        found = desk.get(kin_ids[id_], KinState) if id_ in kin_ids else None
        groups.add(related(found, id_) if found is not None else (id_,))
    desk.fetch(member for members in groups for member in members)
    return sorted(groups)


def _dossier(aggregate: str, desk: Desk) -> str:
    state = desk.get(aggregate, Aggregate)
    assert state is not None  # touched aggregates exist
    return state.dossier
