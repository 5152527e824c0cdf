"""From what a person types to an id: the id itself, an alias, or the unique beginning of one."""

from collections.abc import Mapping

from schemas.event import EventView
from schemas.state import DossierState

AFTER_DASH = 4
"""Characters after an event id's dash without which it is not looked for."""


def event(views: Mapping[str, EventView], typed: str) -> str | None:
    """The id of an event; None where there is none, or more than one begins so."""
    if typed in views:
        return typed
    if aliased := [view.id for view in views.values() if typed in view.aliases]:
        return min(aliased)
    if len(typed.partition("-")[2]) < AFTER_DASH:
        return None
    found = [name for name in views if name.startswith(typed)] or [
        view.id for view in views.values() if any(alias.startswith(typed) for alias in view.aliases)
    ]
    return found[0] if len(found) == 1 else None


def dossier(dossiers: Mapping[str, DossierState], typed: str) -> str | None:
    """The id of a dossier; None where there is none, or more than one begins so."""
    leads = {alias: min(_leading(dossiers, alias)) for state in dossiers.values() for alias in state.aliases}

    def resolved(name: str) -> str:
        while name in leads and leads[name] < name:
            name = leads[name]
        return name

    if resolved(typed) in dossiers:
        return resolved(typed)
    found = {resolved(name) for name in {*dossiers, *leads} if typed and name.startswith(typed)}
    return found.pop() if len(found) == 1 else None


def _leading(dossiers: Mapping[str, DossierState], alias: str) -> list[str]:
    return [state.id for state in dossiers.values() if alias in state.aliases]
