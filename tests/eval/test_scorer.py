"""Our scorer against hand-counted figures, and against the shared one where it is."""

import importlib.util
from types import ModuleType

import pytest

from tests.eval.assignment import assign
from tests.eval.scorer import score
from tests.eval.sets import SHARED, GoldSet, own_sets, predictions, shared_sets

_SIGNED = {"type": "signature", "modality": "occurred", "parties": ["CHL", "PER"], "actors": [], "date": "2025-05-02"}


def test_a_coarser_date_counts_half() -> None:
    """A coarser date counts half."""
    found = score([{"id": "a", "events": [_SIGNED]}], {"a": [{**_SIGNED, "date": "2025-05"}]})
    assert (found.rates["event"].f1, found.rates["date"].hit) == (1.0, 0.5)


def test_a_mention_without_a_shared_code_is_no_hit() -> None:
    """A mention without a shared code is no hit."""
    found = score([{"id": "a", "events": [_SIGNED]}], {"a": [{**_SIGNED, "parties": ["FRA"]}]})
    assert (found.rates["event"].hit, found.rates["type_only"].hit) == (0, 1)


def test_assignment_prefers_the_greater_sum_to_the_greatest_pair() -> None:
    """Assignment prefers the greater sum to the greatest pair."""
    assert assign([[3.0, 2.9], [2.9, 0.0]]) == [(0, 1), (1, 0)]


def _shared_scorer() -> ModuleType:
    path = SHARED / "score.py"
    if not path.is_file():
        pytest.skip("the shared scorer is not there")
    spec = importlib.util.spec_from_file_location("shared_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("gold", [*own_sets(), *shared_sets()], ids=lambda gold: gold.name)
def test_it_agrees_with_the_shared_scorer(gold: GoldSet) -> None:
    """It agrees with the shared scorer."""
    found = predictions(gold)
    theirs = _shared_scorer().score(
        {article["id"]: article for article in gold.articles},
        {key: {"mentions": value} for key, value in found.items()},
    )
    ours = score(gold.articles, found)
    for name in ("article", "event", "type_only", "actor", "actor_with_role", "party", "date", "vote", "body"):
        # of assignments of equal weight the two may choose different ones, which moves what is counted over pairs
        slack = 0.0 if name in ("article", "type_only") else 0.06
        assert ours.rates[name].f1 == pytest.approx(theirs[name]["f1"], abs=slack + 1e-9), name
    for mine, other in (
        ("modality", "modality_accuracy"),
        ("instrument", "instrument_accuracy"),
        ("published_as_date", "published_as_date_accuracy"),
        ("calibration_error", "calibration_error"),
    ):
        assert ours.shares[mine] == pytest.approx(theirs[other], abs=0.06), mine
    gold_by_type = {name: (rate.gold, rate.predicted) for name, rate in ours.per_type.items()}
    assert gold_by_type == {name: (row["gold"], row["predicted"]) for name, row in theirs["per_type"].items()}
