"""Fixtures of the contract test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.contract.stores import STORES, Ports, Store


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    with STORES[request.param](tmp_path) as store:
        yield store


@pytest.fixture
def ports(store: Store) -> Ports:
    """The adapters of an empty store of each kind."""
    return store.ports
