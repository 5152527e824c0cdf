"""From what a person writes to the tree: Lucene's syntax, less what no index here answers.

- ``AND``, ``OR``, ``NOT`` are operators in capitals only, as in Lucene; in small letters they are words like any other.
- What stands side by side must all match: `iran treaty` is `iran AND treaty`. AND binds closer than OR, and OR closer
  than standing side by side: `iran nuclear OR missile` is `iran AND (nuclear OR missile)`.
- ``-word`` is ``NOT word``; ``+word`` is ``word``. ``*`` alone matches all, ``field:*`` where the field holds anything.
- Words that hold no letter or digit (a dash in a pasted headline) are left out.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from schemas.errors import BadQuery
from schemas.query.fields import FIELDS, Field, Kind, field_names
from schemas.query.tree import Everything, Query, conjunction, disjunction, negation
from schemas.query.values import Bounds, UnusableError, exists_leaf, nearest, range_leaf, value_leaf, words_leaf

LONGEST_QUERY = 10_000
"""Code points."""

DEEPEST = 15
"""Parentheses, negations and fields within each other; SQLite's full-text search can take twice as many."""

EXAMPLE = 'party:IRN AND type:ratification AND "nuclear energy"'

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WILDCARD = re.compile(r"(?:\\.|[^\\*?])*([*?])", re.DOTALL)
_UNSUPPORTED = {
    "Boost": "no part counts more than another here; leave ^ and its number out",
    "Fuzzy": "words are matched exactly, but for their endings; leave ~ out, or write the beginning and *: uran*",
    "Proximity": "the words of a phrase stand next to each other; leave ~ out, or join the words with AND",
    "Regex": 'regular expressions are not supported; write the beginning and * (uran*), or put "…" around text with /',
}


def parse(
    text: str, *, for_developments: bool = False, now: datetime | None = None, codes: Mapping[str, str] | None = None
) -> Query:
    """The tree of a query, in normal form.

    Args:
        text: The query.
        for_developments: Whether it is asked of developments, which have a ``change``, and not of events.
        now: What relative dates (``now-30d``) are relative to; without it they are refused.
        codes: Codes of states and organisations by folded name; with it ``party:iran`` is ``party:IRN``, and codes that
            are not among them are refused.

    Raises:
        BadQuery: It cannot be understood; the place is given.
    """
    if len(text) > LONGEST_QUERY:
        raise BadQuery(f"{len(text)} characters long; a query may have {LONGEST_QUERY}", text[:80] + "…")
    if not text.strip():
        raise BadQuery(f"nothing to look for; write words or fields ({EXAMPLE}), or * for everything", text)
    query = _Builder(text, for_developments, now, codes).build(_syntax(text), None, 0)
    if query is None:
        raise BadQuery("no letter or digit in it; write words or fields, or * for everything", text, 0)
    return query


def _syntax(text: str) -> Any:
    """The tree that luqum makes of it."""
    # Imported here: it costs 40 ms, which only those who have a query to parse should pay.
    from luqum.exceptions import ParseError
    from luqum.thread import parse as luqum_parse

    try:
        return luqum_parse(text)
    except ParseError as error:
        raise _explained(text, str(error)) from None
    except (ArithmeticError, ValueError):  # The number after ~ or ^ is none.
        place = re.search(r"[~^][\d.]*\.[\d.]*\.", text)
        raise BadQuery("~ and ^ are not supported; leave them out", text, place.start() if place else None) from None


def _explained(text: str, message: str) -> BadQuery:
    """What luqum found, for a person."""
    found = re.search(r"at position (\d+)", message)
    if found is None:
        opened = _unclosed(text)
        if opened is not None:
            return BadQuery("this parenthesis is not closed; add )", text, opened)
        return BadQuery("something is missing at the end", text, len(text.rstrip()))
    place = int(found[1])
    here = text[place]
    operator = re.match(r"AND|OR|NOT|TO", text[place:])
    if here == '"':
        return BadQuery('this quotation mark has no partner; add ", or write \\" for the mark itself', text, place)
    if here == "/":
        return BadQuery(_UNSUPPORTED["Regex"], text, place)
    if here == ")":
        return BadQuery("no parenthesis is open here; leave it out, or add ( before", text, place)
    if operator:
        return BadQuery(f'{operator[0]} stands between two conditions; for the word write "{operator[0]}"', text, place)
    return BadQuery(f'{here!r} is out of place here; put "…" around text that holds such characters', text, place)


def _unclosed(text: str) -> int | None:
    """Where the innermost parenthesis stands that is not closed; phrases and escapes do not count."""
    opened: list[int] = []
    for match in re.finditer(r'\\.|"(?:\\.|[^\\"])*"|[()]', text, re.DOTALL):
        if match[0] == "(":
            opened.append(match.start())
        elif match[0] == ")" and opened:
            opened.pop()
    return opened[-1] if opened else None


