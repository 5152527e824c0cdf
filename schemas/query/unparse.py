"""A tree as a text that is parsed into the same tree."""

import re

from schemas.query.tree import And, Everything, Exists, Keyword, Not, Or, Query, Range, Words

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def unparse(query: Query) -> str:
    """The query in its shortest plain writing: `parse` of it gives the same tree, if this one is in normal form.

    Words are written as their stems.
    """
    match query:
        case And(parts):
            return " AND ".join(map(_within, parts)) if parts else "*"
        case Or(parts):
            return " OR ".join(map(_within, parts)) if parts else "NOT *"
        case Not(part):
            return f"NOT {_within(part)}"
        case Keyword(field, value):
            return f"{field}:{_quoted(value)}"
        case Words(field, tokens, prefix):
            text = "-".join(tokens) + "*" if prefix else f'"{" ".join(tokens)}"'
            return text if field == "text" else f"{field}:{text}"
        case Range(field, low, high):
            return f"{field}:{_between(low, high)}"
        case Exists(field):
            return f"{field}:*"
        case Everything():
            return "*"


def _within(query: Query) -> str:
    text = unparse(query)
    return f"({text})" if isinstance(query, And | Or) else text


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value) and value not in ("AND", "OR", "NOT", "TO"):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _between(low: float | str | None, high: float | str | None) -> str:
    if low is None and high is None:
        return "*"
    start = "*" if low is None else _end(low).removesuffix("T00:00:00.000000Z")
    end = "*" if high is None else _end(high).removesuffix("T23:59:59.999999Z")
    return start if start == end else f"[{start} TO {end}]"


def _end(end: float | str) -> str:
    return str(int(end)) if isinstance(end, float) and end.is_integer() else str(end)
