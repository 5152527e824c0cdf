"""An event for tests of its codes."""

from datetime import UTC, datetime
from typing import Any

from schemas.event import EventView, Quote
from schemas.mention import Actor, Instrument
from schemas.vocabulary import EventType, InstrumentKind, Modality, Role

TREATY = Instrument("Treaty of Friendship", InstrumentKind.TREATY)
CEASEFIRE = Instrument("truce in the north", InstrumentKind.CEASEFIRE)
SEEN = datetime(2026, 5, 21, 23, 30, tzinfo=UTC)


def event(
    type_: str,
    modality: str = "occurred",
    *actors: tuple[str, ...],
    parties: tuple[str, ...] = ("CHL", "PER"),
    instrument: Instrument | None = TREATY,
    **fields: Any,
) -> EventView:
    """An event of two states, about a treaty; actors are (code, role), or (code, role, name as written)."""
    return EventView(
        **{
            "id": "evt-one",
            "revision": 1,
            "dossier": "dos-one",
            "type": EventType(type_),
            "modality": Modality(modality),
            "instrument": instrument,
            "parties": parties,
            "actors": tuple(Actor(code, Role(role), *name) for code, role, *name in actors),
            "first_seen": SEEN,
            "last_seen": SEEN,
            "news": True,
            "articles": 3,
            "outlets": 2,
            "quote": Quote("Peru and Chile signed the treaty."),
            "confidence": 0.8,
            **fields,
        }
    )
