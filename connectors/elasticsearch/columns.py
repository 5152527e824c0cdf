"""An event as Elasticsearch finds it: one column for each field of the query language, made from its table of fields.

Texts are analysed by us, stored as ASCII tokens and split at spaces; coded values stand as terms in one column.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import msgspec

from connectors.elasticsearch.times import micros
from schemas.codec import encode
from schemas.event import EventView
from schemas.query.dates import instant
from schemas.query.evaluate import document
from schemas.query.fields import FIELDS, Field, Kind
from schemas.query.postings import codes_of, text_of

CODES = "codes"
"""The column of coded values: ``field:value``, and ``field*`` where the field holds something."""
HAPPENED = "happened"
"""What events are ordered by: the date as it is written, else the day on which the event was first seen."""


def _day(text: Any) -> int:
    return date.fromisoformat(text).toordinal()


def _instant(text: Any) -> int:
    return micros(datetime.fromisoformat(text))


VALUES: dict[Kind, tuple[str, Callable[[Any], int | float]]] = {
    Kind.COUNT: ("double", float),
    Kind.DATE: ("integer", _day),
    Kind.INSTANT: ("long", _instant),
    Kind.NUMBER: ("double", float),
}
"""How values that can be compared are stored: days since the year 1, microseconds since 1970, numbers."""


def text_fields() -> tuple[str, ...]:
    """The fields of words, each a column of its name."""
    return tuple(name for name, field in FIELDS.items() if field.kind is Kind.WORDS)


def bounds_columns(field: Field) -> tuple[str, str]:
    """The columns of the least and the greatest value; one where a value is no interval."""
    if field.kind is Kind.DATE:
        return f"{field.name}_first", f"{field.name}_last"
    return field.name, field.name


def event_properties() -> dict[str, dict[str, Any]]:
    """The columns, as a mapping declares them."""
    columns: dict[str, dict[str, Any]] = {
        "id": {"type": "keyword"},
        "aliases": {"type": "keyword"},
        "dossier_id": {"type": "keyword"},
        "last_seen": {"type": "long"},
        HAPPENED: {"type": "keyword"},
        CODES: {"type": "keyword", "doc_values": False},
        "data": {"type": "object", "enabled": False},
    }
    for name in text_fields():
        columns[name] = {"type": "text", "analyzer": "whitespace"}
    for field in FIELDS.values():
        if field.ranged:
            columns.update({column: {"type": VALUES[field.kind][0]} for column in bounds_columns(field)})
    return columns


def event_document(view: EventView) -> bytes:
    """The columns of an event, with the whole view."""
    asked = document(view)
    columns: dict[str, Any] = {
        "id": view.id,
        "aliases": view.aliases,
        "dossier_id": view.dossier,
        "last_seen": micros(view.last_seen),
        HAPPENED: view.date or instant(view.first_seen)[:10],
        CODES: sorted(codes_of(asked)),  # so that the same event is the same document
        "data": encode(view).decode(),
    }
    for name in text_fields():
        if texts := asked.texts.get(name):
            columns[name] = text_of(texts)
    for name, (least, greatest) in asked.bounds.items():
        first, last = bounds_columns(FIELDS[name])
        stored = VALUES[FIELDS[name].kind][1]
        columns |= {first: stored(least), last: stored(greatest)}
    return msgspec.json.encode(columns)
