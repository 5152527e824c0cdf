"""Whether an event matches a query, in memory: the reference that every index agrees with."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from schemas.event import EventView
from schemas.query.analysis import tokens
from schemas.query.fields import FIELDS
from schemas.query.tree import And, Everything, Exists, Keyword, Not, Or, Query, Range, Words
from schemas.vocabulary import Change

Tokens = tuple[str, ...]


class Document(Struct, frozen=True):
    """An event as the fields of the query language see it, analysed once for any number of queries."""

    keys: dict[str, frozenset[str]]
    """Coded values by field; fields without a value are absent."""
    texts: dict[str, tuple[Tokens, ...]]
    """Tokens of each text that has any, by field."""
    vocabulary: dict[str, frozenset[str]]
    """The tokens of `texts`, without order."""
    bounds: dict[str, tuple[Any, Any]]
    """Least and greatest value by field; fields without a value are absent."""


def document(view: EventView, change: Change | None = None) -> Document:
    """The view, as a development's where `change` is given, ready to be asked."""
    keys: dict[str, frozenset[str]] = {} if change is None else {"change": frozenset((change.value,))}
    texts: dict[str, tuple[Tokens, ...]] = {}
    bounds: dict[str, tuple[Any, Any]] = {}
    analysed: dict[str, Tokens] = {}
    for name, field in FIELDS.items():
        if field.keys is not None:
            if found := frozenset(map(str, field.keys(view))):
                keys[name] = found
        elif field.texts is not None:
            for text in field.texts(view):
                if text not in analysed:
                    analysed[text] = tokens(text)
            if parts := tuple(analysed[text] for text in field.texts(view) if analysed[text]):
                texts[name] = parts
        elif field.bounds is not None and (ends := field.bounds(view)) is not None:
            bounds[name] = ends
    vocabulary = {name: frozenset(token for part in parts for token in part) for name, parts in texts.items()}
    return Document(keys, texts, vocabulary, bounds)


def matches(query: Query, view: EventView, change: Change | None = None) -> bool:
    """Whether the event, or the development of this change, matches."""
    return matches_document(query, document(view, change))


def matches_document(query: Query, asked: Document) -> bool:
    """The same, of a view that is analysed already."""
    return _EVALUATORS[type(query)](query, asked)


def _and(query: And, asked: Document) -> bool:
    return all(matches_document(part, asked) for part in query.parts)


def _or(query: Or, asked: Document) -> bool:
    return any(matches_document(part, asked) for part in query.parts)


def _not(query: Not, asked: Document) -> bool:
    return not matches_document(query.part, asked)


def _keyword(query: Keyword, asked: Document) -> bool:
    return query.value in asked.keys.get(query.field, ())


def _words(query: Words, asked: Document) -> bool:
    vocabulary = asked.vocabulary.get(query.field, frozenset())
    whole = query.tokens[:-1] if query.prefix else query.tokens
    if not all(token in vocabulary for token in whole):
        return False
    last = query.tokens[-1]
    if query.prefix and not any(token.startswith(last) for token in vocabulary):
        return False
    return len(query.tokens) == 1 or any(_phrase_in(query, text) for text in asked.texts[query.field])


def _phrase_in(query: Words, text: Tokens) -> bool:
    phrase, size = query.tokens, len(query.tokens)
    for start in range(len(text) - size + 1):
        here = text[start : start + size]
        if here == phrase or (query.prefix and here[:-1] == phrase[:-1] and here[-1].startswith(phrase[-1])):
            return True
    return False


def _range(query: Range, asked: Document) -> bool:
    ends = asked.bounds.get(query.field)
    if ends is None:
        return False
    return (query.low is None or ends[1] >= query.low) and (query.high is None or ends[0] <= query.high)


def _exists(query: Exists, asked: Document) -> bool:
    return query.field in asked.keys or query.field in asked.texts


_EVALUATORS: dict[type, Callable[[Any, Document], bool]] = {
    And: _and,
    Everything: lambda _query, _asked: True,
    Exists: _exists,
    Keyword: _keyword,
    Not: _not,
    Or: _or,
    Range: _range,
    Words: _words,
}
