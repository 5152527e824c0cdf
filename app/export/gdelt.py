"""CAMEO events in the columns of GDELT 1.0, one line a dyad.

Names, order and meaning are those of the *GDELT Data Format Codebook* V 1.03 of 25 August 2013, daily updates: 58
columns, tab-delimited. Ours begins with a line of their names, which GDELT's files do not have. Where it differs:

- ``GLOBALEVENTID`` is our event's id with the number of the dyad (``evt-…-1``), and no number.
- ``Actor1Code`` is the ISO code of a state, followed by its organ where one acted (``IRNLEG``); an organisation or
  armed group has our registry's code, there and in ``Actor1KnownGroupCode``. ``Actor1Type1Code`` is the organ, or the
  sort of group.
- ``NumMentions`` and ``NumArticles`` count articles, ``NumSources`` independent outlets.
- ``DATEADDED`` is the day of the first report.
- Columns of which we know nothing are empty: religion, ethnic group, tone, places, whether it was in the lead; so is
  ``FractionDate``, which says no more than ``SQLDATE``.
"""

from collections.abc import Iterator

from app.export.layout import codes_of, first_day, happened
from app.export.who import Who, who
from schemas.event import EventView
from schemas.ontology import cameo_codes, sides
from schemas.vocabulary import Body

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code",
    "Type2Code", "Type3Code",
)  # fmt: skip
_PLACE = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")

COLUMNS = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *(f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale",
    "NumMentions", "NumSources", "NumArticles", "AvgTone",
    *(f"{whose}Geo_{name}" for whose in ("Actor1", "Actor2", "Action") for name in _PLACE),
    "DATEADDED", "SOURCEURL",
)  # fmt: skip


def rows(view: EventView) -> Iterator[tuple[str, ...]]:
    """One row for each dyad: who did it to whom."""
    acts = sides(view)
    shared = _shared(view)
    for number, (source, target) in enumerate(acts.dyads(), start=1):
        cells = shared | {"GLOBALEVENTID": f"{view.id}-{number}"}
        cells |= _actor(1, source, view.body if source in acts.sources else None)
        cells |= _actor(2, target, None)
        yield tuple(cells.get(column, "") for column in COLUMNS)


def _shared(view: EventView) -> dict[str, str]:
    """What all dyads of an event have."""
    code = cameo_codes()[codes_of(view)[0].code]
    return {
        **_dates(happened(view)),
        "EventCode": code.code,
        "EventBaseCode": code.code[:3],
        "EventRootCode": code.code[:2],
        "QuadClass": str(code.quad),
        "GoldsteinScale": str(code.goldstein),
        "NumMentions": str(view.articles),
        "NumSources": str(view.outlets),
        "NumArticles": str(view.articles),
        "DATEADDED": first_day(view).replace("-", ""),
        "SOURCEURL": view.url or "",
    }


def _dates(happened: str) -> dict[str, str]:
    """As far as it is known: a year has no day."""
    year, month, day = (*happened.split("-"), "", "")[:3]
    return {"Year": year, "MonthYear": year + month if month else "", "SQLDATE": year + month + day if day else ""}


def _actor(number: int, code: str | None, body: Body | None) -> dict[str, str]:
    if code is None:
        return {}
    found: Who = who(code, body)
    cells = {
        "Code": found.country + found.sector if found.country else code,
        "Name": found.name.upper(),
        "CountryCode": found.country,
        "KnownGroupCode": "" if found.country else code,
        "Type1Code": found.sector,
    }
    return {f"Actor{number}{name}": value for name, value in cells.items()}
