"""The one settings object: flag, then environment (``TREATYWIRE_…``), then TOML, then default.

A key of a table is ``table.key`` here, ``key`` under ``[table]`` in TOML, and ``TREATYWIRE_TABLE_KEY`` as a variable.
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from difflib import get_close_matches
from enum import EnumMeta
from pathlib import Path
from types import UnionType
from typing import Any, get_args

import msgspec
from msgspec import Struct, field
from platformdirs import user_config_path, user_data_path

from schemas.elasticsearch_settings import ElasticsearchSettings
from schemas.errors import Misconfigured
from schemas.flink_settings import FlinkSettings
from schemas.kafka_settings import KafkaSettings

PREFIX = "TREATYWIRE_"
TABLES: Mapping[str, type[Struct]] = {
    "elasticsearch": ElasticsearchSettings,
    "flink": FlinkSettings,
    "kafka": KafkaSettings,
}
SECRETS = frozenset({"elasticsearch.api_key", "elasticsearch.password", "kafka.sasl_password", "webhook_secret"})
"""Never shown, and also taken from the file that ``…_file`` names."""
DATABASE = "treatywire.sqlite3"


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person may set; the names are the TOML keys, and in capitals after ``TREATYWIRE_`` the variables.

    With `kafka` and `elasticsearch`, logs and findings are kept there, for any number of processes; with neither, in a
    database in the data folder.
    """

    data: Path = field(default_factory=lambda: user_data_path("treatywire"))
    """The folder that holds everything this program keeps on this machine."""
    allow_private_addresses: bool = False
    """Whether feeds and webhooks may be on loopback and private networks."""
    keep_articles_days: int = 90
    """How long articles stay in the log; the events found in them stay for ever."""
    metrics_listen: str = ""
    """Where jobs and `run` show /metrics, /health, /ready: a port of 127.0.0.1, or ``address:port``; empty: nowhere."""
    webhook_secret: str | None = None
    """Signs the webhooks of subscriptions that bring no secret of their own; `whsec_…`. Also as ``…_FILE``."""
    kafka: KafkaSettings | None = None
    """The logs."""
    elasticsearch: ElasticsearchSettings | None = None
    """Everything that is not a log."""
    flink: FlinkSettings | None = None
    """The cluster for what is submitted to one; all else does without."""

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
        values |= {key: _convert(key, value, where) for key, value in _secrets_read(found, where).items()}
    values |= {key: value for key, value in flags.items() if value is not None}
    settings = Settings(**_tables_made(values))
    if settings.keep_articles_days < 1:
        raise Misconfigured(f"keep_articles_days = {settings.keep_articles_days}: a whole number of days, 1 or more")
    if (settings.kafka is None) != (settings.elasticsearch is None):
        there, missing = ("kafka", "elasticsearch") if settings.kafka else ("elasticsearch", "kafka")
        address = {"kafka": "kafka.bootstrap", "elasticsearch": "elasticsearch.urls"}[missing]
        raise Misconfigured(f"{there} is set and {missing} is not: they go together. Set {address}, or neither")
    return msgspec.structs.replace(settings, data=settings.data.expanduser().absolute())


def _tables_made(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, those of each table made into its own object.

    Raises:
        Misconfigured: A table lacks what has no default, or is refused by its own checks.
    """
    made = {key: value for key, value in values.items() if "." not in key}
    for table, type_ in TABLES.items():
        given = {key.removeprefix(f"{table}."): value for key, value in values.items() if key.startswith(f"{table}.")}
        missing = [one.name for one in msgspec.structs.fields(type_) if one.required and one.name not in given]
        if given and missing:
            raise Misconfigured(f"{table}: {', '.join(given)} is set, but not {', '.join(missing)}")
        if given:
            made[table] = type_(**given)
    return made


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
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{path}: not TOML: {error}") from error
    flat: dict[str, Any] = {}
    for key, value in found.items():
        if key in TABLES and isinstance(value, dict):
            flat |= {f"{key}.{name}": inner for name, inner in value.items()}
        elif key in TABLES:
            raise Misconfigured(f"{path}: {key} = {value!r}: takes a table, [{key}]")
        else:
            flat[key] = value
    return str(path), flat


def _from_environment(environment: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    found: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith(PREFIX) or name in (PREFIX + "CONFIG", PREFIX + "GOLD"):
            continue
        key = name.removeprefix(PREFIX).lower()
        table, _, inner = key.partition("_")
        found[f"{table}.{inner}" if table in TABLES and inner else key] = value
    return "environment", found


def _secrets_read(found: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The values, with each secret whose file is named read from there.

    Raises:
        Misconfigured: The file cannot be read, or the secret is given besides.
    """
    read = dict(found)
    for key in SECRETS:
        name = f"{key}_file"
        if name not in read:
            continue
        if key in read:
            raise Misconfigured(f"{where}: {key} and {name} are both set: one of them")
        try:
            read[key] = Path(read.pop(name)).read_text(encoding="utf-8").strip()
        except (OSError, TypeError, UnicodeDecodeError) as error:
            raise Misconfigured(f"{where}: {name}: cannot be read: {error}") from error
    return read


def _refuse_unknown(found: Mapping[str, Any], where: str) -> None:
    known = _types()
    for key in found:
        if key not in known and key.removesuffix("_file") not in SECRETS:
            near = get_close_matches(key, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise Misconfigured(f"{where}: unknown key {key}{hint} There are: {', '.join(known)}")


def _types() -> dict[str, Any]:
    """What each key takes."""
    own = {one.name: one.type for one in msgspec.structs.fields(Settings) if one.name not in TABLES}
    return own | {
        f"{table}.{one.name}": one.type for table, type_ in TABLES.items() for one in msgspec.structs.fields(type_)
    }


def _convert(key: str, value: Any, where: str) -> Any:
    type_ = _types()[key]
    if isinstance(type_, UnionType):  # what may be left out
        (type_,) = (one for one in get_args(type_) if one is not type(None))
    if type_ is bool and isinstance(value, str):
        value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(
            value.lower(), value
        )
    try:
        return msgspec.convert(value, type_, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        shown = "…" if key in SECRETS else repr(value)
        raise Misconfigured(f"{where}: {key} = {shown}: takes {_taken(type_)}") from error


def _taken(type_: Any) -> str:
    if isinstance(type_, EnumMeta):
        return ", ".join(map(str, type_.__members__.values()))
    return {bool: "true or false", int: "a whole number", float: "a number", Path: "a path"}.get(type_, "a text")


def _path(type_: type, value: Any) -> Any:
    if type_ is Path and isinstance(value, str) and value:
        return Path(value)
    raise ValueError("not a path")
