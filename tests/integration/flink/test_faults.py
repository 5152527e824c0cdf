"""The faults of `tests/chaos` in distributed mode, each once and shortly, but for the kills of `test_kills`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import Elasticsearch, Flink
from tests.chaos.faults import FAULTS, Fault
from tests.chaos.short import Short, short

STRUCK = [fault for fault in FAULTS if fault.distributed and not fault.name.startswith(("none", "kill"))]


@pytest.fixture(scope="module")
def faults(elasticsearch: Elasticsearch, flink: Flink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Short]:
    """With a broker of their own."""
    with short(tmp_path_factory.mktemp("faults"), elasticsearch, flink) as faults:
        yield faults


@pytest.mark.timeout(290)
@pytest.mark.parametrize("fault", STRUCK, ids=lambda fault: fault.name)
def test_a_fault_loses_nothing_and_changes_nothing(faults: Short, tmp_path: Path, fault: Fault) -> None:
    """All that is found, told and sent is that of an undisturbed run; webhooks come again only if one was under way."""
    faults.check(tmp_path, fault)
