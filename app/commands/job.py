"""`treatywire job`."""

import os
import socket
import sys
from contextlib import ExitStack

import click

from app.cli import DONE
from app.environment import settings_of
from pipelines.jobs.adapters import open_adapters
from schemas.errors import Unavailable

NAMES = ("fetch", "detect", "alert", "deliver")
FREE_PORT = "127.0.0.1:0"


@click.command("job", short_help="Run one job by itself.")
@click.argument("name", type=click.Choice(NAMES))
@click.option("--until-idle", is_flag=True, help="End when there is nothing left to do now.")
@click.option("--runner", type=click.Choice(("embedded", "flink")), default="embedded", help="Where `detect` runs.")
@click.option("--supervised", metavar="HOLDER", help="For `treatywire run`: stop when standard input ends.")
@click.pass_context
def command(context: click.Context, name: str, until_idle: bool, runner: str, supervised: str | None) -> int:
    """Run one of the jobs of `treatywire run`, until SIGTERM or Ctrl-C; any number may run at once.

    With `--runner flink`, `detect` runs on the Flink cluster of the settings, from here: SIGTERM and Ctrl-C stop it
    with a savepoint. `treatywire submit` starts one that runs on by itself.

    \b
    Example: treatywire job detect --until-idle
    """
    from app.logs import configure_logging

    configure_logging(for_people=not supervised and sys.stderr.isatty())
    import structlog

    from pipelines.jobs.loop import end_in_time, run_loop, stop_on_signals, until_available
    from pipelines.jobs.named import Job, build
    from pipelines.jobs.observe import observing
    from pipelines.jobs.supervise import stop_when_orphaned

    log = structlog.get_logger(job=name)
    stop = stop_on_signals()
    if runner == "flink":
        if name != "detect" or until_idle:
            raise click.UsageError("--runner flink is for `detect`, which then runs until it is stopped")
        from pipelines.jobs.distributed import run_detect

        run_detect(settings_of(context), stop)
        return DONE
    end_in_time(name, stop)
    if supervised:
        stop_when_orphaned(stop)
    holder = supervised or f"{socket.gethostname()}:{os.getpid()}"
    settings = settings_of(context)

    listen_at = "" if until_idle else settings.metrics_listen
    if supervised and listen_at:
        listen_at = FREE_PORT  # the supervisor has the address, and asks us there

    with ExitStack() as closing:
        seen = closing.enter_context(observing(name, listen_at))

        def begin() -> Job:
            adapters = open_adapters(settings)
            with ExitStack() as opened:
                opened.callback(adapters.close)
                adapters.check()
                job = build(name, settings, opened.enter_context(seen.adapters(adapters)), holder, seen.metrics)
                opened.callback(job.close)
                closing.push(opened.pop_all())
            return job

        job = until_available(name, begin, stop)
        if job is None:
            return DONE
        log.info("ready", pid=os.getpid(), **({"metrics": seen.address} if seen.address else {}))
        run_loop(name, seen.step(job.step), stop, until_idle=job.idle if until_idle else None)
        try:
            closing.close()
        except Unavailable as error:
            log.warning("ended without giving back what it held; others wait until that runs out", reason=str(error))
    return DONE
