"""The command `treatywire-local`: starts, stops and shows the servers of one folder."""

import signal
import sys
import time
from pathlib import Path

import click
import structlog

from deploy.local.artifacts import fetch_all
from deploy.local.cache import cache_folder
from deploy.local.elasticsearch import Elasticsearch
from deploy.local.errors import LocalServerError, MissingTools
from deploy.local.flink import Flink
from deploy.local.kafka import Kafka
from deploy.local.server import Server

DONE, FAILED, NO_TOOLS = 0, 1, 3
NAMES = ("kafka", "elasticsearch", "flink")

servers = click.argument("names", metavar="[kafka] [elasticsearch] [flink]", nargs=-1, type=click.Choice(NAMES))
folder = click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where its data, logs and state are; by default instances/default in the cache (TREATYWIRE_CACHE).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Real servers on this machine, for tests and for trying out; all three where none is named.

    Exit codes: 0 done, 1 a server failed or is not healthy, 2 misuse, 3 no Java or no Maven.
    """


@cli.command()
@servers
@folder
@click.option("--secure", is_flag=True, help="Elasticsearch asks for a password.")
def up(names: tuple[str, ...], folder: Path | None, secure: bool) -> int:
    """Starts servers, and waits until they answer; one that is up stays as it is."""
    for server in _servers(names, folder, secure=secure):
        began = time.monotonic()
        server.up()
        click.echo(f"{server.name} is up ({time.monotonic() - began:.0f} s)", err=True)
        _show(server)
    return DONE


@cli.command()
def fetch() -> int:
    """Downloads what is not in the cache yet, for `up` and for tests."""
    fetch_all()
    return DONE


@cli.command()
@servers
@folder
def down(names: tuple[str, ...], folder: Path | None) -> int:
    """Stops servers, and removes their data and logs."""
    for server in _servers(names, folder):
        if server.exists:
            server.down()
            click.echo(f"{server.name} is down", err=True)
    return DONE


@cli.command()
@servers
@folder
def status(names: tuple[str, ...], folder: Path | None) -> int:
    """Shows addresses, processes and health; fails when a server is not up, or not well."""
    chosen = _servers(names, folder)
    for server in chosen:
        if server.exists:
            _show(server)
        else:
            click.echo(f"{server.name}: not up")
    return DONE if all(server.exists and server.healthy for server in chosen) else FAILED


def main() -> None:
    """Runs the command line and exits with the code of what happened."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that a start undoes itself
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        code = cli.main(prog_name="treatywire-local", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(128 + signal.SIGINT)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except LocalServerError as error:
        click.echo(f"treatywire-local: {error}", err=True)
        sys.exit(NO_TOOLS if isinstance(error, MissingTools) else FAILED)
    sys.exit(code if isinstance(code, int) else DONE)


def _servers(names: tuple[str, ...], folder: Path | None, *, secure: bool = False) -> list[Server]:
    place = folder or cache_folder() / "instances" / "default"
    every: dict[str, Server] = {
        "kafka": Kafka(place),
        "elasticsearch": Elasticsearch(place, security=secure),
        "flink": Flink(place),
    }
    return [server for name, server in every.items() if not names or name in names]


def _show(server: Server) -> None:
    for name, value in server.addresses().items():
        click.echo(f"{server.name}: {name}: {value}")
    for part, word in server.health().items():
        click.echo(f"{server.name}: {part}: {word}{_process(server, part)}")


def _process(server: Server, part: str) -> str:
    return f", process {server.pid_of(part)}" if server.alive(part) else ""
