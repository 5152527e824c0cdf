"""The tables of one generation: made beside the serving ones, renamed, dropped; inside the caller's transaction.

The generation that serves has the plain names, any other the same with its number before them (``g2_states``). So every
statement is written once, for the plain names, and a connection of `beside` asks the other tables.
"""

import re
import sqlite3
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from connectors.sqlite.opening import Connection

TABLES = ("states", "dossier_aliases", "outbox", "events", "event_aliases", "search_event", "search_text")
_NAMES = re.compile(rf"\b(?:{'|'.join(TABLES)})\b")
_OWN = re.compile(r"^g\d+_")


def prefixed(number: int, name: str) -> str:
    """A table's or index's name in a generation that does not serve."""
    return f"g{number}_{_OWN.sub('', name)}"


def beside(number: int) -> type[Connection]:
    """Connections whose statements mean the tables of this generation."""

    @lru_cache(maxsize=256)
    def renamed(statement: str) -> str:
        return _NAMES.sub(lambda match: prefixed(number, match[0]), statement)

    class Beside(Connection):
        """A connection to the same file."""

        def execute(self, statement: str, parameters: Any = (), /) -> sqlite3.Cursor:
            """As ever."""
            return super().execute(renamed(statement), parameters)

        def executemany(self, statement: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
            """As ever."""
            return super().executemany(renamed(statement), parameters)

    return Beside


def serving(connection: sqlite3.Connection) -> int:
    """The number of the generation that serves."""
    (number,) = connection.execute("SELECT number FROM generations WHERE stage = 'serving'").fetchone()
    return int(number)


def create(connection: sqlite3.Connection, number: int) -> None:
    """Makes the tables of a generation, empty, as those that serve are made now."""
    wanted = f"({', '.join('?' * len(TABLES))})"
    made = connection.execute(
        f"SELECT type, name, sql FROM sqlite_schema WHERE tbl_name IN {wanted} AND sql IS NOT NULL ORDER BY rowid",
        TABLES,
    ).fetchall()
    for type_, name, sql in made:
        statement = _NAMES.sub(lambda match: prefixed(number, match[0]), sql)
        if type_ == "index":  # its name is not that of a table, and is unique in the file
            statement = re.sub(rf"\b{re.escape(name)}\b", prefixed(number, name), statement, count=1)
        connection.execute(statement)


def rename(connection: sqlite3.Connection, *, serving: int, building: int) -> None:
    """Gives the plain names to the generation that was built, and its number to the one that had them."""
    for name in TABLES:
        connection.execute(f"ALTER TABLE {name} RENAME TO {prefixed(serving, name)}")
        connection.execute(f"ALTER TABLE {prefixed(building, name)} RENAME TO {name}")


def drop(connection: sqlite3.Connection, number: int) -> None:
    """Drops the tables of a generation that does not serve."""
    for name in TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {prefixed(number, name)}")
