"""The contract that every adapter keeps, asked of these."""

from types import ModuleType

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from connectors.elasticsearch import ElasticsearchSettings
from tests.integration.contract import (
    stores,
    test_feeds,
    test_leases,
    test_ledger,
    test_projections,
    test_search,
    test_states,
    test_subscriptions,
)
from tests.integration.contract.test_one_answer import OneAnswer
from tests.integration.elasticsearch.served import served_store

pytestmark = pytest.mark.everyday

SUITE = (test_feeds, test_leases, test_ledger, test_projections, test_search, test_states, test_subscriptions)

searched = test_search.searched


def _named(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2].removeprefix("test_")


for _module in SUITE:
    # The same functions, with the store of this folder's fixtures; their names gain the port's.
    for _name, _test in list(vars(_module).items()):
        if _name.startswith("test_"):
            globals()[f"test_{_named(_module)}_{_name.removeprefix('test_')}"] = _test
del test_feeds, test_leases, test_ledger, test_projections, test_search, test_states, test_subscriptions


def test_elasticsearch_answers_as_memory_does(settings: ElasticsearchSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """After any sequence of writes, reads, conflicts and reopenings."""
    monkeypatch.setitem(stores.STORES, "elasticsearch", lambda _: served_store(settings))
    machine = type("Machine", (OneAnswer,), {"kind": "elasticsearch"})
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
