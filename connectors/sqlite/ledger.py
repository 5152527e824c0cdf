"""Every delivery, with each try."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from connectors.sqlite import reader
from connectors.sqlite.database import Database
from connectors.sqlite.times import micros
from schemas.codec import decode, encode
from schemas.ports import Position
from schemas.subscription import Alert, AlertStatus


class SqliteLedger:
    """The delivery ledger as a table. The column `status` is what counts; in the JSON it may be older."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, alerts: Sequence[Alert], position: Position | None = None) -> None:
        """Adds alerts that are not there yet, with the position of a reader of the developments log, at once."""
        rows = [(a.id, a.subscription, a.status, micros(a.due), encode(a)) for a in alerts]
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO alerts (id, subscription, status, due, data) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO NOTHING",
                rows,
            )
            if position is not None:
                reader.move(connection, "developments", position)

    def due(self, now: datetime, limit: int, without: Collection[str] = ()) -> Sequence[Alert]:
        """Alerts to try now, the longest due first, then in the order of recording.

        Those to the subscriptions in `without` are left out.
        """
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT status, data FROM alerts WHERE status = 'due' AND due <= ?"
                " AND subscription NOT IN (SELECT value FROM json_each(?)) ORDER BY due, number LIMIT ?",
                (micros(now), json.dumps(list(without)), limit),
            )
            return [_alert(*row) for row in rows]

    def update(self, alert: Alert) -> None:
        """Replaces what is recorded of a delivery after a try; durable on return.

        Raises:
            Conflict: A try is recorded that this alert knows nothing of.
        """
        with self._database.write() as connection:
            if row := connection.execute("SELECT status, data FROM alerts WHERE id = ?", (alert.id,)).fetchone():
                alert.check_follows(_alert(*row))
            connection.execute(
                "INSERT INTO alerts (id, subscription, status, due, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id)"
                " DO UPDATE SET status = excluded.status, due = excluded.due, data = excluded.data",
                (alert.id, alert.subscription, alert.status, micros(alert.due), encode(alert)),
            )

    def list(self, subscription: str | None = None, limit: int = 100) -> Sequence[Alert]:
        """The latest recorded, newest first."""
        newest = " ORDER BY number DESC LIMIT ?"
        with self._database.read() as connection:
            if subscription is None:
                rows = connection.execute("SELECT status, data FROM alerts" + newest, (limit,))
            else:
                rows = connection.execute(
                    "SELECT status, data FROM alerts WHERE subscription = ?" + newest, (subscription, limit)
                )
            return [_alert(*row) for row in rows]


def give_up(connection: sqlite3.Connection, subscription: str) -> None:
    """Sets what is due to a subscription to failed, inside the caller's transaction; each try is kept."""
    connection.execute(
        "UPDATE alerts SET status = ? WHERE subscription = ? AND status = 'due'", (AlertStatus.FAILED, subscription)
    )


def _alert(status: str, data: bytes) -> Alert:
    alert = decode(data, Alert)
    return alert if alert.status == status else replace(alert, status=AlertStatus(status))
