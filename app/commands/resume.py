"""`treatywire resume`."""

import sys

import click

from app.cli import DONE
from app.environment import settings_of
from schemas.errors import Misconfigured


@click.command("resume", short_help="Start the detect job on the Flink cluster from a savepoint.")
@click.option("--from", "savepoint", metavar="URI", help="A savepoint; else the last one that the cluster knows of.")
@click.pass_context
def command(context: click.Context, savepoint: str | None) -> int:
    """Start the detect job where a savepoint was written, and print its id.

    Without a savepoint at hand, `treatywire submit` does too: it goes on from the reader's place in the log, and does a
    few seconds' work again, which changes nothing.

    \b
    Example: treatywire resume --from s3://savepoints/savepoint-652316-99da9eba0696
    """
    from app.logs import configure_logging

    configure_logging(for_people=sys.stderr.isatty())
    from pipelines.jobs.cluster import cluster_of, job_name
    from pipelines.jobs.distributed import start_detect

    settings = settings_of(context)
    if savepoint is None:
        savepoint = cluster_of(settings).last_savepoint(job_name(settings, "detect"))
    if savepoint is None:
        raise Misconfigured("the cluster knows of no savepoint: --from names one, or `treatywire submit` does without")
    click.echo(f"from {savepoint}", err=True)
    click.echo(start_detect(settings, savepoint=savepoint).job.id)
    return DONE
