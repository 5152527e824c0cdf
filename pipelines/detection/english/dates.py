"""Dates in a sentence, each with the EDTF that it stands for."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection import edtf
from pipelines.detection.edtf import Towards

_MONTH_NAMES = ("January February March April May June July August September October November December").split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS: Mapping[str, int] = MappingProxyType({name[:3].lower(): number for number, name in enumerate(_MONTH_NAMES, 1)})
_DAYS: Mapping[str, int] = MappingProxyType({name[:3].lower(): number for number, name in enumerate(_WEEKDAYS)})
_NUMBERS: Mapping[str, int] = MappingProxyType(
    {
        word: number
        for number, words in enumerate(
            [
                "zero",
                "a an one",
                "two couple",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
                "thirteen",
                "fourteen",
                "fifteen",
            ]
        )
        for word in words.split()
    }
    | {"eighteen": 18, "twenty": 20, "thirty": 30}
)

_MONTH = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[6-9]|20|21)\d\d)"
_COUNT = (
    r"(?P<count>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|eighteen|"
    r"twenty|thirty|(?:a )?couple of)"
)


class When(NamedTuple):
    """A date expression."""

    start: int
    """Offset into the article."""
    end: int
    resolve: Callable[[date, Towards], str | None]
    """EDTF, given the publication date and the direction in which an incomplete date lies."""
    exact: bool
    """Whether it names its year, so that it needs no publication date."""


def _number(word: str) -> int:
    lowered = word.lower()
    if lowered.endswith("of"):
        return 2
    return int(lowered) if lowered.isdigit() else _NUMBERS.get(lowered, 1)


def _shift(word: str) -> int:
    """-1, 0 or 1 for last, this and next."""
    lowered = word.lower()
    if lowered in ("last", "past", "previous"):
        return -1
    return 1 if lowered in ("next", "coming", "following") else 0


def _always(edtf_date: str | None) -> Callable[[date, Towards], str | None]:
    """A date that needs no publication date."""
    return lambda *_: edtf_date


def _day_month_year(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    moment = edtf.whole_day(int(found["year"]), _MONTHS[found["month"][:3].lower()], int(found["day"]))
    text = edtf.day(moment) if moment else None
    return _always(text)


def _numeric(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    moment = edtf.whole_day(int(found["year"]), int(found["number"]), int(found["day"]))
    text = edtf.day(moment) if moment else None
    return _always(text)


def _month_year(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    text = edtf.month(int(found["year"]), _MONTHS[found["month"][:3].lower()])
    return _always(text)


def _day_month(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    number, day = _MONTHS[found["month"][:3].lower()], int(found["day"])
    relative = found["rel"]

    def resolve(published: date, towards: Towards) -> str | None:
        year = published.year + _shift(relative) if relative else edtf.nearest_year(published, number, day, towards)
        moment = edtf.whole_day(year, number, day)
        return edtf.day(moment) if moment else None

    return resolve


def _month_alone(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    number = _MONTHS[found["month"][:3].lower()]
    which, relative = found["which"], found["rel"]

    def resolve(published: date, towards: Towards) -> str | None:
        if relative:
            return edtf.month(published.year + _shift(relative), number)
        if which and which.lower() in ("last", "past"):
            towards = Towards.PAST
            if number == published.month:
                return edtf.month(published.year - 1, number)
        elif which and which.lower() in ("next", "coming"):
            towards = Towards.FUTURE
        return edtf.month(edtf.nearest_year(published, number, 0, towards), number)

    return resolve


def _weekday(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    number = _DAYS[found["weekday"][:3].lower()]
    which = (found["which"] or "").lower()

    def resolve(published: date, towards: Towards) -> str | None:
        if which in ("last", "past"):
            moment = edtf.weekday(published, number, Towards.PAST, strictly=True)
        elif which in ("next", "coming"):
            moment = edtf.weekday(published, number, Towards.FUTURE, strictly=True)
        else:
            moment = edtf.weekday(published, number, towards)
        return edtf.day(moment) if moment else None

    return resolve


def _near_day(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    word = found.group().lower()
    days = -1 if "yesterday" in word or "last" in word else 1 if "tomorrow" in word else 0
    days = -2 if "before" in word else 2 if "after" in word else days

    def resolve(published: date, _: Towards) -> str | None:
        moment = edtf.shifted_days(published, days)
        return edtf.day(moment) if moment else None

    return resolve


def _relative_unit(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    shift, unit = _shift(found["which"]), found["unit"].lower()

    def resolve(published: date, towards: Towards) -> str | None:
        if unit == "year":
            return edtf.year(published.year + shift)
        if unit == "month":
            return edtf.month(published.year, published.month + shift)
        if unit == "weekend":
            days = edtf.week(published, min(shift, 0) if towards is Towards.PAST and shift else max(shift, 0))
            return (
                edtf.interval(edtf.day(edtf.shifted_days(days[1], -1) or days[1]), edtf.day(days[1])) if days else None
            )
        if unit in ("spring", "summer", "autumn", "fall", "winter"):
            year = published.year + (shift or 0)
            return edtf.year(year)
        days = edtf.week(published, shift)
        if days is None:
            return None
        if shift > 0:
            return edtf.interval(edtf.day(days[0]), edtf.day(days[1]))
        return edtf.month(days[0].year, days[0].month)

    return resolve


def _ago(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    return _distance(_number(found["count"]), found["unit"].lower(), -1)


def _ahead(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    return _distance(_number(found["count"]), found["unit"].lower(), 1)


def _distance(count: int, unit: str, sign: int) -> Callable[[date, Towards], str | None]:
    def resolve(published: date, towards: Towards) -> str | None:
        if sign > 0 and towards is Towards.PAST:
            return None
        if unit.startswith("year"):
            return edtf.year(published.year + sign * count)
        if unit.startswith("month"):
            return edtf.month(published.year, published.month + sign * count)
        if unit.startswith("decade"):
            return None
        moment = edtf.shifted_days(published, sign * count * (7 if unit.startswith("week") else 1))
        if moment is None:
            return None
        return edtf.month(moment.year, moment.month) if unit.startswith("week") else edtf.day(moment)

    return resolve


def _half(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    first = found["half"].lower() == "first"

    def resolve(published: date, _: Towards) -> str | None:
        year = _year_of(found, published)
        return edtf.interval(edtf.month(year, 1 if first else 7), edtf.month(year, 6 if first else 12))

    return resolve


def _quarter(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    number = {"first": 0, "second": 1, "third": 2, "fourth": 3, "final": 3, "last": 3}[found["quarter"].lower()]

    def resolve(published: date, _: Towards) -> str | None:
        year = _year_of(found, published)
        return edtf.interval(edtf.month(year, 3 * number + 1), edtf.month(year, 3 * number + 3))

    return resolve


def _year_of(found: re.Match[str], published: date) -> int:
    if found["year"]:
        return int(found["year"])
    return published.year + (_shift(found["rel"]) if found["rel"] else 0)


def _end_of(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    bounded = (found["by"] or "").lower() in ("by", "before", "until", "till")
    unit = found["unit"].lower()

    def resolve(published: date, _: Towards) -> str | None:
        if unit == "month":
            return edtf.month(published.year, published.month + _shift(found["which"] or ""))
        year = published.year + _shift(found["which"] or "")
        return edtf.year(year) if bounded else edtf.month(year, 12)

    return resolve


def _plain_year(found: re.Match[str]) -> Callable[[date, Towards], str | None]:
    text = edtf.year(int(found["year"]))
    return _always(text)


_NEAR_YEAR = r"(?:(?:,| of| in)? (?P<rel>last|next|this|following|current) year)?"
_OF_YEAR = rf"of (?:{_YEAR}|(?:the|(?P<rel>this|next|last)) year)"
_WHICH = r"(?i:(?P<which>last|next|this|past|coming) )?"
_GOES_ON = ("and but after when by in to with for at as or until following over under between because").split()
"""Words that may follow a year; another lower-case or capitalised word makes it part of a name ("2008 war")."""

_Reader = Callable[[re.Match[str]], Callable[[date, Towards], str | None]]


class _Form(NamedTuple):
    """One way to write a date."""

    pattern: re.Pattern[str]
    read: _Reader
    exact: bool
    needs: re.Pattern[str]
    """What a sentence has where the form may occur in it: cheaper to look for."""


_DIGIT = re.compile(r"\d")
_A_MONTH = re.compile(r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec")
_A_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_A_UNIT = re.compile(r"day|week|month|year|spring|summer|autumn|fall|winter|decade|half|quarter", re.IGNORECASE)
_A_NEAR_DAY = re.compile(r"today|tonight|yesterday|tomorrow|morning|afternoon|evening|night", re.IGNORECASE)


def _form(read: _Reader, exact: bool, needs: re.Pattern[str], *parts: str) -> _Form:
    """A form from the parts of its pattern, in which a blank stands for any white space."""
    pattern = "".join(parts).replace(" ?", r"\s*").replace(" ", r"\s+")
    return _Form(re.compile(pattern), read, exact, needs)


_FORMS: tuple[_Form, ...] = (
    _form(_numeric, True, _DIGIT, rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    _form(_numeric, True, _DIGIT, rf"\b(?P<day>\d\d?)[./](?P<number>\d\d?)[./]{_YEAR}\b"),
    _form(_day_month_year, True, _A_MONTH, rf"\b{_MONTH} {_DAY},? ?{_YEAR}\b"),
    _form(_day_month_year, True, _A_MONTH, rf"\b{_DAY}(?: of)? {_MONTH},? ?{_YEAR}\b"),
    _form(_half, False, _A_UNIT, rf"\b(?i:(?P<half>first|second) half {_OF_YEAR})\b"),
    _form(
        _quarter,
        False,
        _A_UNIT,
        rf"\b(?i:(?P<quarter>first|second|third|fourth|final|last) quarter(?: {_OF_YEAR})?)(?<=[r\d])\b",
    ),
    _form(
        _end_of,
        False,
        _A_UNIT,
        r"\b(?i:(?:(?P<by>by|before|until|till|at) )?the end of (?:the )?",
        r"(?:(?P<which>this|next|last|current) )?(?P<unit>year|month))\b",
    ),
    _form(_end_of, False, _A_UNIT, r"\b(?i:(?P<by>by|before) (?P<which>the) (?P<unit>year) is out)\b"),
    _form(_month_year, True, _A_MONTH, rf"\b{_MONTH},?(?: of)? {_YEAR}\b"),
    _form(_day_month, False, _A_MONTH, rf"\b{_MONTH} {_DAY}\b(?!,? ?\d)", _NEAR_YEAR),
    _form(_day_month, False, _A_MONTH, rf"\b{_DAY}(?: of)? {_MONTH}\b", _NEAR_YEAR),
    _form(_month_alone, False, _A_MONTH, rf"\b{_WHICH}{_MONTH}(?![-\w])(?! \d)", _NEAR_YEAR),
    _form(
        _weekday,
        False,
        _A_WEEKDAY,
        rf"\b{_WHICH}(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b",
    ),
    _form(
        _near_day,
        False,
        _A_NEAR_DAY,
        r"\b(?i:today|tonight|(?:the day before )?yesterday|(?:the day after )?tomorrow|last night|",
        r"(?:this|in the) (?:morning|afternoon|evening))\b",
    ),
    _form(
        _ago,
        False,
        _A_UNIT,
        rf"\b(?i:{_COUNT} (?P<unit>days?|weeks?|months?|years?|decades?) (?:ago|earlier|before|previously))\b",
    ),
    _form(_ahead, False, _A_UNIT, rf"\b(?i:in {_COUNT} (?P<unit>days?|weeks?|months?|years?)(?:'s? time)?)\b(?! of)"),
    _form(
        _relative_unit,
        False,
        _A_UNIT,
        r"\b(?i:(?P<which>last|past|previous|next|coming|following|this|current) ",
        r"(?P<unit>week|month|year|weekend|spring|summer|autumn|fall|winter))\b",
    ),
    _form(
        _plain_year, True, _DIGIT, rf"(?<![-–—\w]){_YEAR}\b(?![-–—]\w)", rf"(?! (?!(?:{'|'.join(_GOES_ON)}) )[a-zA-Z])"
    ),
)
_MAY = re.compile(
    r"\b(?:in|last|next|this|since|until|by|of|early|late|mid|and|from|to|before|after|for)[\s-]+$", re.IGNORECASE
)
"""What stands before the month, and not before the name or the verb."""
_MAY_HOLD_DATE = re.compile(
    r"\d|day\b|days\b|week|month|year|night|morning|afternoon|evening|tomorrow|spring|summer|autumn|winter|quarter|half|"
    r"Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
)


def dates(text: str, start: int, end: int) -> list[When]:
    """The date expressions of ``text[start:end]``, in order, never overlapping."""
    if _MAY_HOLD_DATE.search(text, start, end) is None:
        return []
    found: list[When] = []
    held: dict[re.Pattern[str], bool] = {}
    for form in _FORMS:
        if form.needs not in held:
            held[form.needs] = form.needs.search(text, start, end) is not None
        if not held[form.needs]:
            continue
        for match in form.pattern.finditer(text, start, end):
            if match.group() == "May" and _MAY.search(text, max(start, match.start() - 12), match.start()) is None:
                continue
            if not any(match.start() < other.end and other.start < match.end() for other in found):
                found.append(When(match.start(), match.end(), form.read(match), form.exact))
    found.sort(key=lambda when: when.start)
    return found
