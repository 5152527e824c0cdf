"""The one settings object: flag, then environment (``TREATYWIRE_…``), then TOML, then default."""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field
from platformdirs import user_config_path, user_data_path

from schemas.errors import Misconfigured

PREFIX = "TREATYWIRE_"
SECRETS = frozenset({"webhook_secret"})
DATABASE = "treatywire.sqlite3"


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person may set; the names are the TOML keys, and in capitals after ``TREATYWIRE_`` the variables."""

    data: Path = field(default_factory=lambda: user_data_path("treatywire"))
    """The folder that holds everything this program keeps."""
    allow_private_addresses: bool = False
    """Whether feeds and webhooks may be on loopback and private networks."""
    keep_articles_days: int = 90
    """How long articles stay in the log; the events found in them stay for ever."""
    webhook_secret: str | None = None
    """Signs the webhooks of subscriptions that bring no secret of their own; `whsec_…`. Also as ``…_FILE``."""

    @property
    def database(self) -> Path:
        """The embedded database."""
        return self.data / DATABASE

    @property
    def keep_articles(self) -> timedelta:
        """`keep_articles_days` as a duration."""
        return timedelta(days=self.keep_articles_days)


def config_path(environment: Mapping[str, str]) -> tuple[Path, bool]:
    """Where the TOML file is looked for, and whether somebody named it (so that it must be there)."""
    named = environment.get(PREFIX + "CONFIG")
    return (Path(named), True) if named else (user_config_path("treatywire") / "config.toml", False)


def load_settings(flags: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. Flags that are None count as not given.

    Raises:
        Misconfigured: An unknown key, or a value of the wrong kind, with where it was found and what it takes.
    """
    values: dict[str, Any] = {}
    for where, found in (_from_toml(environment), _from_environment(environment)):
        _refuse_unknown(found, where)
        values |= {key: _convert(key, value, where) for key, value in found.items()}
    values |= {key: value for key, value in flags.items() if value is not None}
    settings = Settings(**values)
    if settings.keep_articles_days < 1:
        raise Misconfigured(f"keep_articles_days = {settings.keep_articles_days}: a whole number of days, 1 or more")
    return msgspec.structs.replace(settings, data=settings.data.expanduser().absolute())


def _from_toml(environment: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    path, named = config_path(environment)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if named:
            raise Misconfigured(f"{PREFIX}CONFIG: there is no file {path}") from None
        return str(path), {}
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error
    try:
        return str(path), tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{path}: not TOML: {error}") from error


def _from_environment(environment: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    found: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name in (PREFIX + "CONFIG", PREFIX + "GOLD"):
            continue
        key = name.removeprefix(PREFIX).lower()
        if key.removesuffix("_file") in SECRETS and key.endswith("_file"):
            try:
                value = Path(value).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise Misconfigured(f"{name}: cannot be read: {error}") from error
            key = key.removesuffix("_file")
        found[key] = value
    return "environment", found


def _refuse_unknown(found: Mapping[str, Any], where: str) -> None:
    for key in found:
        if key not in Settings.__struct_fields__:
            near = get_close_matches(key, Settings.__struct_fields__, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise Misconfigured(f"{where}: unknown key {key}{hint} There are: {', '.join(Settings.__struct_fields__)}")


def _convert(key: str, value: Any, where: str) -> Any:
    wanted = msgspec.structs.fields(Settings)
    type_ = next(field.type for field in wanted if field.name == key)
    if type_ is bool and isinstance(value, str):
        value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
            value.lower(), value
        )
    try:
        return msgspec.convert(value, type_, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        shown = "…" if key in SECRETS else repr(value)
        takes = {bool: "true or false", int: "a whole number", Path: "a path"}.get(type_, "a text")
        raise Misconfigured(f"{where}: {key} = {shown}: takes {takes}") from error


def _path(type_: type, value: Any) -> Any:
    if type_ is Path and isinstance(value, str) and value:
        return Path(value)
    raise ValueError("not a path")
