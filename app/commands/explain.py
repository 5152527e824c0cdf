"""`treatywire explain`."""

from collections.abc import Iterator

import click
import msgspec

from app.commands.detect import ArticleLine, time_of


@click.command("explain", short_help="Show what fired in an article, and why.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="[FILE…|-]")
def command(files: tuple[str, ...]) -> None:
    """Print for each article what fired: sentence, pattern, arguments, modality, and near misses.

    Input: JSON lines, as `treatywire detect` takes them, or one article as plain text: its first line is the title
    where a blank line follows.

    \b
    Example: treatywire explain article.txt
    """
    from pipelines.detection.explain import explain

    for name in files or ("-",):
        with click.open_file(name, "rb") as stream:
            content: bytes = stream.read()
        for where, article in _articles(name, content):
            try:
                published = time_of(article.published)
            except ValueError as error:
                raise click.UsageError(f"{where}: {error}") from error
            click.echo(f"{article.id}: {article.title}")
            for text in explain(article.title, article.text, published).lines():
                click.echo("  " + text)


def _articles(name: str, content: bytes) -> Iterator[tuple[str, ArticleLine]]:
    """Each article, and where it stands."""
    called = "standard input" if name == "-" else name
    if not content.lstrip().startswith(b"{"):
        yield called, _plain(called, content)
        return
    for number, line in enumerate(content.splitlines(), 1):
        where = f"{called} line {number}"
        try:
            if line.strip():
                yield where, msgspec.json.decode(line, type=ArticleLine)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise click.UsageError(f"{where}: {error}") from error


def _plain(called: str, content: bytes) -> ArticleLine:
    try:
        text = content.decode().strip()
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{called}: neither JSON lines nor text in UTF-8: {error}") from error
    title, _, rest = text.partition("\n")
    blank, _, body = rest.partition("\n")
    return ArticleLine(called, body, title.strip()) if not blank.strip() and body else ArticleLine(called, text)
