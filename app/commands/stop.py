"""`treatywire stop`."""

import click

from app.cli import DONE, NOTHING_FOUND
from app.environment import settings_of


@click.command("stop", short_help="Stop the detect job on the Flink cluster.")
@click.option("--savepoint", is_flag=True, help="Write a savepoint, and print where; `resume` takes it.")
@click.option("--job", "id", metavar="ID", help="Another job than the detect job; `treatywire jobs` lists them.")
@click.pass_context
def command(context: click.Context, savepoint: bool, id: str | None) -> int:
    """Stop the detect job on the Flink cluster, or another one.

    Without a savepoint it ends at once, and the next one does the last seconds' work again, which changes nothing.

    \b
    Example: treatywire stop --savepoint
    """
    from pipelines.jobs.cluster import cluster_of, flink_of, job_name

    settings = settings_of(context)
    cluster = cluster_of(settings)
    ids = [id] if id else [job.id for job in cluster.running(job_name(settings, "detect"))]
    if not ids:
        click.echo("no detect job runs", err=True)
        return NOTHING_FOUND
    for each in ids:
        if savepoint:
            click.echo(cluster.stop(each, flink_of(settings).savepoints))
        else:
            cluster.cancel(each)
    return DONE
