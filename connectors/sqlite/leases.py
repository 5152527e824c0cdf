"""Who does what, among any number of processes."""

from datetime import datetime, timedelta

from connectors.sqlite.database import Database
from connectors.sqlite.times import micros
from schemas.errors import FencedOff
from schemas.ports import Lease

NOBODY = ""


class SqliteLeases:
    """Leases as rows; a row stays when its lease is given back, so that tokens only ever grow."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire(self, name: str, holder: str, ttl: timedelta, now: datetime) -> Lease | None:
        """A lease where nobody else holds one that has not run out; the holder's own is renewed under the same token.

        Whoever comes after a release, be it the one who released, gets a new token.
        """
        lease = Lease(name=name, holder=holder, token=1, until=now + ttl)
        with self._database.write() as connection:
            row = connection.execute("SELECT holder, token, until FROM leases WHERE name = ?", (name,)).fetchone()
            if row:
                owner, token, until = row
                if owner not in (holder, NOBODY) and until > micros(now):
                    return None
                lease = Lease(name=name, holder=holder, token=token + (owner != holder), until=now + ttl)
            connection.execute(
                "INSERT INTO leases (name, holder, token, until) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " holder = excluded.holder, token = excluded.token, until = excluded.until",
                (name, holder, lease.token, micros(lease.until)),
            )
        return lease

    def check(self, lease: Lease) -> None:
        """Passes where no later token was given out.

        Raises:
            FencedOff: One was.
        """
        with self._database.read() as connection:
            row = connection.execute("SELECT holder, token FROM leases WHERE name = ?", (lease.name,)).fetchone()
        if row and row[1] > lease.token:
            raise FencedOff(f"lease {lease.name!r} has passed from {lease.holder!r} to {row[0] or 'another'!r}")

    def release(self, lease: Lease) -> None:
        """Gives it back; one that has passed on is no error."""
        with self._database.write() as connection:
            connection.execute(
                "UPDATE leases SET holder = ? WHERE name = ? AND token = ?", (NOBODY, lease.name, lease.token)
            )
