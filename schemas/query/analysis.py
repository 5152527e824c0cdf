"""The one text analysis: every index and every query goes through it, so that all see the same tokens.

Fold (NFKD, marks off, case folded, decimal digits as ASCII; independent of the locale), split, cut, stem. A token is a
run of letters and digits. In scripts that are written without spaces (Chinese, Japanese, Thai …, and Korean, whose
particles cling to the word) each letter is a token of its own, and a query's letters are looked for next to each other.

An index holds `stored` tokens: ASCII letters and digits only, so that FTS5's unicode61, Elasticsearch's standard and
whitespace analyzers split and fold them alike, whichever version of Unicode each of them knows.
"""

import re
import unicodedata
from bisect import bisect_right

from schemas.query.stemming import stem

LONGEST = 40
"""Code points of a token; the rest of a longer one is cut off."""

SEPARATOR = "x"
"""Parts two texts in one index column; no stored token equals it, so no phrase goes across."""

UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x109F),  # Tibetan, Myanmar
    (0x1100, 0x11FF),  # Hangul Jamo
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x2E80, 0x2FDF),  # CJK and Kangxi radicals
    (0x3005, 0x3007),
    (0x3021, 0x303C),
    (0x3040, 0x31FF),  # Hiragana, Katakana, Bopomofo, Hangul compatibility Jamo
    (0x3400, 0x9FFF),  # Han
    (0xA000, 0xA4CF),  # Yi
    (0xA960, 0xA97F),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAADF),  # Myanmar, Tai Viet
    (0xAC00, 0xD7FF),  # Hangul
    (0xF900, 0xFAFF),
    (0x16F00, 0x18DFF),  # Tangut, Khitan
    (0x1AFF0, 0x1B16F),  # Kana
    (0x1B170, 0x1B2FF),  # Nushu
    (0x20000, 0x3FFFF),  # Han
)
_STARTS = tuple(start for start, _ in UNSPACED)

_SPELLING = re.compile(
    r"(?P<possessive>['\u2019\u02bc\uff07][sS]\b)"  # Iran's
    r"|(?P<dotted>\b[^\W\d_](?:\.[^\W\d_])+\b\.?)"  # U.S.
)


class _Folding(dict[int, str]):
    """For `str.translate`: what each character becomes; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_FOLDING = _Folding()


def tokens(text: str) -> tuple[str, ...]:
    """The stems of a text's words, in order."""
    return tuple(stem(word[:LONGEST]) for word in words(text))


def words(text: str) -> list[str]:
    """The folded words of a text, in order; not stemmed, not cut."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if "." in text or "'" in text or not text.isascii():
        text = _SPELLING.sub(_respell, text)
    return text.translate(_FOLDING).split()


def prefix_token(word: str) -> str:
    """What the stems of words that begin like the folded `word` begin with: `treaties*` is looked for as `treati*`."""
    word = word[:LONGEST]
    while not (stemmed := stem(word)).startswith(word):
        word = word[: next(i for i, (a, b) in enumerate(zip(word, stemmed + " ", strict=False)) if a != b)]
    return word


def unspaced(character: str) -> bool:
    """Whether the character is of a script whose words are not parted by spaces: it is a token of its own."""
    code = ord(character)
    place = bisect_right(_STARTS, code) - 1
    return place >= 0 and code <= UNSPACED[place][1]


def stored(token: str) -> str:
    """A token as an index holds it: a to z and 0 to 9.

    Other characters, and ``x``, are written as ``x`` with five hexadecimal digits. Different tokens stay different, and
    what begins a token begins its stored form.
    """
    if token.isascii() and token.isalnum() and "x" not in token:
        return token
    return "".join(c if c.isascii() and c.isalnum() and c != "x" else f"x{ord(c):05x}" for c in token)


def _respell(match: re.Match[str]) -> str:
    """Without a possessive's ending, or the dots of an abbreviation."""
    return match.group().replace(".", "") + " " if match["dotted"] else " "


def _fold_character(character: str) -> str:
    """The folded letters of one character, a space where it parts words, nothing where it is a mark."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    if "\uac00" <= character <= "\ud7a3":
        letters = character
    return "".join(map(_fold_letter, letters))


def _fold_letter(letter: str) -> str:
    """One letter or digit, a space, or nothing."""
    category = unicodedata.category(letter)
    if category[0] == "M":  # Vowel signs of Indic scripts have class 0 and belong to the word.
        if unicodedata.combining(letter) or category == "Me" or "VARIATION SELECTOR" in unicodedata.name(letter, ""):
            return ""
    elif category == "Cf":  # joiners, soft hyphen, direction marks
        return ""
    elif category[0] not in "LN":
        return " "
    if (digit := unicodedata.decimal(letter, None)) is not None:
        return str(digit)
    return f" {letter} " if unspaced(letter) else letter
