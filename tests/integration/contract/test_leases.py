"""Leases."""

from datetime import timedelta

import pytest

from schemas.errors import FencedOff
from schemas.ports import Lease, Leases
from tests.integration.contract.records import MINUTE, NOON
from tests.integration.contract.stores import Ports, Store


def _held(leases: Leases, holder: str, minute: int = 0) -> Lease:
    lease = leases.acquire("feed", holder, MINUTE, NOON + minute * MINUTE)
    assert lease is not None
    return lease


def test_one_holder_at_a_time(store: Store) -> None:
    """Until the lease has run out nobody else gets it, in this process or the next; other names are free."""
    lease = _held(store.ports.leases, "a")
    assert (lease.name, lease.holder, lease.until) == ("feed", "a", NOON + MINUTE)
    leases = store.reopen().leases
    assert leases.acquire("feed", "b", MINUTE, NOON + MINUTE - timedelta(microseconds=1)) is None
    assert leases.acquire("other", "b", MINUTE, NOON) is not None


def test_a_lease_that_has_run_out_passes_on_under_a_greater_token(ports: Ports) -> None:
    """From the moment of its end; the former holder is fenced off, the new one is not."""
    old = _held(ports.leases, "a")
    new = _held(ports.leases, "b", minute=1)
    assert new.token > old.token
    assert new.until == NOON + 2 * MINUTE
    ports.leases.check(new)
    with pytest.raises(FencedOff, match="feed"):
        ports.leases.check(old)
    assert ports.leases.acquire("feed", "a", MINUTE, NOON + MINUTE) is None


def test_the_holder_renews_under_the_same_token(ports: Ports) -> None:
    """Before its end, and after it where nobody came between; it then lasts from now."""
    first = _held(ports.leases, "a")
    second = _held(ports.leases, "a", minute=0)
    third = _held(ports.leases, "a", minute=5)
    assert first.token == second.token == third.token
    assert third.until == NOON + 6 * MINUTE
    ports.leases.check(first)
    assert ports.leases.acquire("feed", "b", MINUTE, NOON + 5 * MINUTE) is None


def test_check_passes_while_nobody_else_came(ports: Ports) -> None:
    """A lease that has run out is no less good than before, until a later token is given out."""
    lease = _held(ports.leases, "a")
    ports.leases.check(lease)
    ports.leases.release(lease)
    ports.leases.check(lease)


def test_release_frees_the_name_at_once(ports: Ports) -> None:
    """The next holder gets a greater token, though the time had not come."""
    lease = _held(ports.leases, "a")
    ports.leases.release(lease)
    assert _held(ports.leases, "b").token > lease.token
    with pytest.raises(FencedOff):
        ports.leases.check(lease)


def test_release_of_a_lease_that_has_passed_on_does_nothing(ports: Ports) -> None:
    """The new holder keeps it."""
    old = _held(ports.leases, "a")
    new = _held(ports.leases, "b", minute=1)
    ports.leases.release(old)
    ports.leases.check(new)
    assert ports.leases.acquire("feed", "c", MINUTE, NOON + MINUTE) is None


def test_tokens_grow_over_any_number_of_holders(store: Store) -> None:
    """Also over releases and processes."""
    tokens = []
    for number in range(6):
        leases = store.reopen().leases
        lease = _held(leases, f"holder {number}", minute=2 * number)
        tokens.append(lease.token)
        if number % 2:
            leases.release(lease)
    assert tokens == sorted(set(tokens))
