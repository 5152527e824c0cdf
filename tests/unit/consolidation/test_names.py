"""The words that name an instrument."""

import pytest

from pipelines.consolidation.names import content_words


@pytest.mark.parametrize("name", ["maritime boundary treaty", "treaty on their sea border", "marine frontier accord"])
def test_headlines_and_texts_name_one_treaty_in_their_own_words(name: str) -> None:
    """What the sea and the border are called does not make another treaty."""
    assert content_words(name) == ("border", "sea")
