"""EDTF dates (level 0, with intervals) computed from a publication date; knows no language."""

import calendar
from datetime import date, timedelta
from enum import Enum


class Towards(Enum):
    """Which way from the publication an incomplete date lies."""

    PAST = -1
    FUTURE = 1


def year(number: int) -> str:
    """``2025``."""
    return f"{number:04d}"


def month(year_number: int, number: int) -> str:
    """``2025-05``; months outside 1 to 12 count on into other years."""
    shifted = year_number * 12 + number - 1
    return f"{shifted // 12:04d}-{shifted % 12 + 1:02d}"


def day(moment: date) -> str:
    """``2025-05-21``."""
    return moment.isoformat()


def interval(first: str, last: str) -> str:
    """``first/last``."""
    return f"{first}/{last}"


def whole_day(year_number: int, month_number: int, day_number: int) -> date | None:
    """The calendar day, or None where there is none such."""
    if not (1 <= month_number <= 12 and 1 <= year_number <= 9999):
        return None
    if not 1 <= day_number <= calendar.monthrange(year_number, month_number)[1]:
        return None
    return date(year_number, month_number, day_number)


def shifted_days(moment: date, days: int) -> date | None:
    """The day so many days later, or None beyond the calendar."""
    try:
        return moment + timedelta(days=days)
    except OverflowError:
        return None


def weekday(published: date, number: int, towards: Towards, *, strictly: bool = False) -> date | None:
    """The nearest such weekday (Monday is 0) before or after; the publication's own day counts unless `strictly`."""
    if towards is Towards.PAST:
        back = (published.weekday() - number) % 7
        return shifted_days(published, -(back or (7 if strictly else 0)))
    ahead = (number - published.weekday()) % 7
    return shifted_days(published, ahead or (7 if strictly else 0))


def nearest_year(published: date, month_number: int, day_number: int, towards: Towards) -> int:
    """The year in which a month (and day, or 0) without a year lies."""
    here = (published.month, published.day if day_number else 0)
    there = (month_number, day_number)
    if towards is Towards.PAST:
        return published.year if there <= here else published.year - 1
    return published.year if there >= here else published.year + 1


def week(published: date, offset: int) -> tuple[date, date] | None:
    """Monday and Sunday of the week so many weeks from the publication's."""
    monday = shifted_days(published, -published.weekday() + 7 * offset)
    sunday = shifted_days(monday, 6) if monday else None
    return (monday, sunday) if monday and sunday else None
