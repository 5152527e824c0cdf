"""The command `treatywire`: finds a command's module when it is asked for, and turns errors into exit codes."""

import importlib
import os
import sys
from typing import Any

import click

from schemas.errors import TreatywireError, Unavailable

COMMANDS = {
    "backfill": "app.commands.backfill",
    "completion": "app.commands.completion",
    "detect": "app.commands.detect",
    "explain": "app.commands.explain",
    "export": "app.commands.export",
    "feeds": "app.commands.feeds",
    "index": "app.commands.index",
    "job": "app.commands.job",
    "jobs": "app.commands.jobs",
    "replay": "app.commands.replay",
    "resume": "app.commands.resume",
    "run": "app.commands.run",
    "schemas": "app.commands.schemas",
    "search": "app.commands.search",
    "show": "app.commands.show",
    "status": "app.commands.status",
    "stop": "app.commands.stop",
    "submit": "app.commands.submit",
    "subscriptions": "app.commands.subscriptions",
    "topics": "app.commands.topics",
    "upgrade": "app.commands.upgrade",
    "watch": "app.commands.watch",
}
DONE, NOTHING_FOUND, MISUSE, UNAVAILABLE = 0, 1, 2, 3


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is named, or help is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None for an unknown name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: Any = importlib.import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="treatywire")
@click.option("--data", metavar="FOLDER", help="Where everything is kept (TREATYWIRE_DATA).")
@click.pass_context
def cli(context: click.Context, data: str | None) -> None:
    """Watches the world's news for what happens to treaties, and tells who asked.

    Exit codes: 0 found or done, 1 nothing found, 2 misuse, 3 unavailable.

    \b
    Example: treatywire search 'party:IRN AND type:ratification' --since 30d
    """
    context.obj = {"data": data}


def main() -> None:
    """Runs the command line and exits with the code of what happened."""
    try:
        code = cli.main(prog_name="treatywire", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(MISUSE)
    except BrokenPipeError:
        # The reader (`head`, say) has gone; keep Python from complaining about it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except Unavailable as error:
        click.echo(f"treatywire: {error}", err=True)
        sys.exit(UNAVAILABLE)
    except TreatywireError as error:
        click.echo(f"treatywire: {error}", err=True)
        sys.exit(MISUSE)
    sys.exit(code if isinstance(code, int) else DONE)
