"""The articles log."""

from collections.abc import Sequence
from datetime import datetime

from connectors.sqlite import reader
from connectors.sqlite.database import Database
from connectors.sqlite.times import micros
from schemas.article import Article
from schemas.codec import encode
from schemas.ports import Follower, Reader

EXPIRE_ROWS = 500
"""So many go in one transaction, so that nobody waits long for a log that sheds a day."""


class SqliteArticleLog:
    """The articles topic as a table. One writer at a time, any number of readers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, articles: Sequence[Article], *, again: bool = False) -> None:
        """Durable on return, all or none; an id, revision and content hash that is there already is left as it is.

        With `again`, it moves to the end instead.
        """
        keys = [(a.id, a.revision, a.content_hash) for a in articles]
        rows = [(*key, micros(a.fetched), encode(a), *key) for key, a in zip(keys, articles, strict=True)]
        with self._database.write() as connection:
            if again:
                connection.executemany("DELETE FROM articles WHERE id = ? AND revision = ? AND hash = ?", keys)
            # Not ON CONFLICT: that would use up an offset, and the log would seem to end after its last entry.
            connection.executemany(
                "INSERT INTO articles (id, revision, hash, fetched, data) SELECT ?, ?, ?, ?, ?"
                " WHERE NOT EXISTS (SELECT 1 FROM articles WHERE id = ? AND revision = ? AND hash = ?)",
                rows,
            )

    def reader(self, name: str) -> Reader[Article]:
        """A reader of this name, at its stored position; from now on nothing expires that it has not passed."""
        with self._database.read() as connection:
            known = reader.known(connection, "articles", name)
        if not known:
            with self._database.write() as connection:
                reader.register(connection, "articles", name)
        return reader.SqliteReader(self._database, "articles", name, Article)

    def end(self) -> int:
        """The offset of the last entry, expired or not, else 0."""
        with self._database.read() as connection:
            return reader.end(connection, "articles")

    def expire(self, before: datetime) -> int:
        """Deletes articles fetched before then which every reader has passed; returns how many.

        In small transactions, so that others may write in between; the space goes back to the file system. What a
        crash leaves is deleted by the next call.
        """
        deleted = 0
        while True:
            with self._database.write() as connection:
                gone = connection.execute(
                    "DELETE FROM articles WHERE offset IN (SELECT offset FROM articles WHERE fetched < ? AND offset <="
                    " (SELECT coalesce(min(position), 9223372036854775807) FROM readers WHERE log = 'articles')"
                    " ORDER BY fetched LIMIT ?)",
                    (micros(before), EXPIRE_ROWS),
                ).rowcount
            deleted += gone
            if gone < EXPIRE_ROWS:
                break
        self._database.give_back()
        return deleted

    def follow(self, name: str, leader: str) -> Follower:
        """A reader of this name that never passes `leader`; from now on nothing expires that it has not passed."""
        self.reader(name)
        return reader.SqliteFollower(self._database, name, leader)

    def forget(self, name: str) -> None:
        """Forgets a reader, for which nothing is kept any longer then."""
        with self._database.write() as connection:
            reader.forget(connection, "articles", name)
