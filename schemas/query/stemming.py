"""The stem of an English word: what its plural, its past and its -ing form have in common.

Light on purpose: it takes endings off, and knows no derivation (*ratify* and *ratification* stay two words; a prefix
query `ratif*` finds both). Applied to its own result it changes nothing, so that a stem may stand in a query again.
"""

import re
from functools import lru_cache

UNCHANGED = frozenset({"during", "evening", "morning", "news", "nothing", "something", "united"})
"""Words whose ending is none, and which would meet another word without it."""

SHORTEST = 4
"""Words of fewer letters are left alone."""

_VOWEL = re.compile("[aeiouy]")


@lru_cache(maxsize=65_536)
def stem(token: str) -> str:
    """The stem of a folded token; a token that holds anything but the letters a to z comes back as it is."""
    if not (token.isascii() and token.isalpha()):
        return token
    while (shorter := _step(token)) != token:
        token = shorter
    return token


def _step(word: str) -> str:
    """One ending less."""
    if len(word) < SHORTEST or word in UNCHANGED:
        return word
    word = _singular(word)
    word = _without_past(word)
    if len(word) > SHORTEST and word.endswith("e"):
        word = word[:-1]  # terminate, terminat-ed
    if len(word) > SHORTEST and word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]  # cancell-ed, cancel
    if len(word) >= SHORTEST and word.endswith("y") and word[-2] not in "aeiou":
        word = word[:-1] + "i"  # treaty, treati-es
    return word


def _singular(word: str) -> str:
    """Without the -s of plurals and of the third person."""
    if word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > SHORTEST:
        return word[:-3] + "i"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word[:-1]


def _without_past(word: str) -> str:
    """Without -ed and -ing, where a syllable is left."""
    for ending in ("ied", "eed", "ed", "ing"):
        rest = word[: -len(ending)]
        if word.endswith(ending):
            if len(rest) < 2 or not _VOWEL.search(rest):
                return word
            return rest + {"ied": "i", "eed": "ee"}.get(ending, "")
    return word
