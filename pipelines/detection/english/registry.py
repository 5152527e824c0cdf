"""Names of the instrument registry, found in a sentence's tokens."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pipelines.detection.english.gazetteer.load import NamedInstrument, load_instruments
from pipelines.detection.english.tokens import Token, tokenize

_MOST_PARTIES = 3
"""An instrument of more parties gives none to its mention: coding rule 11 lists those that the text names."""


class Registered(NamedTuple):
    """A registered name in a sentence."""

    last: int
    """Index after its last token."""
    id: str
    kind: str
    parties: tuple[str, ...]


class _Entry(NamedTuple):
    rest: tuple[str, ...]
    """The words after the first."""
    instrument: NamedInstrument
    as_written: str | None
    """The first word of a name that is compared as written."""


class Registry:
    """An index of registered names by their first two words, for hundreds begin with "treaty"; longest match wins."""

    __slots__ = ("_index",)

    def __init__(self, instruments: Iterable[NamedInstrument]) -> None:
        index: dict[tuple[str, str], list[_Entry]] = {}
        for instrument in instruments:
            for names, exact in ((instrument.names, False), (instrument.acronyms, True)):
                for name in names:
                    words = tokenize(name, 0, len(name))
                    norms = tuple(word.norm for word in words)
                    entry = _Entry(norms[1:], instrument, words[0].word if exact else None)
                    index.setdefault((norms[0], norms[1] if len(norms) > 1 else ""), []).append(entry)
        self._index: Mapping[tuple[str, str], tuple[_Entry, ...]] = MappingProxyType(
            {first: tuple(sorted(entries, key=lambda entry: -len(entry.rest))) for first, entries in index.items()}
        )

    def at(self, tokens: Sequence[Token], norms: Sequence[str], position: int) -> Registered | None:
        """The longest registered name that begins at `position`."""
        first = norms[position]
        second = norms[position + 1] if position + 1 < len(norms) else ""
        for key in ((first, second), (first, "")):
            for rest, instrument, as_written in self._index.get(key, ()):
                last = position + 1 + len(rest)
                if rest and tuple(norms[position + 1 : last]) != rest:
                    continue
                if as_written is None or tokens[position].word == as_written:
                    parties = instrument.parties if len(instrument.parties) <= _MOST_PARTIES else ()
                    return Registered(last, instrument.id, instrument.kind, parties)
        return None


@lru_cache(maxsize=1)
def registry() -> Registry:
    """The index over the whole registry."""
    return Registry(load_instruments())
