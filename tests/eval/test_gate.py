"""The detection gate, run with the tests."""

import pytest

from tests.eval.gate import falls, figures, pinned
from tests.eval.scorer import score
from tests.eval.sets import GoldSet, missing_sets, own_sets, predictions, shared_sets


@pytest.mark.parametrize("gold", [*own_sets(), *shared_sets()], ids=lambda gold: gold.name)
def test_every_figure_holds_its_floor(gold: GoldSet) -> None:
    """Every figure holds its floor."""
    found = figures(score(gold.articles, predictions(gold)))
    assert falls(gold.name, found, pinned().get(gold.name, {})) == []


def test_the_own_gold_is_there_and_absent_sets_are_named() -> None:
    """The own gold is there and absent sets are named."""
    assert own_sets()
    print("not scored:", ", ".join(missing_sets()) or "nothing")
