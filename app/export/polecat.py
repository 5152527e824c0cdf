"""PLOVER events in the columns of POLECAT, one line an event.

Names and order are those of POLECAT's yearly files (Harvard Dataverse, doi:10.7910/DVN/AJGVIT), tab-delimited with a
line of names; several values in a cell are parted by ``; ``. PLOVER 2.0 keeps all actors of a compound or reciprocal
event in one record (“Compound and Reciprocal Actors”), so there is one line an event. Where it differs:

- Countries are ISO 3166-1 alpha-3; ``IGO`` stands for an intergovernmental organisation, as in PLOVER's own examples.
- ``Quad Code`` is PLOVER's number: 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict.
- ``Event Date`` is empty where only a month or a year is known.
- Columns of which we know nothing are empty: places, titles, COW and Wikipedia identifiers, other people in the story.
"""

import functools
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

from app.export.layout import codes_of, first_day, happened
from app.export.who import who
from schemas.event import EventView
from schemas.ontology import plover_modes, sides
from schemas.vocabulary import Body

COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors",
    "Actor Title", "Actor Name Raw", "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors",
    "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename",
    "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language",
    "Version",
)  # fmt: skip


def rows(view: EventView) -> Iterator[tuple[str, ...]]:
    """The one row of an event."""
    plover = codes_of(view)[1]
    mode = plover_modes()[plover.type, plover.mode or ""]
    acts = sides(view)
    day = happened(view)
    cells = {
        "Event ID": view.id,
        "Event Date": day if len(day) == len("2025-05-21") else "",
        "Event Type": plover.type,
        "Event Mode": plover.mode or "",
        "Intensity": f"{mode.intensity:g}",
        "Quad Code": str(mode.quad),
        "Contexts": _joined(plover.contexts),
        **_side(view, "Actor", acts.sources, view.body),
        **_side(view, "Recipient", acts.targets, None),
        "Source": _joined(view.outlet_names),
        "Publication Date": first_day(view),
        "Story People": _joined(actor.person for actor in view.actors if actor.person),
        "Language": _joined(view.languages),
        "Version": _version(),
    }
    yield tuple(cells.get(column, "") for column in COLUMNS)


@functools.cache
def _version() -> str:
    return f"treatywire {version('treatywire')}"


def _side(view: EventView, side: str, codes: Sequence[str], body: Body | None) -> dict[str, str]:
    found = [who(code, body) for code in codes]
    sectors = [each.sector for each in found if each.sector not in ("", "IGO", "NGO")]
    return {
        f"{side} Name": _joined(each.name for each in found),
        f"{side} Country": _joined(each.country or each.sector for each in found if each.sector != "REB"),
        f"Primary {side} Sector": sectors[0] if sectors else "",
        f"{side} Sectors": _joined(sectors),
        f"{side} Name Raw": _joined(actor.name for actor in view.actors if actor.code in codes and actor.name),
    }


def _joined(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(values))
