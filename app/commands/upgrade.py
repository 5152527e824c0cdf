"""`treatywire upgrade`."""

import os
import socket
import sys
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from app.cli import DONE, NOTHING_FOUND
from app.environment import adapters_of, settings_of
from app.options import json_option, wants_colour
from app.render import event_lines
from schemas.codec import encode
from schemas.errors import Misconfigured
from schemas.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.jobs.adapters import Adapters
    from pipelines.jobs.comparing import Changed
    from pipelines.jobs.detect import Engine
    from pipelines.jobs.observe import Observation
    from pipelines.jobs.rebuild import Hold, Progress, Report
    from schemas.event import EventView

INTERRUPTED = 130
SAY_EVERY_SECONDS = 10.0
FLINK_SETTLES = timedelta(seconds=15)
"""How long a job on a Flink cluster may take to notice a hold: the work that it has in hand is finished first."""


@click.command("upgrade", short_help="Bring the index to this version of the detector.")
@click.option("--dry-run", is_flag=True, help="Rebuild beside and report, but go on serving what there is.")
@click.option("--abandon", is_flag=True, help="Give up a rebuild that was begun.")
@click.option("--again", is_flag=True, help="Rebuild even if this version made the index.")
@click.option("--limit", default=20, show_default=True, help="Events shown of each kind; --json shows all.")
@json_option
@click.pass_context
def command(context: click.Context, dry_run: bool, abandon: bool, again: bool, limit: int, as_json: bool) -> int:
    """Read the articles log again with the detector of this version, and serve what it finds.

    Events are searched as before until all is done, `treatywire run` may go on meanwhile, and nobody is alerted. What
    came, went and changed is reported. It may be stopped at any time, and goes on where it was when run again.

    Restart jobs of an older version first, or let their supervisor do it: they end when the index is rebuilt. On
    Elasticsearch it takes the user who may make and delete indices.

    \b
    Example: treatywire upgrade --dry-run
    """
    from app.logs import configure_logging

    configure_logging(for_people=sys.stderr.isatty())
    from pipelines.detection.version import detector_version
    from pipelines.jobs.loop import stop_on_signals
    from pipelines.jobs.upgrade import StoppedError, Upgrade

    settings = settings_of(context)
    adapters = adapters_of(context, migrating=True)
    adapters.check()
    shown = _Shown()
    seen = context.with_resource(_observing(settings))

    def tell(progress: "Progress") -> None:
        shown.tell(progress)
        seen.upgrading(progress.phase, progress.done, progress.total)

    job = Upgrade(
        context.with_resource(seen.adapters(adapters)),
        _engine,
        detector_version(),
        clock=lambda: datetime.now(UTC),
        stop=stop_on_signals(),
        holder=f"{socket.gethostname()}:{os.getpid()}",
        tell=tell,
        came_round=seen.came_round,
        hold=beside_flink(settings),
    )

    def before_switch(report: "Report") -> bool:
        beside_flink(settings)  # another may have been started meanwhile
        shown.close()
        for line in _records(report) if as_json else _lines(report, limit):
            click.echo(line)
        return not dry_run

    try:
        if abandon:
            there = job.abandon()
            click.echo("given up; nothing that serves has changed" if there else "no rebuild was begun", err=True)
            return DONE if there else NOTHING_FOUND
        report = job.run(again=again, before_switch=before_switch)
    except StoppedError as stopped:
        click.echo(str(stopped), err=True)
        return INTERRUPTED
    finally:
        shown.close()
    click.echo(_ending(report, adapters, dry_run=dry_run), err=True)
    return DONE


@contextmanager
def _observing(settings: Settings) -> "Iterator[Observation]":
    """What shows how far it is; on a machine where `run` has the address, nothing."""
    from pipelines.jobs.observe import observing
    from pipelines.jobs.observe.listener import parse_address

    with ExitStack() as listening:
        try:
            seen = listening.enter_context(observing("upgrade", settings.metrics_listen))
        except Misconfigured as taken:
            parse_address(settings.metrics_listen)
            click.echo(f"{taken}; goes on without metrics", err=True)
            seen = listening.enter_context(observing("upgrade", ""))
        if seen.address:
            click.echo(f"metrics: http://{seen.address}/metrics", err=True)
        yield seen


def beside_flink(settings: Settings) -> "Hold":
    """How detect jobs are held for the switch: for longer where one runs on a Flink cluster.

    Such a job is seen to stand still by its copied place in Kafka, which is two checkpoints behind.

    Raises:
        Misconfigured: Another job of ours runs there, which does not stand still for a switch.
        Unavailable: The cluster does not answer.
    """
    from pipelines.jobs.rebuild import Hold

    if settings.flink is None:
        return Hold()
    from pipelines.jobs.cluster import READER, cluster_of, job_name

    detect, ours = job_name(settings, READER), job_name(settings, "")
    running = {job.name for job in cluster_of(settings).jobs() if job.name.startswith(ours) and not job.ended}
    if others := running - {detect}:
        raise Misconfigured(
            f"{', '.join(sorted(others))} runs on the Flink cluster, and would write into both generations; let it end "
            "first (`treatywire jobs`)"
        )
    if not running:
        return Hold()
    checkpoint = timedelta(seconds=settings.flink.checkpoint_seconds)
    return Hold(settle=FLINK_SETTLES, held=2 * (FLINK_SETTLES + 4 * checkpoint))


