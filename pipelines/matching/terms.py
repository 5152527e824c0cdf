"""Terms: what a document has, and what a query cannot match without.

A term is a text: ``party:IRN`` (a coded value), ``text uranium`` (a token of a text field), ``text uran*`` (one that
begins so), ``body*`` (the field holds something).
"""

from collections.abc import Iterable, Iterator
from itertools import product

from msgspec import Struct

from schemas.query.evaluate import Document
from schemas.query.tree import And, Exists, Keyword, Or, Query, Words

LONGEST_BEGINNING = 6
"""Letters of a word's beginning that are looked at here, so that a document's words are not cut in all lengths."""

MOST_PATHS = 32
"""Ways in which one query can be met that are told apart; beyond that they are taken together."""

Path = tuple[str, ...]


class Requirement(Struct, frozen=True):
    """A query matches no document that does not have all terms of at least one of these paths."""

    paths: tuple[Path, ...]

    def cost(self, commonness: dict[str, float]) -> float:
        """How many documents in a hundred, roughly, have all terms of a path."""
        return sum(min((estimate(term, commonness) for term in path), default=100.0) for path in self.paths)


NOTHING_REQUIRED = Requirement(((),))


def requirement(query: Query, commonness: dict[str, float]) -> Requirement:
    """What a document must have for the query to match; `NOTHING_REQUIRED` where no term is needed."""
    match query:
        case Keyword(field, value):
            return Requirement(((f"{field}:{value}",),))
        case Exists(field):
            return Requirement(((f"{field}*",),))
        case Words(field, tokens, prefix):
            whole = tokens[:-1] if prefix else tokens
            begun = (f"{field} {tokens[-1][:LONGEST_BEGINNING]}*",) if prefix else ()
            return Requirement(((*(f"{field} {token}" for token in whole), *begun),))
        case Or(parts) if parts:
            needed = [requirement(part, commonness) for part in parts]
            return _thinned([path for one in needed for path in one.paths], commonness)
        case And(parts):
            return _together([requirement(part, commonness) for part in parts], commonness)
        case _:
            return NOTHING_REQUIRED


def terms_of(asked: Document, prefix_lengths: Iterable[tuple[str, int]]) -> set[str]:
    """All terms that a document has; of beginnings of words those of the given fields and lengths."""
    found = {f"{field}:{value}" for field, values in asked.keys.items() for value in values}
    found.update(f"{field}*" for field in (*asked.keys, *asked.texts))
    for field, vocabulary in asked.vocabulary.items():
        found.update([f"{field} {token}" for token in vocabulary])
    for field, length in prefix_lengths:
        found.update([f"{field} {t[:length]}*" for t in asked.vocabulary.get(field, ()) if len(t) >= length])
    return found


def prefixes_in(paths: Iterable[Path]) -> Iterator[tuple[str, int]]:
    """Field and length of each beginning of a word that the paths ask for."""
    for path in paths:
        for term in path:
            field, kind, begun = _parts(term)
            if kind == " " and begun.endswith("*"):
                yield field, len(begun) - 1


_BY_FIELD = {
    "accused": 3.0,
    "accuser": 3.0,
    "actor": 4.0,
    "body": 10.0,
    "change": 50.0,
    "dossier": 0.01,
    "dossier_status": 20.0,
    "event_status": 80.0,
    "instrument": 1.0,
    "instrument_kind": 15.0,
    "language": 60.0,
    "modality": 40.0,
    "outlet": 2.0,
    "party": 4.0,
    "role": 8.0,
    "text": 1.0,
    "type": 8.0,
}
"""In how many documents of a hundred a term of the field is expected, where no sample says more."""


def estimate(term: str, commonness: dict[str, float]) -> float:
    """In how many documents of a hundred the term is expected."""
    known = commonness.get(term)
    if known is not None:
        return known
    field, kind, rest = _parts(term)
    usual = _BY_FIELD[field]
    if kind == "*":
        return 90.0
    if kind == " " and rest.endswith("*"):
        return max(usual, 20.0 / len(rest))
    return usual * 20.0 if kind == " " and len(rest) <= 3 else usual


def _parts(term: str) -> tuple[str, str, str]:
    """The field, the sign after it, and the rest, in which anything may stand."""
    end = next(place for place, character in enumerate(term) if character in ": *")
    return term[:end], term[end], term[end + 1 :]


def _together(needed: list[Requirement], commonness: dict[str, float]) -> Requirement:
    """All of them: every combination of their paths, the rarest first, as long as these are few enough."""
    chosen: list[tuple[Path, ...]] = []
    ways = 1
    for one in sorted(needed, key=lambda one: one.cost(commonness)):
        if ways * len(one.paths) <= MOST_PATHS or not chosen:
            chosen.append(one.paths)
            ways *= len(one.paths)
    paths = [tuple(dict.fromkeys(term for path in paths for term in path)) for paths in product(*chosen)]
    return Requirement(tuple(dict.fromkeys(paths))) if paths else NOTHING_REQUIRED


def _thinned(paths: list[Path], commonness: dict[str, float]) -> Requirement:
    """Any of them; where they are too many, of each only its rarest term."""
    if () in paths:
        return NOTHING_REQUIRED
    if len(paths) > MOST_PATHS:
        paths = [(min(path, key=lambda term: estimate(term, commonness)),) for path in paths]
    return Requirement(tuple(dict.fromkeys(paths)))
