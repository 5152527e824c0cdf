"""`treatywire job`."""

import os
import socket
import sys

import click

from app.cli import DONE
from app.environment import adapters_of, settings_of

NAMES = ("fetch", "detect", "alert", "deliver")


@click.command("job", short_help="Run one job by itself.")
@click.argument("name", type=click.Choice(NAMES))
@click.option("--until-idle", is_flag=True, help="End when there is nothing left to do now.")
@click.option("--supervised", metavar="HOLDER", help="For `treatywire run`: stop when standard input ends.")
@click.pass_context
def command(context: click.Context, name: str, until_idle: bool, supervised: str | None) -> int:
    """Run one of the jobs of `treatywire run`, until SIGTERM or Ctrl-C; any number may run at once.

    \b
    Example: treatywire job detect --until-idle
    """
    from app.logs import configure_logging

    configure_logging(for_people=not supervised and sys.stderr.isatty())
    import structlog

    from pipelines.jobs.loop import run_loop, stop_on_signals
    from pipelines.jobs.named import build
    from pipelines.jobs.supervise import stop_when_orphaned

    stop = stop_on_signals()
    if supervised:
        stop_when_orphaned(stop)
    holder = supervised or f"{socket.gethostname()}:{os.getpid()}"
    job = build(name, settings_of(context), adapters_of(context, create=True), holder)
    structlog.get_logger(job=name).info("ready", pid=os.getpid())
    try:
        run_loop(name, job.step, stop, until_idle=until_idle)
    finally:
        job.close()
    return DONE
