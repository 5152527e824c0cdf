"""What a person wrote for a field, as a leaf of the tree."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from schemas.query.analysis import LONGEST, prefix_token, tokens, unspaced, words
from schemas.query.dates import DAY, FORMS, INSTANT, RELATIVE_FORMS, last_before, next_after, span
from schemas.query.fields import Field, Kind, fold_identifier
from schemas.query.stemming import stem
from schemas.query.tree import Exists, Keyword, Query, Range, Words

CODE = re.compile(r"[A-Z][A-Z0-9_]{1,15}")
LANGUAGE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*")
NUMBER = re.compile(r"(\d{1,30}(\.\d{0,30})?|\.\d{1,30})(e-\d{1,3})?", re.ASCII | re.IGNORECASE)
COUNT = re.compile(r"\d{1,9}", re.ASCII)
SHORTEST_PREFIX = 2

Bound = float | str


class UnusableError(Exception):
    """What was written is no value of the field; the message says what would be right."""


class Bounds(Struct, frozen=True):
    """What was written of a range; None is an open end."""

    low: str | None = None
    high: str | None = None
    with_low: bool = True
    with_high: bool = True


def nearest(written: str, known: Sequence[str]) -> str:
    """A question to end an error message with, empty where nothing is near."""
    from difflib import get_close_matches

    near = get_close_matches(written, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def words_leaf(field: Field, written: str, *, prefix: bool = False) -> Query | None:
    """The words next to each other; None where there is no letter or digit in them.

    Raises:
        UnusableError: Too little is written before ``*``.
    """
    if not prefix:
        found = tokens(written)
        return Words(field.name, found) if found else None
    *whole, last = words(written) or [""]
    begun = tuple(stem(word[:LONGEST]) for word in whole)
    if len(last) == 1 and unspaced(last):
        return Words(field.name, (*begun, last))
    if len(last) < SHORTEST_PREFIX:
        raise UnusableError(f"at least {SHORTEST_PREFIX} letters before *")
    return Words(field.name, (*begun, prefix_token(last)), prefix=True)


def value_leaf(field: Field, written: str, *, now: datetime | None, codes: Mapping[str, str] | None) -> Query:
    """The field holds what is written.

    Raises:
        UnusableError: It can not.
    """
    if field.ranged:
        return range_leaf(field, Bounds(written, written), now=now)
    if field.kind is Kind.WORDS:
        leaf = words_leaf(field, written)
        if leaf is None:
            raise UnusableError(f"{field.name} takes {field.about}: at least one letter or digit")
        return leaf
    return Keyword(field.name, _key(field, written, codes))


def exists_leaf(field: Field) -> Query:
    """The field holds anything."""
    return Range(field.name, None, None) if field.ranged else Exists(field.name)


def range_leaf(field: Field, written: Bounds, *, now: datetime | None) -> Range:
    """The field's value lies between.

    Raises:
        UnusableError: An end is no value of the field, or nothing lies between them.
    """
    if not field.ranged:
        raise UnusableError(f"{field.name} takes {field.about}, and no range")
    try:
        low = None if written.low is None else _end(field, written.low, True, written.with_low, now)
        high = None if written.high is None else _end(field, written.high, False, written.with_high, now)
    except OverflowError:
        raise UnusableError("there is no date beyond this one") from None
    # Two ends of one field are both text or both numbers.
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        raise UnusableError("nothing lies between these two: the first must not be after the second")
    return Range(field.name, low, high)


def _key(field: Field, written: str, codes: Mapping[str, str] | None) -> str:
    """The value in the field's own spelling."""
    if field.kind is Kind.CLOSED:
        value = re.sub(r"[\s-]+", "_", written.strip().casefold())
        if value not in field.values:
            near = nearest(value, field.values)
            raise UnusableError(
                f"{field.name} has no value {written!r}{near or '; it takes ' + ', '.join(field.values)}"
            )
        return value
    if field.kind is Kind.CODE:
        return _code(field, written, codes)
    if field.kind is Kind.LANGUAGE:
        value = fold_identifier(written).replace("_", "-")
        if not LANGUAGE.fullmatch(value):
            raise UnusableError(f"{field.name} takes a language tag such as en or pt-br, not {written!r}")
        return value
    value = fold_identifier(written)
    if not value:
        raise UnusableError(f"{field.name} takes {field.about}")
    return value


def _code(field: Field, written: str, codes: Mapping[str, str] | None) -> str:
    """A code, or where `codes` are known the code of a name."""
    value = written.strip().upper()
    if codes is not None:
        if value in codes.values():
            return value
        if (named := codes.get(" ".join(words(written)))) is not None:
            return named
        near = nearest(" ".join(words(written)), list(codes))
        raise UnusableError(f"{field.name} knows no {written!r}{near or '; it takes codes such as IRN or EU'}")
    if not CODE.fullmatch(value):
        raise UnusableError(f"{field.name} takes a code such as IRN or EU, not {written!r}")
    return value


def _end(field: Field, written: str, is_low: bool, included: bool, now: datetime | None) -> Bound:
    """One end of a range, such that it counts itself."""
    if field.kind is Kind.COUNT:
        if not COUNT.fullmatch(written):
            raise UnusableError(f"{field.name} takes whole numbers, not {written!r}")
        return _inside(field, int(written) + (0 if included else 1 if is_low else -1), 0, 999_999_999)
    if field.kind is Kind.NUMBER:
        if not NUMBER.fullmatch(written) or float(written) > 1:
            raise UnusableError(f"{field.name} takes numbers from 0 to 1, not {written!r}")
        number = float(written) if included else math.nextafter(float(written), math.inf if is_low else -math.inf)
        return _inside(field, number, 0, 1)
    try:
        covered = span(written, DAY if field.kind is Kind.DATE else INSTANT, now)
    except LookupError:
        raise UnusableError(f"{written!r} is relative to a moment that is not given here; write {FORMS}") from None
    if covered is None:
        raise UnusableError(f"{field.name} takes {FORMS}, or {RELATIVE_FORMS}; not {written!r}")
    if included:
        return covered[0] if is_low else covered[1]
    return next_after(covered[1]) if is_low else last_before(covered[0])


def _inside(field: Field, end: float, least: float, greatest: float) -> float:
    """The end, which some value of the field may reach."""
    if not least <= end <= greatest:
        raise UnusableError(f"nothing lies there: {field.name} goes from {least} to {greatest}")
    return end
