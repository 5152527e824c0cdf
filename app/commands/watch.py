"""`treatywire watch`."""

import time
from datetime import datetime

import click

from app.cli import DONE
from app.codes import Codes
from app.environment import adapters_of
from app.options import Since, json_option
from app.render import development_line
from schemas.codec import encode

POLL_SECONDS = 0.25


@click.command("watch", short_help="Print matching developments as they come.")
@click.argument("query")
@click.option("--since", type=Since(), help="Begin with what was recorded since then, instead of now.")
@json_option
@click.pass_context
def command(context: click.Context, query: str, since: datetime | None, as_json: bool) -> int:
    """Print each development that a subscription to QUERY would send, until Ctrl-C.

    New events are heard; history, corroboration and other changes only where QUERY names them (`change:history`).
    Something must be finding developments meanwhile: `treatywire run`, in another terminal.

    \b
    Example: treatywire watch 'type:withdrawal OR type:allegation'
    """
    from pipelines.jobs.watch import Watch
    from schemas.query.parse import parse

    tree = parse(query, for_developments=True, codes=Codes())
    log = adapters_of(context, create=True).developments
    watch = Watch(log, tree, 0 if since else log.end())
    try:
        while True:
            developments = watch.poll()
            for development in developments:
                if since is not None and development.recorded < since:
                    continue
                if as_json:
                    click.echo(encode(development))
                else:
                    sentence = " ".join(development.event.quote.text.split())
                    click.echo(f"{development_line(development)}\n    {sentence}")
            if not developments:
                time.sleep(POLL_SECONDS)
    except KeyboardInterrupt:
        return DONE
