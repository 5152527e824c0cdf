"""What two EDTF dates have to do with each other. Days are proleptic Gregorian ordinals (`date.toordinal`)."""

from calendar import monthrange
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

TIME_ZONES = 1
"""Days that two reports of one day may differ by, for no other reason than where they were written."""


class Days(NamedTuple):
    """From the first to the last day, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """How many days lie between first and last; the less, the more precise."""
        return self.last - self.first


@lru_cache(maxsize=65536)
def days(edtf: str) -> Days:
    """The days that a date covers. A day or month that does not exist counts as the month or year around it."""
    ends = [_days(part) for part in edtf.split("/")]
    return Days(min(end.first for end in ends), max(end.last for end in ends))


def day(time: datetime) -> int:
    """The day of a time."""
    return time.toordinal()


@lru_cache(maxsize=65536)
def same_time(one: str, other: str) -> bool:
    """Whether two dates can be those of one happening: one contains the other, or both are days and neighbours."""
    a, b = days(one), days(other)
    slack = TIME_ZONES if _by_day(one) and _by_day(other) else 0
    return (a.first - slack <= b.first and b.last <= a.last + slack) or (
        b.first - slack <= a.first and a.last <= b.last + slack
    )


def period(edtf: str, *, monthly: bool) -> str:
    """The year of the date's start, with the month where `monthly` and known."""
    start = edtf.split("/")[0]
    return start[:7] if monthly else start[:4]


def _by_day(edtf: str) -> bool:
    return all(len(part) == 10 for part in edtf.split("/"))


def _days(part: str) -> Days:
    numbers = [int(number) for number in part.split("-")]
    year = min(max(numbers[0], 1), 9999)
    if len(numbers) == 1 or not 1 <= numbers[1] <= 12:
        return Days(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
    month, length = numbers[1], monthrange(year, numbers[1])[1]
    if len(numbers) == 2 or not 1 <= numbers[2] <= length:
        return Days(date(year, month, 1).toordinal(), date(year, month, length).toordinal())
    one = date(year, month, numbers[2]).toordinal()
    return Days(one, one)
