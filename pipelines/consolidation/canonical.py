"""What two runs over the same articles must agree in."""

from typing import Any

import msgspec

from schemas.event import EventView
from schemas.state import DossierState


def canonical(view: EventView) -> dict[str, Any]:
    """Everything that an event shows but its revision, which counts writes."""
    return _without(view, "revision")


def canonical_dossier(dossier: DossierState) -> dict[str, Any]:
    """Everything that a dossier shows, without its version, outbox and what was told (in order of arrival).

    Of a mere alias, only what it is an alias of.
    """
    if dossier.alias_of is not None:
        return {"id": dossier.id, "alias_of": dossier.alias_of}
    return _without(dossier, "version", "outbox", "announced")


def _without(record: msgspec.Struct, *names: str) -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(record)
    return {name: value for name, value in sorted(fields.items()) if name not in names}
