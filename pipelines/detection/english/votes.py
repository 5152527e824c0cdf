"""Tallies in a sentence."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from schemas.mention import Vote

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
_NUMBERS: Mapping[str, int] = MappingProxyType(
    {word: number for number, word in enumerate(_WORDS)} | {"none": 0, "no": 0, "nobody": 0}
)
_N = (
    r"(\d{1,3}(?:,\d{3})+|(?!(?:19|20)\d\d\b)\d{1,4}|"  # "on 21 May 2025 approved" is a year
    + "|".join((*_WORDS, "none"))
    + r")(?!\d|[.,]\d|\s*(?:%|per\s?cent|pct|million|billion|"
    + r"January|February|March|April|May|June|July|August|Sept|Oct|Nov|Dec))"
)
_PEOPLE = (
    r"(?:\w+ ){0,2}?(?:lawmakers|deputies|members|mps|senators|legislators|parliamentarians|delegates|representatives|"
    r"votes|states|countries)"
)
_TO = r"(?: ?[-–—] ?| to | against )"
_ACTS = r"(?:approv|ratif|back|pass|reject|endors|adopt|clear|threw|defeat)\w*"
_FOR = r"(?:in (?:favou?r|support)|for(?: it| the \w+)?|yes|ayes|yeas|approv\w+)"
_AGAINST = r"(?:against|opposed|no|noes|nays|opposing)"


class Tally(NamedTuple):
    """A tally in the text."""

    start: int
    end: int
    vote: Vote
    ordered: bool
    """Whether it is "so many to so many", the winning side first, with nothing said of which side that is."""


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern in which a blank stands for any white space, and a blank with "?" for white space or none."""
    return re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)


_MAY_HOLD_VOTE = re.compile(
    r"vot|abst|favou?r|ayes|noes|against|ballot|margin|lawmakers|deputies|senators|members|\d\s?[-–—]\s?\d",
    re.IGNORECASE,
)
_OF = _compiled(rf"\b{_N} (?:votes )?(?:out )?of (?:the |its |all )?{_N}(?:-\w+)?\b")
_OF_CONTEXT = re.compile(r"vot|lawmakers|deputies|senators|members|favou?r|ballot|MPs", re.IGNORECASE)
_AGAINST_EACH_OTHER = (
    _compiled(
        rf"\b(?:vot\w+|margin|ballots?|tally|majority)(?: [a-z]+){{0,4}}?(?: of| by|,| to \w+)? ?"
        rf"\(?{_N}(?: votes?)?{_TO}{_N}\b"
    ),
    _compiled(rf"\b{_N}{_TO}{_N}(?:[- ](?:vote|majority|margin|ballot|tally)|,? with {_N} abst\w+|,? in favou?r)"),
    _compiled(rf"\b{_N} (?:votes?|{_PEOPLE}) (?:to|against) {_N}\b"),
    _compiled(
        rf"\b{_ACTS}(?:[^.;\d]{{0,120}}?) (?:by )?\(?{_N}(?: ?[-–—] ?| to ){_N}\b(?!-(?:year|month|day|point|strong))"
    ),
)
"""For and against, the winning side first; a tally is looked for in this order."""
_IN_FAVOUR = (
    _compiled(rf"\b{_N} of them (?:in )?{_FOR}\b"),
    _compiled(rf"\b{_N} (?:{_PEOPLE} )?(?:vot\w+ |cast \w+ |stood |were |came out )?(?:in )?{_FOR}\b"),
    _compiled(rf"\b{_N} votes? {_FOR}"),
)
_OPPOSED = (_compiled(rf"\b{_N} (?:{_PEOPLE} )?(?:vot\w+ |were |stood |for (?:the )?)?{_AGAINST}\b"),)
_ABSTAINED = (
    _compiled(rf"\b{_N} (?:{_PEOPLE} |others? )?(?:abst\w+)"),
    _compiled(rf"\b{_N},(?: [\w-]+){{1,8}}, abstained"),
    _compiled(rf"abst\w+ (?:by |from )?{_N}\b"),
)


def _number(word: str) -> int:
    lowered = word.lower().replace(",", "")
    return int(lowered) if lowered.isdigit() else _NUMBERS[lowered]


def tally(text: str, start: int, end: int) -> Tally | None:
    """The tally that ``text[start:end]`` gives, as far as it gives one."""
    if _MAY_HOLD_VOTE.search(text, start, end) is None:
        return None
    votes_for = against = abstain = total = None
    first, last = end, start
    ordered = False

    def note(match: re.Match[str]) -> None:
        nonlocal first, last
        first, last = min(first, match.start()), max(last, match.end())

    for match in _OF.finditer(text, start, end):
        if _OF_CONTEXT.search(text, max(start, match.start() - 60), min(end, match.end() + 60)):
            votes_for, total = _number(match[1]), _number(match[2])
            note(match)
            break
    if votes_for is None:
        for pattern in _AGAINST_EACH_OTHER:
            if (found := pattern.search(text, start, end)) is not None:
                votes_for, against, ordered = _number(found[1]), _number(found[2]), True
                note(found)
                break
    if votes_for is None and (found := _first(_IN_FAVOUR, text, start, end)) is not None:
        votes_for = _number(found[1])
        note(found)
    if against is None and (found := _first(_OPPOSED, text, start, end)) is not None:
        against = _number(found[1])
        note(found)
    if (found := _first(_ABSTAINED, text, start, end)) is not None:
        abstain = _number(found[1])
        note(found)
    if votes_for is None and against is None:
        return None
    return Tally(first, last, Vote(votes_for, against, abstain, total), ordered)


def _first(patterns: tuple[re.Pattern[str], ...], text: str, start: int, end: int) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.search(text, start, end)) is not None), None)
