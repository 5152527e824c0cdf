"""Tokens of a sentence: words with offsets into the article."""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?\b|\d+"
    r"|['’]s\b"
    r"|[Cc]ease-[Ff]ires?\b|CEASE-FIRES?\b"
    r"|[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)?"
    r"|[^\s\w]|_"
)

_FOLD = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "‐": "-",
        "‑": "-",
        "−": "-",
    }
)


class Token(NamedTuple):
    """One word, number or sign."""

    word: str
    """As written."""
    norm: str
    """Lower case, with straight quotes and plain hyphens."""
    start: int
    end: int


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """The tokens of ``text[start:end]``, in order, with offsets into `text`."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        tokens.append(Token(word, _norm(word), match.start(), match.end()))
    return tokens


def _norm(word: str) -> str:
    lowered = word.lower()
    if not lowered.isascii():
        return lowered.translate(_FOLD)
    return lowered.replace("cease-fire", "ceasefire") if "-" in lowered else lowered
