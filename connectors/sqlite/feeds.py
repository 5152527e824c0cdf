"""Which feeds are watched, and what is known of each."""

import json
from collections.abc import Iterable, Mapping, Sequence

from connectors.sqlite.database import Database
from schemas.codec import decode, encode
from schemas.feed import Feed, FeedState


class SqliteFeeds:
    """The feeds as a table, and the content hashes of articles seen as another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, feed: Feed) -> bool:
        """Whether it is new; else its name and interval are replaced, and what is known of it stays."""
        with self._database.write() as connection:
            known = connection.execute("UPDATE feeds SET feed = ? WHERE url = ?", (encode(feed), feed.url)).rowcount
            if not known:
                connection.execute(
                    "INSERT INTO feeds (url, feed, state) VALUES (?, ?, ?)",
                    (feed.url, encode(feed), encode(FeedState(url=feed.url))),
                )
        return not known

    def remove(self, url: str) -> bool:
        """Whether it was there. Its articles stay, and so do their hashes."""
        with self._database.write() as connection:
            return connection.execute("DELETE FROM feeds WHERE url = ?", (url,)).rowcount > 0

    def list(self) -> Sequence[tuple[Feed, FeedState]]:
        """All, by address."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT feed, state FROM feeds ORDER BY url")
            return [(decode(feed, Feed), decode(state, FeedState)) for feed, state in rows]

    def known(self, articles: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Content hashes of each article id seen before, in order of revision; unknown ids are absent."""
        found: dict[str, list[str]] = {}
        with self._database.read() as connection:
            for article, digest in connection.execute(
                "SELECT article, hash FROM article_hashes WHERE article IN (SELECT value FROM json_each(?))"
                " ORDER BY article, revision",
                (json.dumps(list(articles)),),
            ):
                found.setdefault(article, []).append(digest)
        return found

    def save(self, state: FeedState, hashes: Sequence[tuple[str, int, str]] = ()) -> None:
        """What a poll found, at once: the feed's state, and (article id, revision, content hash) of what was appended.

        A feed that was removed meanwhile stays removed; the hashes are kept all the same.
        """
        with self._database.write() as connection:
            connection.execute("UPDATE feeds SET state = ? WHERE url = ?", (encode(state), state.url))
            connection.executemany(
                "INSERT INTO article_hashes (article, revision, hash) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET hash = excluded.hash",
                hashes,
            )
