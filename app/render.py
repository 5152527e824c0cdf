"""Records as lines for people."""

from datetime import datetime

import click

from schemas.development import Development
from schemas.event import EventView
from schemas.vocabulary import Modality

MARKS = {
    Modality.CONDITIONAL: "if: ",
    Modality.NEGATED: "not: ",
    Modality.OCCURRED: "",
    Modality.PROPOSED: "proposed: ",
    Modality.SCHEDULED: "planned: ",
}


def minute(time: datetime) -> str:
    """``2026-11-22 15:26Z``."""
    return time.strftime("%Y-%m-%d %H:%MZ")


def kind_of(event: EventView) -> str:
    """The type with its modality: ``signature``, ``planned: signature``, ``not: signature``."""
    return MARKS[event.modality] + event.type.replace("_", " ")


def sides(event: EventView, most: int = 6) -> str:
    """The party codes, else those of the actors; ``–`` where none is known."""
    codes = event.parties or tuple(dict.fromkeys(actor.code for actor in event.actors))
    shown = " ".join(codes[:most])
    return (shown + (f" +{len(codes) - most}" if len(codes) > most else "")) or "–"


def shorten(text: str, width: int) -> str:
    """At most `width` characters, cut with an ellipsis, on one line and without control characters."""
    clean = "".join(character if character.isprintable() else " " for character in text)
    clean = " ".join(clean.split())
    return clean if len(clean) <= width else clean[: width - 1].rstrip() + "…"


def instrument_of(event: EventView, width: int = 60) -> str:
    """The instrument's name, ``(unnamed)`` where no article names it."""
    return shorten(event.instrument.name, width) if event.instrument else "(unnamed)"


def development_line(development: Development) -> str:
    """One line: time, type, parties, instrument, outlet; the change where it is not simply new."""
    event = development.event
    outlet = ", ".join(event.outlet_names[:2]) or "–"
    change = "" if development.change == "new" else f"  [{development.change} {development.value}".rstrip() + "]"
    return (
        f"{minute(event.last_seen)}  {kind_of(event):<24} {sides(event):<16} "
        f"{instrument_of(event, 48):<48}  {shorten(outlet, 40)}{change}"
    )


def event_lines(event: EventView, *, colour: bool) -> list[str]:
    """Two lines: date, type, parties, instrument, outlets counted, id; then the sentence that shows it."""
    status = "" if event.event_status == "standing" else f"  [{event.event_status}]"
    outlets = f"{event.outlets} outlet" + ("" if event.outlets == 1 else "s")
    when = event.date or "undated"
    head = (
        f"{when:<10}  {kind_of(event):<24} {sides(event):<16} {instrument_of(event)}  ({outlets}){status}  {event.id}"
    )
    return [click.style(head, bold=True) if colour else head, "    " + highlighted(event, colour=colour)]


def highlighted(event: EventView, *, colour: bool) -> str:
    """The quote on one line, with its evidence in bold yellow where colours are wanted."""
    text, parts, at = event.quote.text, [], 0
    for start, end in sorted(event.quote.marks):
        start = max(start, at)
        parts.append(text[at:start])
        parts.append(click.style(text[start:end], fg="yellow") if colour and start < end else text[start:end])
        at = max(at, end)
    parts.append(text[at:])
    return " ".join("".join(parts).split())
