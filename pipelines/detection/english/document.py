"""An article as the detector reads it: sentences, instruments, dates, and what "the treaty" stands for."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Generic, TypeVar

from pipelines.detection.english.dates import When, dates
from pipelines.detection.english.exclusions import is_about_business
from pipelines.detection.english.gate import promising
from pipelines.detection.english.instruments import InstrumentPhrase, phrases
from pipelines.detection.english.names import Names
from pipelines.detection.english.sentences import sentences
from pipelines.detection.english.tagging import Sentence, analyse, settle
from pipelines.detection.english.votes import Tally, tally

_T = TypeVar("_T")
_WORD = re.compile(r"[a-z]+")
_LEAD = 4
_NAMES_SOMETHING = re.compile(r"[\s\"'“‘(][A-Z]|\d")
"""A capital inside a sentence, or a figure."""


class Lazy(Generic[_T]):
    """A sequence whose members are made when they are first asked for."""

    __slots__ = ("_made", "_make")

    def __init__(self, count: int, make: Callable[[int], _T]) -> None:
        """`count` members, each made by `make` from its index."""
        self._made: list[_T | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, index: int) -> _T:
        member = self._made[index]
        if member is None:
            member = self._made[index] = self._make(index)
        return member


class Document:
    """One article. Sentences are analysed when they are first looked at, for most are never looked at."""

    def __init__(self, whole: str, title_length: int, published: date | None, names: Names) -> None:
        """Reads `whole`, whose first `title_length` code points are the title."""
        self.title_length = title_length
        self.published = published
        self._names = names
        self._named: dict[str, bool] = {}
        self.whole, self._spans = whole, sentences(whole)
        count = self._count_of_telling()
        if count < len(self._spans):
            self._spans = self._spans[:count]
            self.whole = whole[: self._spans[-1].end]
        self.promising = promising(self.whole, self._spans)
        """Indices of the sentences in which a pattern could find something."""
        self.sentences: Lazy[Sentence] = Lazy(count, self._analysed)
        self.dates: Lazy[tuple[When, ...]] = Lazy(count, self._dated)
        """The date expressions of each sentence."""
        self.tallies: Lazy[tuple[Tally | None]] = Lazy(count, lambda index: (tally(self.whole, *self._spans[index]),))
        """The vote that each sentence tells of."""

    def _count_of_telling(self) -> int:
        """How many sentences there are to read: paragraphs at the end that name nobody and no date are comment.

        Left out here, so that none of what is gathered over the article changes by them.
        """
        spans, whole = self._spans, self.whole
        opening = 1 if self.title_length else 0
        last = len(spans)
        for index in range(len(spans) - 1, opening, -1):
            if self._names_anything(index):
                break
            if "\n" in whole[spans[index - 1].end : spans[index].start]:
                last = index
        return last

    def _names_anything(self, index: int) -> bool:
        start, end = self._spans[index]
        sentence = analyse(self.whole, start, end, self._names)
        # A word that begins a sentence is written like a name, whatever it is.
        return bool(sentence.entities) or "P" in sentence.tags.lstrip('"')[1:] or bool(dates(self.whole, start, end))

    def _analysed(self, index: int) -> Sentence:
        start, end = self._spans[index]
        year = self.published.year if self.published is not None else None
        return settle(analyse(self.whole, start, end, self._names), self._is_named, year)

    def _is_named(self, code: str) -> bool:
        """Whether the article names a code surely somewhere."""
        known = self._named.get(code)
        if known is None:
            known = self._named[code] = any(surface in self.whole for surface in self._names.sure(code))
        return known

    def _dated(self, index: int) -> tuple[When, ...]:
        start, end = self._spans[index]
        return tuple(dates(self.whole, start, end))

    @cached_property
    def instruments(self) -> tuple[tuple[InstrumentPhrase, ...], ...]:
        """The instrument phrases of each sentence, those that point back resolved."""
        found: list[tuple[InstrumentPhrase, ...]] = [()] * len(self._spans)
        known: list[InstrumentPhrase] = []
        for index in self.promising:
            here: list[InstrumentPhrase] = []
            for phrase in phrases(self.whole, self.sentences[index]):
                points = (phrase.definite or phrase.points) and _points_back(phrase)
                resolved = _resolved(phrase, known) if points else phrase
                if resolved is phrase and phrase.points:
                    continue
                here.append(resolved)
                if resolved is not phrase or not phrase.bare or not known:
                    known.append(resolved)
            found[index] = tuple(here)
        return tuple(found)

    @cached_property
    def telling(self) -> int:
        """How many sentences name anybody or anything: the length of the article as far as it tells of treaties."""
        return sum(_NAMES_SOMETHING.search(self.whole, start + 1, end) is not None for start, end in self._spans)

    @cached_property
    def about_business(self) -> bool:
        """Whether the article is about business, sport or work."""
        return is_about_business(_WORD.findall(self.whole.lower()), states_named=bool(self.main_states))

    @cached_property
    def main_states(self) -> tuple[str, ...]:
        """The two codes that the headline and the first sentences name most often, most often first."""
        count: Counter[str] = Counter()
        for index in range(min(_LEAD, len(self._spans))):
            sentence = self.sentences[index]
            inside = {
                at for phrase in self.instruments[index] if phrase.proper for at in range(phrase.first, phrase.last)
            }
            count.update(
                entity.codes[0]
                for entity in sentence.entities
                if entity.name.kind not in ("court", "weak_seat") and entity.first not in inside
            )
        return tuple(code for code, _ in count.most_common(2))

    @cached_property
    def main_instrument(self) -> InstrumentPhrase | None:
        """The instrument that the article is about: the first that it names by more than a bare noun."""
        for named in self.instruments:
            for phrase in named:
                if not phrase.bare and not phrase.plural:
                    return phrase
        return None

    def before(self, index: int, position: int) -> InstrumentPhrase | None:
        """The instrument last named before a token: what "it" may stand for."""
        for phrase in reversed(self.instruments[index]):
            if phrase.last <= position:
                return phrase
        for earlier in range(index - 1, -1, -1):
            if self.instruments[earlier]:
                return self.instruments[earlier][0]
        return None


_GENERIC = frozenset(
    (
        "new same historic bilateral landmark controversial said proposed original final latest international draft "
        "mentioned document current existing modernized present"
    ).split()
)


def _points_back(phrase: InstrumentPhrase) -> bool:
    """Whether a definite phrase has no content of its own."""
    words = phrase.name.lower().split()
    return phrase.bare or (not phrase.proper and all(word in _GENERIC for word in words[:-1]))


def _resolved(phrase: InstrumentPhrase, known: list[InstrumentPhrase]) -> InstrumentPhrase:
    """The earlier instrument that a definite phrase stands for, in this phrase's place; else the phrase itself."""
    for same_kind in (True, False):
        for earlier in reversed(known):
            if earlier.plural != phrase.plural or (same_kind and earlier.kind != phrase.kind):
                continue
            if not same_kind and (phrase.kind in ("ceasefire", "statute", "charter") or earlier.kind == "ceasefire"):
                continue
            return phrase._replace(
                name=earlier.name,
                kind=earlier.kind,
                id=earlier.id,
                proper=earlier.proper,
                bare=earlier.bare,
                codes=tuple(dict.fromkeys((*phrase.codes, *earlier.codes))),
            )
    return phrase
