"""What every layout needs to say of an event: its day, and its codes."""

from datetime import UTC
from itertools import takewhile

from schemas.event import Cameo, EventView, Plover
from schemas.ontology import coded
from schemas.vocabulary import Modality

DONE = (Modality.OCCURRED, Modality.NEGATED)
"""What an event's date is the date of; else it is that of a plan, and what happened is that it was said."""


def codes_of(view: EventView) -> tuple[Cameo, Plover]:
    """Those that the view carries; one made before there was an ontology is coded now."""
    if view.cameo is None or view.plover is None:
        view = coded(view)
    assert view.cameo is not None
    assert view.plover is not None
    return view.cameo, view.plover


def happened(view: EventView) -> str:
    """The day, month or year (``2025-05-21``, ``2025-05``, ``2025``) of the coded act; empty where it is not known.

    Both schemes code what is said, so a plan takes place when it is told. What has no date is dated by its first
    report, as POLECAT's coder does; an interval keeps what its ends share, so that no date is finer than the event's.
    """
    if view.date is None or view.modality not in DONE:
        return first_day(view)
    first, _, last = view.date.partition("/")
    if not last or first == last:
        return first
    parts = zip(first.split("-"), last.split("-"), strict=False)
    return "-".join(one for one, _ in takewhile(lambda part: part[0] == part[1], parts))


def first_day(view: EventView) -> str:
    """The UTC day on which it was first reported."""
    return view.first_seen.astimezone(UTC).date().isoformat()
