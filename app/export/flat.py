"""Our own flat view of an event: one row, the same columns in CSV and Parquet."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

from app.export.layout import codes_of
from schemas.event import EventView
from schemas.mention import Vote
from schemas.ontology import coded
from schemas.query.dates import days


class Kind(StrEnum):
    """What a column holds; any of them may be null."""

    COUNT = "count"
    FLAG = "flag"
    LIST = "list"  # of texts without blanks, or of names
    NUMBER = "number"
    TEXT = "text"
    TIME = "time"  # UTC


class Column(Struct, frozen=True):
    """One column."""

    name: str
    kind: Kind
    value: Callable[[EventView], Any]


def _vote(pick: Callable[[Vote], int | None]) -> Callable[[EventView], int | None]:
    return lambda view: None if view.vote is None else pick(view.vote)


def _day(view: EventView, end: int) -> str | None:
    covered = days(view.date) if view.date else None
    return None if covered is None else covered[end]


COLUMNS = (
    Column("id", Kind.TEXT, lambda view: view.id),
    Column("type", Kind.TEXT, lambda view: view.type.value),
    Column("modality", Kind.TEXT, lambda view: view.modality.value),
    Column("event_status", Kind.TEXT, lambda view: view.event_status.value),
    Column("date", Kind.TEXT, lambda view: view.date),
    Column("date_first", Kind.TEXT, lambda view: _day(view, 0)),
    Column("date_last", Kind.TEXT, lambda view: _day(view, 1)),
    Column("parties", Kind.LIST, lambda view: list(view.parties)),
    Column("actors", Kind.LIST, lambda view: [f"{actor.code}:{actor.role}" for actor in view.actors]),
    Column("persons", Kind.LIST, lambda view: [actor.person for actor in view.actors if actor.person]),
    Column("instrument", Kind.TEXT, lambda view: view.instrument and view.instrument.name),
    Column("instrument_kind", Kind.TEXT, lambda view: view.instrument and view.instrument.kind.value),
    Column("instrument_id", Kind.TEXT, lambda view: view.instrument and view.instrument.id),
    Column("body", Kind.TEXT, lambda view: view.body and view.body.value),
    Column("vote_for", Kind.COUNT, _vote(lambda vote: vote.for_)),
    Column("vote_against", Kind.COUNT, _vote(lambda vote: vote.against)),
    Column("vote_abstain", Kind.COUNT, _vote(lambda vote: vote.abstain)),
    Column("vote_total", Kind.COUNT, _vote(lambda vote: vote.total)),
    Column("claim", Kind.TEXT, lambda view: view.claim),
    Column("dossier", Kind.TEXT, lambda view: view.dossier),
    Column("dossier_status", Kind.TEXT, lambda view: view.dossier_status and view.dossier_status.value),
    Column("first_seen", Kind.TIME, lambda view: _utc(view.first_seen)),
    Column("last_seen", Kind.TIME, lambda view: _utc(view.last_seen)),
    Column("news", Kind.FLAG, lambda view: view.news),
    Column("articles", Kind.COUNT, lambda view: view.articles),
    Column("outlets", Kind.COUNT, lambda view: view.outlets),
    Column("outlet_names", Kind.LIST, lambda view: list(view.outlet_names)),
    Column("languages", Kind.LIST, lambda view: list(view.languages)),
    Column("headline", Kind.TEXT, lambda view: view.headline),
    Column("url", Kind.TEXT, lambda view: view.url),
    Column("quote", Kind.TEXT, lambda view: view.quote.text),
    Column("confidence", Kind.NUMBER, lambda view: view.confidence),
    Column("cameo", Kind.TEXT, lambda view: codes_of(view)[0].code),
    Column("plover", Kind.TEXT, lambda view: codes_of(view)[1].type),
    Column("plover_mode", Kind.TEXT, lambda view: codes_of(view)[1].mode),
    Column("plover_contexts", Kind.LIST, lambda view: list(codes_of(view)[1].contexts)),
)

SEPARATOR = "; "
"""Between the values of a list, in CSV; a name may hold it too, and then only Parquet tells."""


def values(view: EventView) -> list[Any]:
    """One value a column."""
    if view.cameo is None or view.plover is None:
        view = coded(view)  # once, and not for each column of its codes
    return [column.value(view) for column in COLUMNS]


def rows(view: EventView) -> Iterator[tuple[str, ...]]:
    """The one row of an event as texts; null is empty, times are RFC 3339."""
    yield tuple(map(_text, values(view)))


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case list():
            return SEPARATOR.join(value)
        case _:
            return str(value)


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
