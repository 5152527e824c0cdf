"""What two EDTF dates have to do with each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.consolidation.dates import days, period, same_time
from schemas.mention import EDTF_DATE

EDTF = st.from_regex(rf"\A{EDTF_DATE}(/{EDTF_DATE})?\Z")


@given(EDTF)
def test_any_date_of_the_schema_covers_some_days(date: str) -> None:
    """Also the 0th month, the 99th day, the year 0 and intervals that end before they begin."""
    covered = days(date)
    assert 1 <= covered.first <= covered.last
    assert same_time(date, date)


@given(EDTF, EDTF)
def test_being_of_one_time_is_mutual(one: str, other: str) -> None:
    """Whichever comes first."""
    assert same_time(one, other) is same_time(other, one)


@pytest.mark.parametrize(
    ("date", "length"),
    [("2025-05-21", 0), ("2024-02", 28), ("2025-13", 364), ("2025-02-30", 27), ("2024/2025", 730), ("2025/2024", 730)],
)
def test_a_date_is_as_precise_as_it_is_short(date: str, length: int) -> None:
    """Days between the first and the last that it covers."""
    assert days(date).length == length


def test_a_period_is_the_year_or_month_in_which_a_date_begins() -> None:
    """The year, where the month is not told."""
    assert [period(date, monthly=True) for date in ("2025-05-21/2025-06-01", "2025-05", "2025")] == [
        "2025-05",
        "2025-05",
        "2025",
    ]
    assert period("2025-05-21", monthly=False) == "2025"
