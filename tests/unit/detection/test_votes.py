"""Tallies as they are written, and what only looks like one."""

import pytest

from pipelines.detection.english.votes import tally
from schemas.mention import Vote


@pytest.mark.parametrize(
    ("sentence", "vote"),
    [
        ("Parliament on 3 June 2024 approved the pact by 88 votes of 120 cast.", Vote(88, None, None, 120)),
        ("Of the deputies, 88 out of 120 voted for the pact.", Vote(88, None, None, 120)),
        ("The chamber voted 1,204 to 17, with 9 abstaining, for the pact.", Vote(1204, 17, 9, None)),
        ("The chamber voted on 3 June 2024 and approved the pact.", None),
        ("Members who in 1998 voted against the pact were absent.", None),
    ],
)
def test_a_tally(sentence: str, vote: Vote | None) -> None:
    """A year is never a number of votes."""
    found = tally(sentence, 0, len(sentence))
    assert (found.vote if found else None) == vote
