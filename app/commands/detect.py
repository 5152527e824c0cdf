"""`treatywire detect`: the pure detector as a filter."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

import click
import msgspec
from msgspec import Struct

from app.cli import DONE, MISUSE
from schemas.codec import encode


class ArticleLine(Struct, frozen=True):
    """One line of input; other keys are ignored."""

    id: str
    text: str
    title: str = ""
    published: str | None = None
    language: str | None = None
    url: str | None = None
    source: str | None = None


@click.command("detect", short_help="Detect events in articles given as JSON lines.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="[FILE…|-]")
def command(files: tuple[str, ...]) -> int:
    """Print one line of mentions for each article, in order; no database, no settings.

    Input: one JSON object a line with `id` and `text`; `title`, `published` (RFC 3339), `language`, `url` and `source`
    may be there. Output: `{"id": …, "mentions": […]}`. A malformed line is reported with its number and passed over;
    the exit code is 2 then.

    \b
    Example: treatywire detect articles.jsonl > mentions.jsonl
    """
    from pipelines.detection import detector_for

    decoder = msgspec.json.Decoder(ArticleLine)
    bad = 0
    for where, line in article_lines(files or ("-",)):
        try:
            article = decoder.decode(line)
            published = time_of(article.published)
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
            click.echo(f"treatywire detect: {where}: {error}", err=True)
            bad += 1
            continue
        detector = detector_for(article.language)
        mentions = detector(article.title, article.text, published) if detector else ()
        click.echo(encode({"id": article.id, "mentions": mentions}))
    return MISUSE if bad else DONE


def article_lines(files: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """(where it stands, line) of every line that is not blank, with progress on a terminal."""
    bar = click.progressbar(length=len(files), label="files", file=sys.stderr, hidden=not sys.stderr.isatty())
    with bar:
        for name in files:
            stream: IO[Any]
            with click.open_file(name, "rb") as stream:
                for number, line in enumerate(stream, 1):
                    if line.strip():
                        yield f"{'standard input' if name == '-' else name} line {number}", line
            bar.update(1)


def time_of(text: str | None) -> datetime | None:
    """The time in UTC, None where there is none; raises ValueError with what it takes."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"published = {text!r}: a time such as 2026-11-22T09:30:00Z") from None
