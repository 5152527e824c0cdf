"""Names of states, organisations, groups, bodies and leaders, found in a sentence's tokens."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection.english.gazetteer.actors import masks
from pipelines.detection.english.gazetteer.load import Name, load_names
from pipelines.detection.english.tokens import Token, tokenize


class Entity(NamedTuple):
    """A name in a sentence."""

    first: int
    """Index of its first token."""
    last: int
    """Index after its last token."""
    name: Name
    codes: tuple[str, ...]
    """Whom the name stands for: one code."""


class _Entry(NamedTuple):
    rest: tuple[str, ...]
    name: Name | None
    """None where the longer name only hides a shorter one."""
    lower: bool
    """Whether the name is written in lower case."""


class Names:
    """An index of names by their first word; longest match wins."""

    __slots__ = ("_index", "_sure")

    def __init__(self, names: Iterable[Name], hidden: Iterable[str] = ()) -> None:
        """An index of `names`; a name of `hidden` is found to be nobody's."""
        names = tuple(names)
        sure: dict[str, list[str]] = {}
        for name in names:
            if not name.weak and len(name.codes) == 1 and name.kind != "leader":
                sure.setdefault(name.codes[0], []).append(name.words)
        self._sure: Mapping[str, tuple[str, ...]] = MappingProxyType(
            {code: tuple(words) for code, words in sure.items()}
        )
        index: dict[str, list[_Entry]] = {}
        entries: list[tuple[str, Name | None]] = [(name.words, name) for name in names]
        entries += [(surface, None) for surface in hidden]
        for surface, owner in entries:
            words = tuple(token.norm for token in tokenize(surface, 0, len(surface)))
            if words:
                index.setdefault(words[0], []).append(_Entry(words[1:], owner, surface[:1].islower()))
        self._index: Mapping[str, tuple[_Entry, ...]] = MappingProxyType(
            {first: tuple(sorted(entries, key=lambda entry: -len(entry.rest))) for first, entries in index.items()}
        )

    def at(self, tokens: Sequence[Token], norms: Sequence[str], position: int) -> tuple[int, Name | None] | None:
        """Where the longest name that begins at `position` ends, and whose it is; None where none begins."""
        entries = self._index.get(norms[position])
        if entries is None:
            return None
        word = tokens[position].word
        for rest, name, lower in entries:
            last = position + 1 + len(rest)
            if rest and tuple(norms[position + 1 : last]) != rest:
                continue
            if not lower and word[0].islower():
                continue
            if name is not None:
                if name.kind == "acronym" and not rest and not word.isupper() and name.words.upper() == name.words:
                    continue
                if _vetoed(name, tokens, position, last):
                    continue
            return last, name
        return None

    def sure(self, code: str) -> tuple[str, ...]:
        """The names that stand for a code and for nothing else, as written."""
        return self._sure.get(code, ())

    def __contains__(self, norm: object) -> bool:
        return norm in self._index


def _vetoed(name: Name, tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether the word before or after shows that something else is meant."""
    if name.not_before and first and tokens[first - 1].word in name.not_before:
        return True
    return bool(name.not_after) and last < len(tokens) and tokens[last].word in name.not_after


@lru_cache(maxsize=1)
def names() -> Names:
    """The index over the whole gazetteer."""
    return Names(load_names(), (mask.surface for mask in masks()))
