"""`treatywire run`."""

import click

from app.cli import DONE
from app.environment import settings_of


@click.command("run", short_help="Watch the feeds and show developments as they are found.")
@click.pass_context
def command(context: click.Context) -> int:
    """Fetch, detect, alert and deliver on this machine until Ctrl-C, and print each new development.

    The first run in a data folder adds the sample feeds and the default feeds (`treatywire feeds` changes them); each
    later one goes on where the last stopped.

    \b
    Example: treatywire --data ./desk run
    """
    from app.monitor import monitor

    monitor(settings_of(context))
    return DONE
