"""`treatywire completion`."""

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "fish", "zsh")


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print what makes SHELL complete commands and options.

    \b
    Example: treatywire completion bash >> ~/.bashrc
    """
    class_ = get_completion_class(shell)
    assert class_ is not None
    click.echo(class_(context.find_root().command, {}, "treatywire", "_TREATYWIRE_COMPLETE").source())
