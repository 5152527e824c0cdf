"""Delivery by real processes: killed between a try and its record, and side by side."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.sqlite import Adapters, open_database
from pipelines.jobs.deliver import LEASE
from schemas.subscription import Alert, AlertStatus
from tests.integration.delivery.conftest import OpenReceiver
from tests.integration.delivery.receiver import Receiver
from tests.unit.delivery.records import a_subscription, an_alert

ROOT = Path(__file__).parents[3]
NAMES = ("desk", "wire", "court", "bank")
EACH = 12
DEATHS = (0, 1, 5, 9, 3)
"""How many tries each process may record before it dies."""
PAST_A_LEASE_S = LEASE.total_seconds() + 1
"""So far is the clock of each process ahead of that of the one before, or it would wait for the leases of the dead."""


def deliver(database: Path, holder: str, *, ahead_s: float = 0.0, records: int = 10_000) -> "subprocess.Popen[str]":
    """Starts a process that delivers, its clock so far ahead, and dies after so many records."""
    arguments = [str(database), holder, str(ahead_s), str(records)]
    command = [sys.executable, "-m", "tests.integration.delivery.deliver_process", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": "."})


@pytest.fixture
def adapters(tmp_path: Path) -> Iterator[Adapters]:
    """Adapters over a file that other processes may open too."""
    with open_database(tmp_path / "treatywire.sqlite3") as database:
        yield Adapters(database)


def record_alerts(adapters: Adapters, receiver: Receiver) -> list[Alert]:
    """Subscriptions of the receiver, and as many alerts due to each; all alerts, in order of the log."""
    for name in NAMES:
        adapters.subscriptions.add(a_subscription(name, webhook=receiver.url))
    alerts = [an_alert(n, subscription=name, due=datetime.now(UTC)) for n in range(1, EACH + 1) for name in NAMES]
    adapters.ledger.record(alerts)
    return alerts


def delivered(adapters: Adapters) -> set[str]:
    """The ids of what the ledger has as delivered."""
    return {alert.id for alert in adapters.ledger.list(None, 1000) if alert.status is AlertStatus.DELIVERED}


def assert_in_log_order(ids: list[str], alerts: list[Alert]) -> None:
    """Each subscription heard for the first time of each alert in the order of the log."""
    first_of_each = list(dict.fromkeys(ids))
    for name in NAMES:
        in_log_order = [alert.id for alert in alerts if alert.subscription == name]
        assert [one for one in first_of_each if one in in_log_order] == in_log_order


def test_processes_side_by_side_send_nothing_twice(adapters: Adapters, open_receiver: OpenReceiver) -> None:
    """Three processes share one ledger by leases; every alert arrives once and in order."""
    receiver = open_receiver()
    alerts = record_alerts(adapters, receiver)
    processes = [deliver(adapters.database.path, f"process-{number}") for number in range(3)]
    for process in processes:
        with process:
            assert process.wait(60) == 0
    assert delivered(adapters) == {alert.id for alert in alerts}
    assert Counter(receiver.ids) == {alert.id: 1 for alert in alerts}
    assert_in_log_order(receiver.ids, alerts)


def test_a_crash_repeats_only_what_was_under_way_and_loses_nothing(
    adapters: Adapters, open_receiver: OpenReceiver
) -> None:
    """Five processes die with tries made and not recorded; the sixth finishes. Repeats come under the same id."""
    receiver = open_receiver()
    alerts = record_alerts(adapters, receiver)
    path = adapters.database.path
    least = Counter(alert.id for alert in alerts)
    most = least.copy()
    for generation, records in enumerate(DEATHS):
        ahead_s = generation * PAST_A_LEASE_S
        with deliver(path, f"process-{generation}", ahead_s=ahead_s, records=records) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "now\n"
            process.kill()
        assert process.returncode == -signal.SIGKILL
        recorded = delivered(adapters)
        arrived = set(receiver.ids) - recorded
        next_of_each = {next(a.id for a in alerts if a.subscription == name and a.id not in recorded) for name in NAMES}
        assert arrived
        assert arrived <= next_of_each
        least.update(arrived)
        most.update(next_of_each)  # a post may be on its way into the receiver even now
    with deliver(path, "the last", ahead_s=len(DEATHS) * PAST_A_LEASE_S) as last:
        assert last.wait(60) == 0

    assert delivered(adapters) == {alert.id for alert in alerts}
    assert receiver.unsigned == []
    assert least <= Counter(receiver.ids) <= most
    assert_in_log_order(receiver.ids, alerts)
