"""`treatywire replay`."""

import click

from app.cli import DONE, NOTHING_FOUND
from app.environment import adapters_of
from app.options import json_option
from app.render import minute, shorten
from schemas.codec import encode
from schemas.dead_letter import DeadLetter
from schemas.vocabulary import Stage


@click.command("replay", short_help="List dead letters, or send them again.")
@click.argument("ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Send all that can be sent again.")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]), help="Only letters of this stage.")
@json_option
@click.pass_context
def command(context: click.Context, ids: tuple[str, ...], everything: bool, stage: str | None, as_json: bool) -> int:
    """Send the dead letters IDS to the articles log again; without IDS and `--all`, list them.

    A letter that is sent is taken off the list; should it fail again, it comes back with one more attempt.

    \b
    Example: treatywire replay --all --stage article
    """
    from pipelines.jobs.replay import replay

    adapters = adapters_of(context)
    letters = adapters.dead_letters.list(Stage(stage) if stage else None, limit=100_000)
    if ids:
        letters = [letter for letter in letters if letter.id.startswith(ids)]
    if not letters:
        click.echo("there are no such dead letters", err=True)
        return NOTHING_FOUND
    if not ids and not everything:
        for letter in letters:
            click.echo(encode(letter) if as_json else _line(letter))
        return DONE
    done, kept = replay(letters, adapters.articles, adapters.dead_letters, adapters.feeds)
    for letter, reason in kept:
        click.echo(f"kept {letter.id}: {reason}", err=True)
    click.echo(f"{len(done)} sent again, {len(kept)} kept")
    return DONE if done else NOTHING_FOUND


def _line(letter: DeadLetter) -> str:
    last = letter.reason.rstrip().rsplit("\n", 1)[-1]
    return (
        f"{letter.id}  {letter.stage:<8} {minute(letter.recorded)}  {shorten(letter.source, 60)}: {shorten(last, 120)}"
    )
