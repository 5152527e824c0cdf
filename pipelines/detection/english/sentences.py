"""Sentences of an article, as offsets."""

import re

from schemas.mention import Span

_STOP = re.compile(r"[.!?]{1,4}[\"'”’)\]]*(?=\s)")
_NEXT = re.compile(r"\s+[\"'“‘(\[\-–—•]*\s*(.)", re.DOTALL)

_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr prof gen col lt sgt capt maj sen rep gov st jr sr no nos vs etc inc ltd corp co bros art arts "
        "para jan feb mar apr jun jul aug sep sept oct nov dec approx dept fig hon messrs mt rev vol dlrs pct u.s "
        "u.n u.k e.u d.c i.e e.g a.m p.m"
    ).split()
)
_MAY_END = frozenset("u.s u.n u.k e.u d.c a.m p.m inc ltd corp co etc jr sr dlrs pct".split())
_LAST_WORD = re.compile(r"[\w.]+$")
_WRAPPED = 50
"""A line at least this long that ends within a sentence, before one that begins in lower case, was wrapped."""


def sentences(text: str) -> list[Span]:
    """The sentences of `text` in order, without the white space around them.

    A line break ends a sentence, except inside a text whose lines are wrapped.
    """
    found: list[Span] = []
    for start, end in _lines(text):
        begin = start
        for stop in _STOP.finditer(text, start, end):
            if _ends(text, stop.start(), stop.end(), end):
                found.append(_stripped(text, begin, stop.end()))
                begin = stop.end()
        found.append(_stripped(text, begin, end))
    return [span for span in found if span.end > span.start]


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _lines(text: str) -> list[Span]:
    """Runs of text that no sentence crosses."""
    lines: list[Span] = []
    begin = position = 0
    for line in text.split("\n"):
        end = position + len(line)
        following = text[end + 1 : end + 2]
        if not (len(line) >= _WRAPPED and following.islower()):
            lines.append(Span(begin, end))
            begin = end + 1
        position = end + 1
    if begin < len(text):
        lines.append(Span(begin, len(text)))
    return lines


def _ends(text: str, stop: int, after: int, limit: int) -> bool:
    """Whether the full stop at `stop` ends a sentence."""
    following = _NEXT.match(text, after, limit)
    if following is None:
        return after >= limit or not text[after:limit].strip()
    initial = following.group(1)
    if initial.islower():
        return False
    if text[stop] != ".":
        return True
    word = _LAST_WORD.search(text, max(0, stop - 20), stop)
    if word is None:
        return True
    last = word.group().lower().strip(".")
    if len(last) == 1 and last.isalpha() and last != "i":
        return False
    if last in _ABBREVIATIONS:
        return last in _MAY_END and initial.isupper() and not _continues(text, following.start(1), limit)
    return True


_NAME_AFTER = re.compile(
    r"(?:President|Secretary|Senate|House|Congress|Ambassador|Trade|State|Treasury|Department|Security|General|Supreme|Vice|Special|Defen[cs]e|"
    r"Commerce|Representative|Officials?|Dollars?|Dlrs|Competition|Court|Army|Navy|Air|Embassy|Attorney|Federal|Government|Envoy|Agriculture)\b"
)


def _continues(text: str, start: int, limit: int) -> bool:
    """Whether what follows an abbreviation such as "U.S." goes on with it."""
    return _NAME_AFTER.match(text, start, limit) is not None
