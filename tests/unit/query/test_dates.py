"""Dates as ranges of days and of instants."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from schemas.query.dates import DAY, INSTANT, days, instant, last_before, next_after, span

NOW = datetime(2025, 6, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2025-05-21", ("2025-05-21", "2025-05-21")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2025", ("2025-01-01", "2025-12-31")),
        ("2024/2025-03", ("2024-01-01", "2025-03-31")),
        ("0001", ("0001-01-01", "0001-12-31")),
        ("2025-02-30", None),
        ("2025-13", None),
        ("2025-00", None),
        ("0000", None),
        ("2026/2025", None),
        ("2025/", None),
        ("2025-5-1", None),
        ("٢٠٢٥", None),
        ("", None),
    ],
)
def test_a_date_covers_its_days(edtf: str, expected: tuple[str, str] | None) -> None:
    """First and last day; none where the calendar has no such date."""
    assert days(edtf) == expected


def test_instants_are_utc_and_compare_as_text() -> None:
    """Always the same length, whatever the zone, the fraction or the year."""
    assert instant(datetime(2025, 5, 21, 12, tzinfo=timezone(timedelta(hours=2)))) == "2025-05-21T10:00:00.000000Z"
    assert instant(datetime(2025, 5, 21, 12, 0, 0, 5, tzinfo=UTC).replace(tzinfo=None)) == "2025-05-21T12:00:00.000005Z"
    assert instant(datetime(33, 1, 1, tzinfo=UTC)) == "0033-01-01T00:00:00.000000Z"


@pytest.mark.parametrize(
    ("text", "precision", "expected"),
    [
        ("2025-05", INSTANT, ("2025-05-01T00:00:00.000000Z", "2025-05-31T23:59:59.999999Z")),
        ("2025-05-21T10:20Z", INSTANT, ("2025-05-21T10:20:00.000000Z",) * 2),
        ("2025-05-21t10:20:30.5+02:00", INSTANT, ("2025-05-21T08:20:30.500000Z",) * 2),
        ("2025-05-21T10:20", DAY, None),
        ("2025-05-21T25:00", INSTANT, None),
        ("0001-01-01T00:00+02:00", INSTANT, None),
        ("now", DAY, ("2025-06-01", "2025-06-01")),
        ("NOW-30d", DAY, ("2025-05-02", "2025-05-02")),
        ("now-2h", INSTANT, ("2025-06-01T10:00:00.000000Z",) * 2),
        ("now+1w", DAY, ("2025-06-08", "2025-06-08")),
        ("now-999999w", DAY, ("0001-01-01", "0001-01-01")),
        ("now+999999w", DAY, ("9999-12-31", "9999-12-31")),
        ("now-30m", DAY, None),
    ],
)
def test_a_date_in_a_query_covers_a_range(text: str, precision: str, expected: tuple[str, str] | None) -> None:
    """Calendar dates, moments where they count, and dates relative to a given moment."""
    assert span(text, precision, NOW) == expected


def test_a_relative_date_needs_a_moment() -> None:
    """Nothing reads the clock."""
    with pytest.raises(LookupError):
        span("now-30d", DAY, None)


def test_the_neighbours_of_days_and_instants() -> None:
    """Over the ends of months, and not beyond the calendar."""
    assert next_after("2024-02-29") == "2024-03-01"
    assert last_before("2025-01-01") == "2024-12-31"
    assert next_after("2025-12-31T23:59:59.999999Z") == "2026-01-01T00:00:00.000000Z"
    assert last_before("2025-01-01T00:00:00.000000Z") == "2024-12-31T23:59:59.999999Z"
    with pytest.raises(OverflowError):
        next_after("9999-12-31")
    with pytest.raises(OverflowError):
        last_before("0001-01-01T00:00:00.000000Z")