def _engine() -> "Engine":
    from pipelines.detection import detector_for
    from pipelines.jobs.named import warm_up
    from pipelines.transforms.micro_batch import MicroBatchEngine

    engine = MicroBatchEngine(detector_for)
    warm_up(engine)
    return engine


def _ending(report: "Report | None", adapters: "Adapters", *, dry_run: bool) -> str:
    if report is None:
        return f"the index is up to date: made by detector {adapters.generations.serving().detectors[0]}"
    if dry_run:
        return "nothing that serves has changed; `treatywire upgrade` goes on with this, and with --abandon gives it up"
    return f"generation {report.after.number} serves now"


def _lines(report: "Report", limit: int) -> list[str]:
    """The report for people."""
    difference = report.difference
    lines = [
        f"generation {report.before.number}: {', '.join(report.before.detectors) or 'no detector'}",
        f"generation {report.after.number}: {', '.join(report.after.detectors)}",
        f"{report.replayed} articles read again, {report.carried_over} that the log no longer holds carried over",
        f"events: {difference.same} the same, {len(difference.came)} came, {len(difference.went)} went, "
        f"{len(difference.changed)} changed",
    ]
    for type_, numbers in difference.counts().items():
        lines.append(f"  {type_.value:<20}" + ", ".join(f"{number} {what}" for what, number in numbers.items()))
    for what, events in (("went", difference.went), ("came", difference.came)):
        for event in events[:limit]:
            lines += _event(what, event)
        lines += _more(what, len(events), limit)
    for one in difference.changed[:limit]:
        lines += [*_event("changed", one.after), *_fields(one)]
    return [*lines, *_more("changed", len(difference.changed), limit)]


def _event(what: str, event: "EventView") -> list[str]:
    head, quote = event_lines(event, colour=wants_colour())
    return [f"{what:<8}{head}", f"    {quote}  ({', '.join(event.outlet_names[:2]) or '–'}{_address(event)})"]


def _address(event: "EventView") -> str:
    return f", {event.url}" if event.url else ""


def _fields(one: "Changed") -> list[str]:
    from pipelines.jobs.comparing import facts

    before = {"id": one.before.id, **facts(one.before)}
    after = {"id": one.after.id, **facts(one.after)}
    return [f"        {name}: {_value(before[name])} → {_value(after[name])}" for name in one.fields]


def _value(value: object) -> str:
    if value is None or value == ():
        return "–"
    return value if isinstance(value, str) else encode(value).decode()


def _more(what: str, number: int, limit: int) -> list[str]:
    return [f"… and {number - limit} more that {what}"] if number > limit else []


def _records(report: "Report") -> list[bytes]:
    """The report for programs: a summary, then one record for each event."""
    difference = report.difference
    summary = {
        "before": report.before,
        "after": report.after,
        "replayed": report.replayed,
        "carried_over": report.carried_over,
        "same": difference.same,
        "came": len(difference.came),
        "went": len(difference.went),
        "changed": len(difference.changed),
        "types": {type_.value: numbers for type_, numbers in difference.counts().items()},
    }
    events: list[dict[str, object]] = [{"went": event} for event in difference.went]
    events += [{"came": event} for event in difference.came]
    events += [{"changed": one.fields, "before": one.before, "after": one.after} for one in difference.changed]
    return [encode(summary), *map(encode, events)]


class _Shown:
    """Progress on standard error: a bar for people, else a line now and then."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None)
        self._open = False
        self._said: tuple[str, float] = ("", 0.0)

    def tell(self, progress: "Progress") -> None:
        """Shows it."""
        if self._bar.disable:
            self._say(progress)
            return
        if not self._open:
            self._bar.start()
            self._open = True
        self._bar.update(self._task, description=progress.phase, completed=progress.done, total=progress.total)

    def close(self) -> None:
        """Takes the bar away."""
        if self._open:
            self._bar.stop()
            self._open = False

    def _say(self, progress: "Progress") -> None:
        phase, when = self._said
        if progress.phase == phase and time.monotonic() - when < SAY_EVERY_SECONDS:
            return
        self._said = progress.phase, time.monotonic()
        of = f" {progress.done}" + (f" of {progress.total}" if progress.total is not None else "")
        click.echo(progress.phase + (of if progress.done or progress.total else ""), err=True)
