"""A backfill and an upgrade keep out of each other's way."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.memory import Adapters
from pipelines.jobs.backfill import no_upgrade
from pipelines.jobs.upgrade import LEASE
from schemas.errors import Misconfigured, Unavailable

MINUTE = timedelta(minutes=1)


def test_a_backfill_does_not_begin_beside_an_upgrade() -> None:
    """Its body does not run."""
    leases = Adapters().leases
    assert leases.acquire(LEASE, "upgrade", MINUTE, datetime.now(UTC))
    with pytest.raises(Misconfigured, match="`treatywire upgrade` is at work"), no_upgrade(leases):
        pytest.fail("begun")


def test_an_upgrade_does_not_begin_while_a_backfill_is_being_started() -> None:
    """And does so afterwards, however the start has ended."""
    leases = Adapters().leases

    def start() -> None:
        assert leases.acquire(LEASE, "upgrade", MINUTE, datetime.now(UTC)) is None
        raise Unavailable("no job server")

    with pytest.raises(Unavailable), no_upgrade(leases):
        start()
    assert leases.acquire(LEASE, "upgrade", MINUTE, datetime.now(UTC))
