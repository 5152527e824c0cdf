"""The developments log."""

from collections.abc import Sequence

from connectors.sqlite import reader
from connectors.sqlite.database import Database
from schemas.codec import encode
from schemas.development import Development
from schemas.ports import Entry, Reader


class SqliteDevelopmentLog:
    """The developments topic as a table, kept for ever. One writer at a time, any number of readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, developments: Sequence[Development]) -> None:
        """Durable on return, all or none; an id that is there already is left as it is."""
        rows = [(development.id, encode(development), development.id) for development in developments]
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO developments (id, data) SELECT ?, ?"
                " WHERE NOT EXISTS (SELECT 1 FROM developments WHERE id = ?)",
                rows,
            )

    def reader(self, name: str) -> Reader[Development]:
        """A reader of this name, at its stored position."""
        return reader.SqliteReader(self._database, "developments", name, Development)

    def after(self, offset: int, limit: int) -> Sequence[Entry[Development]]:
        """Up to `limit` entries after `offset`, in order, and not much more than 8 MiB of them."""
        with self._database.read() as connection:
            return reader.entries(connection, "developments", offset, limit, Development)

    def end(self) -> int:
        """The offset of the last entry, else 0."""
        with self._database.read() as connection:
            return reader.end(connection, "developments")
