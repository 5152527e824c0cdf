"""`treatywire export`."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from app.cli import DONE, NOTHING_FOUND
from app.codes import Codes
from app.environment import adapters_of
from app.options import Since
from schemas.errors import Misconfigured
from schemas.event import EventView

FORMATS = ("cameo", "csv", "parquet", "plover")
STDOUT = "-"


@click.command("export", short_help="Write events as tables for other programs.")
@click.argument("query", default="*")
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="How the table is laid out.")
@click.option("--since", type=Since(), help="First seen at most so long ago (30d, 12h), or since a day.")
@click.option(
    "--output", default=STDOUT, metavar="FILE", help="Where to; an existing file is replaced. Default: stdout."
)
@click.pass_context
def command(context: click.Context, query: str, format_: str, since: datetime | None, output: str) -> int:
    """Write the events that match QUERY (all, without one), the latest first seen first.

    \b
    cameo    CAMEO codes in the columns of GDELT 1.0, tab-separated, a line for each source and target
    csv      our own flat view, a line for each event
    parquet  the same, typed
    plover   PLOVER codes in the columns of POLECAT, tab-separated, a line for each event

    All modalities are exported, a plan as an intent, and negated ones too: `modality:occurred` leaves what happened.
    CAMEO codes begin with zeros: read them as text. A text that a spreadsheet could run as a formula has an apostrophe
    before it, except in parquet.

    \b
    Example: treatywire export --format cameo 'type:(signature OR withdrawal)' --since 30d --output events.tsv
    """
    from app.export.pages import events
    from schemas.query.parse import parse

    if format_ == "parquet" and output == STDOUT and sys.stdout.isatty():
        raise click.UsageError("parquet is no text for a terminal: give --output FILE, or a pipe")
    tree = parse(query, now=datetime.now(UTC), codes=Codes())
    store = adapters_of(context).events
    write = _writer(format_)
    with _opened(output) as out:
        written = write(out, events(store, tree, since=since))
    if not written:
        click.echo("nothing found", err=True)
    elif output != STDOUT:
        click.echo(f"{written} event{'' if written == 1 else 's'} in {output}", err=True)
    return DONE if written else NOTHING_FOUND


def _writer(format_: str) -> Callable[[BinaryIO, Iterator[EventView]], int]:
    """What writes events in a format; only that format's modules are imported."""
    if format_ == "parquet":
        from app.export.parquet import write_parquet

        return write_parquet
    from app.export.sheet import write_csv, write_tsv

    if format_ == "csv":
        from app.export import flat

        names = [column.name for column in flat.COLUMNS]
        return lambda out, views: write_csv(out, names, flat.rows, views)
    if format_ == "cameo":
        from app.export import gdelt

        return lambda out, views: write_tsv(out, gdelt.COLUMNS, gdelt.rows, views)
    from app.export import polecat

    return lambda out, views: write_tsv(out, polecat.COLUMNS, polecat.rows, views)


@contextmanager
def _opened(output: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that is there, whole, only once everything was written.

    Raises:
        Misconfigured: The file cannot be written.
    """
    if output == STDOUT:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(output)
    if path.exists() and not path.is_file():
        raise Misconfigured(f"--output {output}: not a file: a name for one, or - for standard output")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    except OSError as error:
        raise Misconfigured(f"--output {output}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            part.unlink()
