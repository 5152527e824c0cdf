"""`treatywire submit`."""

import sys

import click

from app.cli import DONE
from app.environment import settings_of
from schemas.errors import Misconfigured, TreatywireError
from schemas.flink_settings import LOOPBACK


@click.command("submit", short_help="Start the detect job on the Flink cluster.")
@click.option("--upgrade", is_flag=True, help="Stop the one that runs with a savepoint first, and go on from there.")
@click.pass_context
def command(context: click.Context, upgrade: bool) -> int:
    """Start the detect job on the Flink cluster of the settings (`flink.url`), and print its id.

    It runs on by itself, and goes on where the detect job last stood, here or in served mode. With `--upgrade`, this
    program's version takes over from the one that runs, in one step: nothing is lost, and nothing done twice.

    \b
    Example: treatywire submit --upgrade
    """
    from app.logs import configure_logging

    configure_logging(for_people=sys.stderr.isatty())
    from pipelines.jobs.cluster import cluster_of, flink_of, job_name
    from pipelines.jobs.distributed import start_detect

    settings = settings_of(context)
    flink = flink_of(settings)
    if flink.workers == LOOPBACK:
        raise Misconfigured(
            f"flink workers = {LOOPBACK}: the workers would end with this command;"
            " `treatywire job detect --runner flink` stays, and hosts them"
        )
    savepoint = None
    running = cluster_of(settings).running(job_name(settings, "detect"))
    if running and upgrade:
        savepoint = cluster_of(settings).stop(running[0].id, flink.savepoints)
        click.echo(f"stopped {running[0].id} with savepoint {savepoint}", err=True)
    try:
        click.echo(start_detect(settings, savepoint=savepoint).job.id)
    except TreatywireError:
        if savepoint:
            click.echo(f"nothing runs now; this goes on: treatywire resume --from {savepoint}", err=True)
        raise
    return DONE
