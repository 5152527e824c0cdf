"""What commands start from: settings with this run's flags, and the adapters they name."""

from pathlib import Path
from typing import Any

import click

from pipelines.jobs.adapters import Adapters, open_adapters
from schemas.errors import Misconfigured
from schemas.settings import Settings, load_settings


def settings_of(context: click.Context) -> Settings:
    """The settings in force for this command.

    Raises:
        Misconfigured: A setting is wrong.
    """
    root: dict[str, Any] = context.find_root().obj or {}
    data = root.get("data")
    return load_settings({"data": Path(data) if data else None})


def adapters_of(context: click.Context, *, create: bool = False) -> Adapters:
    """The adapters that the settings name.

    Args:
        context: Of the command.
        create: Whether a data folder that is not there yet is made; a command that only reads has nothing to read then.

    Raises:
        Misconfigured: There is no data yet and `create` is false, or it is not ours.
    """
    settings = settings_of(context)
    if not create and not settings.database.exists():
        raise Misconfigured(f"there is no data in {settings.data} yet: `treatywire run` collects it")
    return open_adapters(settings)