class _Builder:
    """Turns luqum's tree of one text into ours."""

    def __init__(
        self, text: str, for_developments: bool, now: datetime | None, codes: Mapping[str, str] | None
    ) -> None:
        self.text, self.for_developments, self.now, self.codes = text, for_developments, now, codes

    def build(self, item: Any, field: Field | None, depth: int) -> Query | None:
        """The tree; None where there is nothing to look for in it."""
        if depth > DEEPEST:
            raise self.bad(f"more than {DEEPEST} parentheses, negations and fields within each other", item)
        kind = type(item).__name__
        match kind:
            case "AndOperation" | "UnknownOperation":
                return self.operation(conjunction, item, field, depth)
            case "OrOperation":
                return self.operation(disjunction, item, field, depth)
            case "Group" | "FieldGroup" | "Plus":
                return self.build(item.children[0], field, depth + 1)
            case "Not" | "Prohibit":
                part = self.build(item.children[0], field, depth + 1)
                return None if part is None else negation(part)
            case "SearchField":
                if field is not None:
                    raise self.bad(
                        f'a field within the field {field.name}; close the parentheses, or put text in "…"', item
                    )
                if item.name == "*" and getattr(item.expr, "value", None) == "*":
                    return Everything()
                return self.build(item.expr, self.field(item), depth + 1)
            case "Word":
                return self.word(item, field)
            case "Phrase":
                return self.phrase(item, field)
            case "Range" | "From" | "To":
                return self.range(item, field)
            case _:
                raise self.bad(_UNSUPPORTED.get(kind, f"{kind} is not supported"), item)

    def operation(
        self, join: Callable[[list[Query]], Query], item: Any, field: Field | None, depth: int
    ) -> Query | None:
        """The parts that look for something, joined."""
        built = [self.build(part, field, depth) for part in item.children]
        parts = [part for part in built if part is not None]
        return join(parts) if parts else None

    def field(self, item: Any) -> Field:
        """The field of this name."""
        name = item.name.lower()
        known = FIELDS.get(name)
        if known is None:
            names = field_names(for_developments=self.for_developments)
            near = nearest(name, names) or f'; there are {", ".join(names)}; put "…" around text that holds a colon'
            raise self.bad(f"no field {item.name!r}{near}", item)
        if known.developments_only and not self.for_developments:
            raise self.bad(f"only developments have {name}: it can be watched and subscribed to, not searched", item)
        return known

    def word(self, item: Any, field: Field | None) -> Query | None:
        """A word, perhaps with ``*`` at its end."""
        written = item.value
        if written == "*":
            return Everything() if field is None else exists_leaf(field)
        if "&&" in written or "||" in written or written.startswith("!"):
            raise self.bad('operators are AND, OR and NOT; put "…" around text that holds &&, || or !', item)
        wildcard = _WILDCARD.match(written)
        if wildcard is None:
            return self.value(item, _ESCAPED.sub(r"\1", written), field)
        if wildcard.end() < len(written) or wildcard[1] == "?":
            place = (item.pos or 0) + wildcard.start(1)
            raise BadQuery(
                '* may stand at the end of a word only, ? nowhere; put "…" around such text', self.text, place
            )
        begun = _ESCAPED.sub(r"\1", written[:-1])
        if field is not None and field.kind is not Kind.WORDS:
            values = f": {', '.join(field.values)}" if field.values else ""
            raise self.bad(f"* stands at the end of words only; {field.name} takes {field.about}{values}", item)
        try:
            return words_leaf(field or FIELDS["text"], begun, prefix=True)
        except UnusableError as error:
            raise self.bad(str(error), item) from None

    def phrase(self, item: Any, field: Field | None) -> Query | None:
        """What stands between quotation marks."""
        inside = item.value[1:-1]
        if re.search(r"\w\*$", inside) and (field is None or field.kind is Kind.WORDS):
            joined = re.sub(r"\W+", "-", inside[:-1])
            raise self.bad(f"* does nothing between quotation marks; write {joined}*", item)
        return self.value(item, _ESCAPED.sub(r"\1", inside), field)

    def value(self, item: Any, written: str, field: Field | None) -> Query | None:
        """The field holds what is written; without a field, the text does."""
        if field is None:
            return words_leaf(FIELDS["text"], written)
        try:
            return value_leaf(field, written, now=self.now, codes=self.codes)
        except UnusableError as error:
            raise self.bad(str(error), item) from None

    def range(self, item: Any, field: Field | None) -> Query:
        """What lies between, above or below."""
        if field is None:
            raise self.bad("a range needs a field before it, such as date: or seen:", item)
        match type(item).__name__:
            case "Range":
                bounds = Bounds(self.end(item.low), self.end(item.high), item.include_low, item.include_high)
            case "From":
                bounds = Bounds(low=self.end(item.a), with_low=item.include)
            case _:
                bounds = Bounds(high=self.end(item.a), with_high=item.include)
        try:
            return range_leaf(field, bounds, now=self.now)
        except UnusableError as error:
            raise self.bad(str(error), item) from None

    def end(self, item: Any) -> str | None:
        """What is written for one end; None for ``*``."""
        match type(item).__name__:
            case "Word":
                return None if item.value == "*" else _ESCAPED.sub(r"\1", item.value)
            case "Phrase":
                return _ESCAPED.sub(r"\1", item.value[1:-1])
            case _:
                raise self.bad("an end of a range is a value, or * where it is open", item)

    def bad(self, reason: str, item: Any) -> BadQuery:
        """An error at the place of the item."""
        return BadQuery(reason, self.text, item.pos)
