"""`treatywire jobs`."""

import click

from app.cli import DONE, NOTHING_FOUND
from app.environment import settings_of
from app.options import json_option
from app.render import minute, shorten
from schemas.codec import encode


@click.command("jobs", short_help="List our jobs on the Flink cluster.")
@click.option("--all", "everything", is_flag=True, help="Also those that have ended well, or been replaced.")
@json_option
@click.pass_context
def command(context: click.Context, everything: bool, as_json: bool) -> int:
    """List the jobs of this installation on the Flink cluster, newest first, with what they last failed of.

    One that has failed for good is listed until another of its name is started.

    \b
    Example: treatywire jobs --all
    """
    from pipelines.jobs.cluster import cluster_of, job_name

    settings = settings_of(context)
    cluster, ours = cluster_of(settings), job_name(settings, "")
    jobs = [job for job in cluster.jobs() if job.name.startswith(ours)]
    latest = {job.name: job.id for job in reversed(jobs)}
    if not everything:
        jobs = [job for job in jobs if not job.ended or (job.state == "FAILED" and latest[job.name] == job.id)]
    for job in jobs:
        fares = cluster.fares(job.id)
        if as_json:
            click.echo(encode({"job": job, "fares": fares}))
            continue
        click.echo(
            f"{job.id}  {job.name}  {job.state:<10} {minute(job.started)}  {fares.restarts} restarts,"
            f" {fares.checkpoints} checkpoints, {fares.failed_checkpoints} failed"
        )
        if fares.failure:
            click.echo(f"    last failure: {shorten(fares.failure, 300)}")
        if fares.savepoint:
            click.echo(f"    savepoint: {fares.savepoint}")
    if not jobs:
        click.echo("none of our jobs runs on the cluster", err=True)
    return DONE if jobs else NOTHING_FOUND
