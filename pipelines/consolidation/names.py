"""The words by which an instrument is told from another: its name without what any instrument is called."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
DURATION = re.compile(
    r"\b(?:(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|fifty|a|to)[\s-]+)+"
    r"(?:year|month|week|day|hour)s?(?:[\s-]+(?:long|old))?\b"
)
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
POSSESSIVE = re.compile(r"[’'`]s\b")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SAME_WORD = {
    "armistice": "ceasefire",
    "atomic": "nuclear",
    "aviation": "air",
    "boundary": "border",
    "commerce": "trade",
    "commercial": "trade",
    "cooperative": "cooperation",
    "defense": "defence",
    "fishery": "fishing",
    "frontier": "border",
    "marine": "sea",
    "maritime": "sea",
    "truce": "ceasefire",
}
"""Spellings and synonyms, one each way."""

FUNCTION_WORDS = _words(
    """a against an and as at between by concerning for from in into its of on or our over own regarding relating such
    than that the their this to under upon which with"""
)
PRAISE = _words(
    """ambitious awaited bilateral binding broad called comprehensive controversial current draft earlier existing
    fellow final first formal framework full further general groundbreaking historic important inter intergovernmental
    international key landmark last latest legally long major many multilateral mutual new old ongoing planned possible
    post potential previous principle proposed ranging recent reached separate several signed similar so sweeping term
    trilateral tripartite two three unnamed various wide"""
)
"""Adjectives that praise, date or count an instrument and do not name it."""

KINDS = _words(
    """accord agreement arrangement compact convention deal declaration document instrument memorandum mou package pact
    plan proposal settlement text treaty understanding"""
)
"""What any instrument may be called. A ceasefire, charter, constitution, protocol or statute keeps its word."""

TELLING = _words("amendment annex appendix ceasefire constitution protocol supplementary")
"""Words that make another instrument of the same name: a protocol to a treaty is not the treaty."""

BROAD = _words(
    """accession aid air arm association border cooperation defence development economic energy exchange fishing free
    investment military nuclear partnership peace political science sea security strategic tax trade transit transport
    visa water withdrawal"""
)
"""Fields of treaty making: alone they name a field, not an instrument."""


@lru_cache(maxsize=4096)
def content_words(name: str) -> tuple[str, ...]:
    """The words that tell an instrument from others between the same sides: folded, in the singular, sorted, each once.

    Articles, durations, years, praise and the word for its kind are left out, so that "20-year strategic partnership
    treaty" and "comprehensive strategic partnership treaty" have the same. May be empty ("the agreement").
    """
    folded = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    folded = POSSESSIVE.sub("", folded).replace(".", "")
    folded = re.sub(r"\b(cease|co)[\s-]+(?=fire\b|operat)", r"\1", folded)
    folded = YEAR.sub(" ", DURATION.sub(" ", folded))
    words = (_singular(word) for word in WORD.findall(folded))
    return tuple(sorted({SAME_WORD.get(word, word) for word in words if _tells(word)}))


def claim_words(claim: str | None) -> frozenset[str]:
    """The content words of what is alleged; empty where nothing is."""
    return frozenset(content_words(claim)) if claim else frozenset()


def identifies(words: tuple[str, ...]) -> bool:
    """Whether these words name an instrument even where no side is known."""
    return any(word not in BROAD and word not in TELLING for word in words)


def one_instrument(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names between the same parties are taken for names of one instrument.

    One name holds all the words of the other, and these are two or more, or one that is no mere field; and what it has
    besides is neither a number nor a word such as "protocol".
    """
    small, large = sorted((frozenset(one), frozenset(other)), key=len)
    if not small or not small <= large:
        return False
    besides = large - small
    if any(word in TELLING or word.isdigit() for word in besides):
        return False
    return not besides or len(small) > 1 or not small <= BROAD | TELLING


def _tells(word: str) -> bool:
    if word in FUNCTION_WORDS or word in PRAISE or word in KINDS:
        return False
    return len(word) <= 2 if word.isdigit() else len(word) > 1


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
