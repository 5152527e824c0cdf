"""A change that a subscriber may want to hear of."""

from datetime import datetime

from msgspec import Struct

from schemas.event import EventView
from schemas.identifiers import content_id
from schemas.vocabulary import Change, Origin


class Development(Struct, frozen=True, kw_only=True):
    """What changed, with the event as it was then. Times are UTC."""

    id: str
    """From the cell, the change and the new value (`development_id`)."""
    change: Change
    value: str = ""
    """What it changed to: a status, a number of outlets, the id of the other event …"""
    cell: str
    """The id of the cell whose change this is."""
    event: EventView
    origin: Origin
    recorded: datetime
    """When it was found out here."""
    late_by: float
    """Seconds from `event.last_seen`, when the article that brought it could be known, to `recorded`."""


def development_id(cell: str, change: Change, value: str) -> str:
    """The same for the same change, however often and by whichever way it is found."""
    return content_id("dev", cell, change, value)
