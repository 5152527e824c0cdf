"""Every delivery, with each try."""

from collections.abc import Collection, Sequence
from datetime import datetime
from threading import RLock

from msgspec.structs import replace

from connectors.memory.development_log import MemoryDevelopmentLog
from schemas.ports import Position
from schemas.subscription import Alert, AlertStatus


class MemoryLedger:
    """The delivery ledger as a dict, in the order of recording."""

    def __init__(self, lock: RLock, developments: MemoryDevelopmentLog) -> None:
        self._lock, self._developments = lock, developments
        self._alerts: dict[str, Alert] = {}

    def record(self, alerts: Sequence[Alert], position: Position | None = None) -> None:
        """Adds alerts that are not there yet, with the position of a reader of the developments log, at once."""
        with self._lock:
            for alert in alerts:
                self._alerts.setdefault(alert.id, alert)
            if position is not None:
                self._developments.commit(position.reader, position.offset)

    def due(self, now: datetime, limit: int, without: Collection[str] = ()) -> Sequence[Alert]:
        """Alerts to try now, the longest due first, then in the order of recording.

        Those to the subscriptions in `without` are left out.
        """
        with self._lock:
            due = [alert for alert in self._alerts.values() if alert.status is AlertStatus.DUE and alert.due <= now]
        wanted = [alert for alert in due if alert.subscription not in without]
        return sorted(wanted, key=lambda alert: alert.due)[:limit]

    def update(self, alert: Alert) -> None:
        """Replaces what is recorded of a delivery after a try.

        Raises:
            Conflict: A try is recorded that this alert knows nothing of.
        """
        with self._lock:
            if alert.id in self._alerts:
                alert.check_follows(self._alerts[alert.id])
            self._alerts[alert.id] = alert

    def list(self, subscription: str | None = None, limit: int = 100) -> Sequence[Alert]:
        """The latest recorded, newest first."""
        with self._lock:
            alerts = [alert for alert in self._alerts.values() if subscription in (None, alert.subscription)]
        return alerts[::-1][:limit]

    def give_up(self, subscription: str) -> None:
        """Sets what is due to a subscription to failed; each try is kept."""
        with self._lock:
            for alert in self._alerts.values():
                if alert.subscription == subscription and alert.status is AlertStatus.DUE:
                    self._alerts[alert.id] = replace(alert, status=AlertStatus.FAILED)
