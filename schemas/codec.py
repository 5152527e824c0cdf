"""JSON to and from records, and their published JSON Schemas."""

from inspect import cleandoc
from typing import Any, TypeVar

import msgspec

from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.development import Development
from schemas.errors import BadRecord
from schemas.event import EventView
from schemas.mention import Mention
from schemas.state import DossierState
from schemas.subscription import Alert, Subscription

T = TypeVar("T")

PUBLISHED: dict[str, type[msgspec.Struct]] = {
    "alert": Alert,
    "article": Article,
    "dead-letter": DeadLetter,
    "development": Development,
    "dossier": DossierState,
    "event": EventView,
    "mention": Mention,
    "subscription": Subscription,
}
"""Records that others may read, by the name of their schema."""

_ENCODER = msgspec.json.Encoder(order="deterministic")


def encode(record: Any) -> bytes:
    """One record as JSON, without line breaks; the same bytes for equal records."""
    return _ENCODER.encode(record)


def decode(data: bytes | str, type_: type[T]) -> T:
    """The record in `data`, validated.

    Raises:
        BadRecord: It is not JSON, or not of this type; the message names the field.
    """
    try:
        return msgspec.json.decode(data, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRecord(f"not a valid {getattr(type_, '__name__', type_)}: {error}") from error


def json_schema(name: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of a published record."""
    schema = msgspec.json.schema(PUBLISHED[name])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": name, **_tidy(schema)}


def _tidy(schema: Any) -> Any:
    """The same with the indentation of docstrings taken off descriptions, as Python 3.13 does and 3.11 does not."""
    if isinstance(schema, dict):
        return {
            key: cleandoc(value) if key == "description" and isinstance(value, str) else _tidy(value)
            for key, value in schema.items()
        }
    return [_tidy(each) for each in schema] if isinstance(schema, list) else schema
