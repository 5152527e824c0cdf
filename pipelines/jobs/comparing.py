"""Which events came, went and changed from one generation to the next."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from schemas.event import EventView
from schemas.ports import Findings
from schemas.vocabulary import EventType

AT_ONCE = 500
_MATCHES: tuple[tuple[str, ...], ...] = (
    ("dossier", "type", "modality", "actors", "date"),
    ("dossier", "type", "actors", "date"),
    ("dossier", "type", "modality", "actors"),
    ("dossier", "type", "modality", "date"),
    ("type", "modality", "actors", "date"),
)
"""In what an event that has another id now must agree with what it was, the surest first; none of it may be unknown."""


class Changed(Struct, frozen=True):
    """An event that is shown otherwise now."""

    before: EventView
    after: EventView
    fields: tuple[str, ...]
    """In what; `id` first where that is another."""


class Difference(Struct, frozen=True):
    """Two generations compared. Each list is sorted by type, date and id."""

    came: tuple[EventView, ...]
    went: tuple[EventView, ...]
    changed: tuple[Changed, ...]
    same: int

    def counts(self) -> dict[EventType, dict[str, int]]:
        """How many came, went and changed of each type (of what it was, where the type is another now)."""
        found = {
            "came": Counter(view.type for view in self.came),
            "went": Counter(view.type for view in self.went),
            "changed": Counter(one.before.type for one in self.changed),
        }
        types = sorted({type_ for counter in found.values() for type_ in counter})
        return {type_: {what: counter[type_] for what, counter in found.items()} for type_ in types}


def facts(view: EventView) -> dict[str, Any]:
    """What an event says; neither who reported it, nor how sure that is, nor how it stands to others."""
    return {
        "dossier": view.dossier,
        "type": view.type.value,
        "modality": view.modality.value,
        "event_status": view.event_status.value,
        "instrument": view.instrument and (view.instrument.id or view.instrument.name),
        "parties": view.parties,
        "actors": tuple((actor.code, actor.role) for actor in view.actors),
        "body": view.body,
        "vote": view.vote,
        "date": view.date,
        "claim": view.claim,
    }


def compare(
    before: Findings, after: Findings, catch_up: Callable[[], None], keep: Callable[[], None] = lambda: None
) -> Difference:
    """The difference between two generations.

    Only what differs is kept in mind. What the detect job adds to the old one meanwhile counts neither way.

    Args:
        before: The generation that serves.
        after: The one that is being built.
        catch_up: Brings it to where the old one is now.
        keep: Called now and then; raises where this is to end.
    """
    known = {view.id: hash(repr(facts(view))) for view in _all(before, keep)}
    catch_up()
    differing: dict[str, EventView] = {}
    same = 0
    for view in _all(after, keep):
        if known.get(view.id) == hash(repr(facts(view))):
            same += 1
            del known[view.id]
        else:
            differing[view.id] = view
    old = {view.id: view for view in _all(before, keep) if view.id in known} if known else {}
    if old:
        catch_up()  # what the detect job had written and not committed when it was first caught up with
    for id_ in old.keys() - differing.keys():
        now = after.event(id_)
        if now is not None and now.id == id_ and facts(now) == facts(old[id_]):
            same += 1
            del old[id_]
    for id_ in [id_ for id_ in differing if id_ not in old]:
        now = before.event(id_)
        if now is not None and now.id == id_:  # it has come since
            same += 1
            del differing[id_]
    changed = [_changed(old.pop(id_), differing.pop(id_)) for id_ in sorted(old.keys() & differing.keys())]
    changed += _renamed(old, differing)
    return Difference(
        came=tuple(sorted(differing.values(), key=_place)),
        went=tuple(sorted(old.values(), key=_place)),
        changed=tuple(sorted(changed, key=lambda one: _place(one.after))),
        same=same,
    )


def _all(findings: Findings, keep: Callable[[], None]) -> Iterator[EventView]:
    after = ""
    while page := findings.views(after, AT_ONCE):
        keep()
        yield from page
        after = page[-1].id


def _renamed(old: dict[str, EventView], new: dict[str, EventView]) -> Iterator[Changed]:
    """Takes out of both what is one event under two ids."""
    led = {alias: view.id for view in old.values() for alias in view.aliases}
    for view in sorted(new.values(), key=_place):
        former = next((id_ for id_ in (*view.aliases, led.get(view.id)) if id_ in old), None)
        if former is not None:
            yield _changed(old.pop(former), new.pop(view.id))
    for names in _MATCHES:
        candidates: dict[tuple[Any, ...], list[EventView]] = {}
        for view in sorted(old.values(), key=_place):
            if key := _key(view, names):
                candidates.setdefault(key, []).append(view)
        for view in sorted(new.values(), key=_place):
            key = _key(view, names)
            if key and candidates.get(key):
                former_view = candidates[key].pop(0)
                yield _changed(old.pop(former_view.id), new.pop(view.id))


def _key(view: EventView, names: Sequence[str]) -> tuple[Any, ...] | None:
    said = facts(view)
    key = tuple(said[name] for name in names)
    return key if all(key) else None


def _changed(before: EventView, after: EventView) -> Changed:
    old, new = facts(before), facts(after)
    names = ("id",) if before.id != after.id else ()
    return Changed(before, after, (*names, *(name for name in old if old[name] != new[name])))


def _place(view: EventView) -> tuple[str, str, str]:
    return view.type.value, view.date or "", view.id
