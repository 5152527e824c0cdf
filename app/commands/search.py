"""`treatywire search`."""

from datetime import UTC, datetime

import click

from app.cli import DONE, NOTHING_FOUND
from app.codes import Codes
from app.environment import adapters_of
from app.options import Since, json_option, wants_colour
from app.render import event_lines
from schemas.codec import encode


@click.command("search", short_help="Find events.")
@click.argument("query")
@click.option("--since", type=Since(), help="First seen at most so long ago (30d, 12h), or since a day.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--sort", type=click.Choice(["date", "seen", "score"]), default="date", show_default=True)
@json_option
@click.pass_context
def command(context: click.Context, query: str, since: datetime | None, limit: int, sort: str, as_json: bool) -> int:
    """Print the events that match QUERY, the latest first, with the sentence that shows each.

    Fields: type, modality, party, actor, accuser, accused, role, instrument, instrument_kind, body, event_status,
    dossier_status, outlet, language, date, seen, confidence, outlets, dossier. Words without a field are looked for in
    headline, instrument, claim and evidence; `*` finds all.

    \b
    Example: treatywire search 'party:IRN AND type:(ratification OR signature) AND date:[2025 TO 2026]'
    """
    from schemas.query.parse import parse

    tree = parse(query, now=datetime.now(UTC), codes=Codes())
    hits = adapters_of(context).events.search(tree, since=since, sort=sort, limit=limit)
    colour = wants_colour()
    for hit in hits:
        if as_json:
            click.echo(encode(hit.event))
        else:
            click.echo("\n".join(event_lines(hit.event, colour=colour)))
    if not hits and not as_json:
        click.echo("nothing found", err=True)
    return DONE if hits else NOTHING_FOUND
