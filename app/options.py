"""What several commands take: output as JSON, and how far back to look."""

import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Records as JSON, one a line.")

UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Since(click.ParamType[datetime]):
    """A duration before now (``90m``, ``12h``, ``30d``, ``4w``) or a day (``2026-09-01``), as a UTC time."""

    name = "since"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The time; fails with what it takes."""
        if isinstance(value, datetime):
            return value
        try:
            if match := re.fullmatch(r"(\d{1,6})([mhdw])", value):
                return datetime.now(UTC) - timedelta(**{UNITS[match[2]]: int(match[1])})
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(f"{value!r}: a duration such as 12h or 30d, or a day such as 2026-09-01", param, ctx)


def wants_colour() -> bool:
    """Whether standard output is a terminal that shows colours."""
    import os

    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
