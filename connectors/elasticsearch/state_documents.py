"""States as documents: what is looked for as columns, the state as JSON, its outbox beside it.

State and outbox are one document, so that one write is both: no crash parts them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from schemas.codec import decode, encode
from schemas.development import Development
from schemas.errors import Misconfigured
from schemas.state import Aggregate, DossierState, State

NUMBERS = ("version", "outbox.numbers", "outbox.ids")
"""What of a document tells its version, and since when its entries wait."""
DOSSIER = str(DossierState.__struct_config__.tag)

_STATE: msgspec.json.Decoder[State] = msgspec.json.Decoder(State)


class Entry(Struct, frozen=True):
    """A development that is not known to be published."""

    number: int
    """By which entries of all states are ordered."""
    id: str
    data: str
    """JSON."""


def state_document(state: State, entries: Iterable[Entry]) -> bytes:
    """The document of a state that is saved now: its version is one on."""
    stored: State = replace(state, outbox=()) if isinstance(state, Aggregate | DossierState) else state
    return _document(
        {
            "id": state.id,
            "kind": str(state.__struct_config__.tag),
            "version": state.version + 1,
            "aliases": state.aliases if isinstance(state, DossierState) else (),
            "data": encode(replace(stored, version=0)).decode(),
        },
        entries,
    )


def with_entries(source: Mapping[str, Any], entries: Iterable[Entry]) -> bytes:
    """The document as it is, with these entries in its outbox."""
    return _document({key: source[key] for key in ("id", "kind", "version", "aliases", "data")}, entries)


def outbox_entries(
    state: State, stored: Mapping[str, Any] | None, number: Callable[[str], int], loaded: Collection[str] = ()
) -> list[Entry]:
    """The entries of a state's outbox in order; one that was there before keeps its number.

    Args:
        state: What is saved.
        stored: `NUMBERS` of the document that it replaces.
        number: Numbers a new entry in the outbox of a state, by its id.
        loaded: Ids of entries that were there when the state was loaded: those that are not now are published.
    """
    if not isinstance(state, Aggregate | DossierState):
        return []
    outbox = (stored or {}).get("outbox") or {}
    known = dict(zip(outbox.get("ids", ()), outbox.get("numbers", ()), strict=True))
    return [
        Entry(known.get(one.id) or number(state.id), one.id, encode(one).decode())
        for one in state.outbox
        if one.id in known or one.id not in loaded
    ]


def entries_of(source: Mapping[str, Any]) -> list[Entry]:
    """The entries of a stored outbox, in order."""
    outbox = source.get("outbox") or {"numbers": (), "ids": (), "data": ()}
    return [Entry(*each) for each in zip(outbox["numbers"], outbox["ids"], outbox["data"], strict=True)]


def state_of(source: Mapping[str, Any]) -> State:
    """The state as it was saved, one version on, with what is left in its outbox.

    Raises:
        Misconfigured: It cannot be read.
    """
    try:
        state = replace(_STATE.decode(source["data"]), version=source["version"])
    except msgspec.DecodeError as error:
        raise Misconfigured(f"state {source.get('id')}: stored by another version, or damaged: {error}") from error
    if isinstance(state, Aggregate | DossierState) and "outbox" in source:
        return replace(state, outbox=tuple(decode(entry.data, Development) for entry in entries_of(source)))
    return state


def _document(columns: dict[str, Any], entries: Iterable[Entry]) -> bytes:
    kept = list(entries)
    if kept:
        columns["pending"] = min(entry.number for entry in kept)
        columns["outbox"] = {
            "numbers": [entry.number for entry in kept],
            "ids": [entry.id for entry in kept],
            "data": [entry.data for entry in kept],
        }
    return msgspec.json.encode(columns)
