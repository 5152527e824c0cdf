"""`treatywire backfill`."""

import sys
from pathlib import Path

import click

from app.cli import DONE
from app.environment import settings_of
from schemas.errors import Unavailable


@click.command("backfill", short_help="Find the events of an archive of articles, on the Flink cluster.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...]) -> int:
    """Detect events in archived articles, in batch on the Flink cluster; nobody is alerted of them.

    FILES hold one JSON object a line: `outlet`, `url` (or `id`), `published` (RFC 3339; or `fetched`), `title`, `text`,
    `language`. What `treatywire schemas article` describes is such a line, too. Every worker must find the files under
    the same path. Lines that cannot be used become dead letters. A backfill that broke off may simply be run again.

    \b
    Example: treatywire backfill /archive/2025-*.jsonl
    """
    from app.logs import configure_logging

    configure_logging(for_people=sys.stderr.isatty())
    from pipelines.jobs.backfill import start_backfill

    submitted = start_backfill(settings_of(context), files)
    state = submitted.wait()
    if state != "DONE":
        raise Unavailable(f"{submitted.job.name} is {state}: {submitted.cluster.failure(submitted.job.id)}")
    counted = submitted.counted()
    click.echo(
        f"{counted.get('lines', 0)} lines, {counted.get('articles', 0)} articles, {counted.get('mentions', 0)} mentions"
        f", {counted.get('unreadable', 0)} lines set aside"
    )
    return DONE
