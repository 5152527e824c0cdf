"""What exports say of a code: its name, country and sort."""

import functools
from collections.abc import Mapping

from msgspec import Struct

from schemas.vocabulary import Body


class Who(Struct, frozen=True):
    """An actor or party."""

    name: str
    country: str = ""
    """ISO 3166-1 alpha-3; empty for what is no state."""
    sector: str = ""
    """As both schemes abbreviate it: ``IGO``, ``JUD``, ``NGO``, ``REB``; of a state, that of the organ that acts."""


ORGANS = {
    Body.COMMITTEE: "LEG",
    Body.COURT: "JUD",
    Body.GOVERNMENT: "GOV",
    Body.HEAD_OF_STATE: "GOV",
    Body.LEGISLATURE: "LEG",
    Body.LOWER_HOUSE: "LEG",
    Body.UPPER_HOUSE: "LEG",
}
"""The sector of a state that acts by an organ."""


def who(code: str, body: Body | None = None) -> Who:
    """By the registry; what it does not know is its code. With `body`, a state acts by that organ."""
    found = _known().get(code) or Who(code)
    if body is None or not found.country:
        return found
    return Who(found.name, found.country, ORGANS.get(body, ""))


@functools.cache
def _known() -> Mapping[str, Who]:
    from pipelines.detection.english import gazetteer

    known = {court.code: Who(court.name, sector="JUD") for court in gazetteer.courts()}
    known |= {group.code: Who(group.name, sector="REB") for group in gazetteer.armed_groups()}
    known |= {
        each.code: Who(each.name, sector="NGO" if each.kind == "non-governmental" else "IGO")
        for each in gazetteer.organisations()
    }
    known |= {territory.code: Who(territory.name) for territory in gazetteer.territories()}
    # Last, since a part of a state that news lets act has the state's code.
    return known | {state.code: Who(state.name, state.code) for state in gazetteer.states()}
