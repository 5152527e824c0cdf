"""`treatywire explain`."""

import click
import msgspec

from app.commands.detect import ArticleLine, article_lines, time_of


@click.command("explain", short_help="Show what fired in an article, and why.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="[FILE…|-]")
def command(files: tuple[str, ...]) -> None:
    """Print for each article what fired: sentence, pattern, arguments, modality, and near misses.

    Input: JSON lines, as `treatywire detect` takes them.

    \b
    Example: head -1 articles.jsonl | treatywire explain
    """
    from pipelines.detection.explain import explain

    for where, line in article_lines(files or ("-",)):
        try:
            article = msgspec.json.decode(line, type=ArticleLine)
            published = time_of(article.published)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise click.UsageError(f"{where}: {error}") from error
        click.echo(f"{article.id}: {article.title}")
        for text in explain(article.title, article.text, published).lines():
            click.echo("  " + text)
