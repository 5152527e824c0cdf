"""A process that delivers until nothing is due, or stops dead between a try and its record.

Run as ``python -m tests.integration.delivery.deliver_process DATABASE HOLDER SECONDS RECORDS``: its clock goes so many
seconds ahead, and before it records the try after so many it says ``now`` and waits to be killed.
"""

import sys
import threading
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from connectors.delivery.webhook import WebhookChannel
from connectors.sqlite import Adapters, open_database
from pipelines.jobs.deliver import DeliverJob
from schemas.ports import Ledger, Position
from schemas.subscription import Alert


class DoomedLedger:
    """The ledger, but for the one update before which the process is to die."""

    def __init__(self, ledger: Ledger, updates: int) -> None:
        self._ledger, self._left = ledger, updates

    def record(self, alerts: Sequence[Alert], position: Position | None = None) -> None:
        """As the ledger does."""
        self._ledger.record(alerts, position)

    def due(self, now: datetime, limit: int, without: Collection[str] = ()) -> Sequence[Alert]:
        """As the ledger does."""
        return self._ledger.due(now, limit, without)

    def list(self, subscription: str | None = None, limit: int = 100) -> Sequence[Alert]:
        """As the ledger does."""
        return self._ledger.list(subscription, limit)

    def update(self, alert: Alert) -> None:
        """As the ledger does, until it is time to die."""
        if self._left == 0:
            print("now", flush=True)
            threading.Event().wait()
        self._left -= 1
        self._ledger.update(alert)


def main(database: str, holder: str, seconds: str, records: str) -> None:
    """Delivers until nothing is due."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    adapters = Adapters(open_database(Path(database)))
    ledger = DoomedLedger(adapters.ledger, int(records))
    channel = WebhookChannel(allow_private=True)
    job = DeliverJob(ledger, adapters.subscriptions, channel, adapters.leases, holder)
    while True:
        now = datetime.now(UTC) + timedelta(seconds=float(seconds))
        if job.step(now) and not adapters.ledger.due(now, 1):
            break
    job.close(now)


if __name__ == "__main__":
    main(*sys.argv[1:])
