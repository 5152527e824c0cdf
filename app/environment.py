"""What commands start from: settings with this run's flags, and the adapters they name."""

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from pipelines.jobs.adapters import Adapters, open_adapters
from schemas.errors import Unavailable
from schemas.settings import Settings, load_settings


def settings_of(context: click.Context) -> Settings:
    """The settings in force for this command.

    Raises:
        Misconfigured: A setting is wrong.
    """
    root: dict[str, Any] = context.find_root().obj or {}
    data = root.get("data")
    return load_settings({"data": Path(data) if data else None})


def adapters_of(context: click.Context, *, create: bool = False, migrating: bool = False) -> Adapters:
    """The adapters that the settings name.

    Args:
        context: Of the command.
        create: Whether an embedded database that is not there yet is made; a command that only reads has nothing to
            read then.
        migrating: Whether the index of events may be one that another version has made otherwise.

    Raises:
        Misconfigured: There is no data yet and `create` is false, or it is not ours.
        Unavailable: A server does not answer now.
    """
    adapters = open_adapters(settings_of(context), create=create, migrating=migrating)
    context.call_on_close(partial(_close, adapters))
    return adapters


def _close(adapters: Adapters) -> None:
    """Ends connections; the command has said what it had to say."""
    with suppress(Unavailable):
        adapters.close()
