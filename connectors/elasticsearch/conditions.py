"""A query's tree in Elasticsearch's language: the same answers as `schemas.query.evaluate`.

Conditions do not score. Elasticsearch reads 30 of them within each other; what is deeper goes to it as a text apart.
"""

import base64
import math
from collections.abc import Iterator
from typing import Any

import msgspec

from connectors.elasticsearch.columns import CODES, VALUES, bounds_columns
from schemas.query.fields import FIELDS
from schemas.query.postings import code, phrase
from schemas.query.tree import And, Everything, Exists, Keyword, Not, Or, Query, Range, Words

Dsl = dict[str, Any]

ALL: Dsl = {"match_all": {}}
NONE: Dsl = {"match_none": {}}
EXPANSIONS = 1_000_000
"""Words that the last of a phrase may go on to: all there are."""


DEEP = 20
"""Levels of conditions that stand within each other in one text."""


def condition(query: Query, level: int = 1) -> Dsl:
    """What a document matches if, and only if, the event does."""
    if level == DEEP:
        return {"wrapper": {"query": base64.b64encode(msgspec.json.encode(condition(query))).decode()}}
    match query:
        case And(parts):
            return _all(parts, level + 1)
        case Or(parts):
            return _any(parts, level + 1)
        case Not(part):
            return {"bool": {"must_not": [condition(part, level + 1)]}}
        case Keyword() | Exists():
            return {"term": {CODES: code(query)}}
        case Words():
            return words(query)
        case Range():
            return _between(query)
        case Everything():
            return ALL


def wanted(query: Query) -> Iterator[Words]:
    """The words that raise an event's score: those that are not excluded."""
    match query:
        case Words():
            yield query
        case And(parts) | Or(parts):
            for part in parts:
                yield from wanted(part)


def words(query: Words) -> Dsl:
    """The tokens next to each other; this one scores."""
    text = phrase(query)
    if len(query.tokens) == 1:
        return {"prefix" if query.prefix else "term": {query.field: {"value": text}}}
    if query.prefix:
        return {"match_phrase_prefix": {query.field: {"query": text, "max_expansions": EXPANSIONS}}}
    return {"match_phrase": {query.field: {"query": text}}}


def _all(parts: tuple[Query, ...], level: int) -> Dsl:
    if not parts:
        return ALL
    held = [condition(part, level) for part in parts if not isinstance(part, Not)]
    excluded = [condition(part.part, level) for part in parts if isinstance(part, Not)]
    return {"bool": ({"filter": held} if held else {}) | ({"must_not": excluded} if excluded else {})}


def _any(parts: tuple[Query, ...], level: int) -> Dsl:
    if not parts:
        return NONE
    codes = [code(part) for part in parts if isinstance(part, Keyword | Exists)]
    others = [condition(part, level) for part in parts if not isinstance(part, Keyword | Exists)]
    together: list[Dsl] = [{"terms": {CODES: codes}}] if codes else []
    return {"bool": {"should": together + others, "minimum_should_match": 1}}


def _between(query: Range) -> Dsl:
    """Some part of what lies from the least to the greatest value lies between the ends."""
    field = FIELDS[query.field]
    least, greatest = bounds_columns(field)
    stored = VALUES[field.kind][1]
    if query.low == math.inf or query.high == -math.inf:
        return NONE
    conditions: list[Dsl] = []
    if query.low is not None and query.low != -math.inf:
        conditions.append({"range": {greatest: {"gte": stored(query.low)}}})
    if query.high is not None and query.high != math.inf:
        conditions.append({"range": {least: {"lte": stored(query.high)}}})
    if not conditions:
        return {"exists": {"field": least}}
    return conditions[0] if len(conditions) == 1 else {"bool": {"filter": conditions}}
