"""When a row of a table holds: conditions on an event's view, as its ``when`` cell writes them.

``kind=ceasefire & outsider``: all parts hold. ``body=court|people``: one of these values.

| part | holds where |
|---|---|
| ``actors=none`` | nobody acts |
| ``body=…`` | that body acted |
| ``instrument=none`` | no instrument is named: an organisation is joined or left (coding rule 8) |
| ``kind=…`` | the instrument is of that kind |
| ``name=…`` | the instrument's name has these words, next to each other |
| ``outsider`` | a proposer is no party (coding rule 18) |
| ``role=…`` | somebody acts in that role |
"""

import functools
import re
from collections.abc import Callable, Mapping

from schemas.event import EventView
from schemas.query.analysis import words
from schemas.vocabulary import Body, InstrumentKind, Role

Condition = Callable[[EventView], bool]


def condition(text: str) -> Condition:
    """What a ``when`` cell says; always true where it is empty.

    Raises:
        ValueError: It cannot be understood.
    """
    parts = [_part(part) for part in text.split(" & ")] if text else []
    return parts[0] if len(parts) == 1 else lambda view: all(part(view) for part in parts)


def _part(text: str) -> Condition:
    if text == "actors=none":
        return lambda view: not view.actors
    if text == "instrument=none":
        return lambda view: view.instrument is None
    if text == "outsider":
        return lambda view: any(actor.role is Role.PROPOSER and actor.code not in view.parties for actor in view.actors)
    key, _, values = text.partition("=")
    if key not in _KEYED or not values:
        raise ValueError(f"when: {text!r}: none of the conditions that schemas/ontology/conditions.py lists")
    return _KEYED[key](frozenset(values.split("|")))


def _body(values: frozenset[str]) -> Condition:
    bodies = {Body(value) for value in values}
    return lambda view: view.body in bodies


def _kind(values: frozenset[str]) -> Condition:
    kinds = {InstrumentKind(value) for value in values}
    return lambda view: view.instrument is not None and view.instrument.kind in kinds


def _name(values: frozenset[str]) -> Condition:
    any_of = re.compile(" (?:" + "|".join(map(re.escape, sorted(values))) + ") ").search
    return lambda view: view.instrument is not None and any_of(_padded(view.instrument.name)) is not None


@functools.lru_cache(1024)
def _padded(name: str) -> str:
    """Its folded words with a blank around each; asked by every row that looks for words, so it is remembered."""
    return f" {' '.join(words(name))} "


def _role(values: frozenset[str]) -> Condition:
    roles = {Role(value) for value in values}
    return lambda view: any(actor.role in roles for actor in view.actors)


_KEYED: Mapping[str, Callable[[frozenset[str]], Condition]] = {
    "body": _body,
    "kind": _kind,
    "name": _name,
    "role": _role,
}
