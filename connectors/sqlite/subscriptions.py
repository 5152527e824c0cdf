"""Who wants to hear of what."""

from collections.abc import Sequence

from connectors.sqlite import ledger
from connectors.sqlite.database import Database
from connectors.sqlite.times import micros
from schemas.codec import decode, encode
from schemas.subscription import Subscription


class SqliteSubscriptions:
    """The subscriptions as a table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, subscription: Subscription) -> None:
        """Durable on return; the same id again replaces it."""
        with self._database.write() as connection:
            connection.execute(
                "INSERT INTO subscriptions (id, created, data) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET created = excluded.created, data = excluded.data",
                (subscription.id, micros(subscription.created), encode(subscription)),
            )

    def list(self) -> Sequence[Subscription]:
        """All, by creation then id."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT data FROM subscriptions ORDER BY created, id")
            return [decode(data, Subscription) for (data,) in rows]

    def remove(self, id: str) -> bool:
        """Whether it was there. What is due to it is given up, at once."""
        with self._database.write() as connection:
            ledger.give_up(connection, id)
            return connection.execute("DELETE FROM subscriptions WHERE id = ?", (id,)).rowcount > 0
