"""Dates of events and of queries as ranges whose ends compare as text.

A day is ``2025-05-21``, an instant ``2025-05-21T10:20:00.000000Z``. A clock is an argument.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

DAY, INSTANT = "day", "instant"

_PART = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d(:\d\d(:\d\d(\.\d{1,6})?)?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII)
_RELATIVE = re.compile(r"now(?:([+-])(\d{1,6})([hdw]))?", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}

FORMS = "a day (2025-05-21), month (2025-05), year (2025) or interval (2025-05/2025-08)"
RELATIVE_FORMS = "now, or now-30d (h hours, d days, w weeks)"


def days(edtf: str) -> tuple[str, str] | None:
    """The first and the last day of a day, month, year, or interval of two; None where there is no such date."""
    first, slash, last = edtf.partition("/")
    start, end = _period(first), _period(last if slash else first)
    if start is None or end is None or start[0] > end[1]:
        return None
    return start[0], end[1]


def instant(moment: datetime) -> str:
    """A moment in UTC, always 27 characters, so that earlier is less; one without a zone is UTC."""
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def span(text: str, precision: str, now: datetime | None) -> tuple[str, str] | None:
    """The first and the last day (or instant) that a date in a query covers; None where it is no date.

    Raises:
        LookupError: It is relative, and there is no `now`.
    """
    if (relative := _RELATIVE.fullmatch(text.lower())) is not None:
        if now is None:
            raise LookupError(text)
        return _at(_moved(now, relative), precision)
    if precision == INSTANT and _MOMENT.fullmatch(text):
        try:
            return _at(datetime.fromisoformat(text.upper()), precision)
        except (ValueError, OverflowError):
            return None
    covered = days(text)
    if covered is None or precision == DAY:
        return covered
    return f"{covered[0]}T00:00:00.000000Z", f"{covered[1]}T23:59:59.999999Z"


def next_after(end: str) -> str:
    """The day after a day, the microsecond after an instant.

    Raises:
        OverflowError: There is none before the year 10000.
    """
    if "T" in end:
        return instant(datetime.fromisoformat(end) + timedelta(microseconds=1))
    return (date.fromisoformat(end) + timedelta(days=1)).isoformat()


def last_before(start: str) -> str:
    """The day before a day, the microsecond before an instant.

    Raises:
        OverflowError: There is none after the year 0.
    """
    if "T" in start:
        return instant(datetime.fromisoformat(start) - timedelta(microseconds=1))
    return (date.fromisoformat(start) - timedelta(days=1)).isoformat()


def _period(text: str) -> tuple[str, str] | None:
    """First and last day of one day, month or year of the calendar."""
    match = _PART.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    if year == "0000" or (month and not "01" <= month <= "12"):
        return None
    if day:
        return (text, text) if 1 <= int(day) <= monthrange(int(year), int(month))[1] else None
    if month:
        return f"{text}-01", f"{text}-{monthrange(int(year), int(month))[1]}"
    return f"{year}-01-01", f"{year}-12-31"


def _moved(now: datetime, relative: re.Match[str]) -> datetime:
    sign, amount, unit = relative.groups()
    if sign is None:
        return now
    try:
        return now + _UNITS[unit] * int(amount) * (1 if sign == "+" else -1)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if sign == "+" else datetime.min.replace(tzinfo=UTC)


def _at(moment: datetime, precision: str) -> tuple[str, str]:
    text = instant(moment)
    return (text[:10], text[:10]) if precision == DAY else (text, text)
