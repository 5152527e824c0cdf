"""`treatywire show`."""

from collections.abc import Sequence

import click

from app.cli import DONE, NOTHING_FOUND
from app.environment import adapters_of
from app.options import json_option, wants_colour
from app.render import event_lines, highlighted, instrument_of, kind_of, minute
from schemas.codec import encode
from schemas.event import EventView
from schemas.mention import Vote
from schemas.state import DossierState


@click.command("show", short_help="Show an event or a dossier whole.")
@click.argument("id")
@json_option
@click.pass_context
def command(context: click.Context, id: str, as_json: bool) -> int:
    """Print the event or dossier with this ID, an earlier id of it, or the beginning of one.

    \b
    Example: treatywire show evt-4f2a
    """
    store = adapters_of(context).events
    event = store.event(id)
    if event is not None:
        if as_json:
            click.echo(encode(event))
        else:
            _show_event(event)
        return DONE
    dossier = store.dossier(id)
    if dossier is None:
        click.echo(f"there is no event or dossier {id}", err=True)
        return NOTHING_FOUND
    if as_json:
        click.echo(encode(dossier))
    else:
        _show_dossier(dossier, store.events_of(dossier.id))
    return DONE


def _show_event(event: EventView) -> None:
    rows = {
        "event": event.id,
        "type": kind_of(event),
        "status": event.event_status,
        "instrument": instrument_of(event, 200) + (f" ({event.instrument.kind})" if event.instrument else ""),
        "parties": " ".join(event.parties),
        "actors": ", ".join(
            f"{actor.code} {actor.role}" + (f" ({actor.name})" if actor.name else "") for actor in event.actors
        ),
        "body": event.body,
        "vote": _tally(event.vote),
        "date": event.date,
        "claim": event.claim,
        "evidence": highlighted(event, colour=wants_colour()),
        "headline": event.headline,
        "address": event.url,
        "outlets": f"{event.outlets}, in {event.articles} article(s): {', '.join(event.outlet_names)}",
        "first seen": minute(event.first_seen),
        "last seen": minute(event.last_seen),
        "confidence": f"{event.confidence:.2f}",
        "dossier": event.dossier + (f" ({event.dossier_status})" if event.dossier_status else ""),
        "also known as": " ".join(event.aliases),
    }
    for name in event.links.__struct_fields__:
        rows[name.replace("_", " ")] = " ".join(getattr(event.links, name))
    for label, value in rows.items():
        if value:
            click.echo(f"{label:<14}{value}")


def _tally(vote: Vote | None) -> str:
    if vote is None:
        return ""
    counts = {"for": vote.for_, "against": vote.against, "abstaining": vote.abstain, "of": vote.total}
    return ", ".join(
        f"{label} {count}" if label == "of" else f"{count} {label}"
        for label, count in counts.items()
        if count is not None
    )


def _show_dossier(dossier: DossierState, events: Sequence[EventView]) -> None:
    name = dossier.instrument.name if dossier.instrument else f"(unnamed) {dossier.subject or ''}".rstrip()
    click.echo(f"{'dossier':<14}{dossier.id}")
    click.echo(f"{'instrument':<14}{name}")
    if dossier.status:
        click.echo(f"{'status':<14}{dossier.status}")
    click.echo(
        f"{'parties':<14}"
        + ", ".join(f"{code} ({dossier.stages[code]})" if code in dossier.stages else code for code in dossier.parties)
    )
    if dossier.aliases:
        click.echo(f"{'also known as':<14}{' '.join(dossier.aliases)}")
    for event in events:
        click.echo("\n".join(event_lines(event, colour=wants_colour())))
