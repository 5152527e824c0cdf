"""What a search index holds of a document: ASCII letters and digits, and what a leaf of the tree asks of them.

One text column for each text field, and one column of codes: ``field:value`` for each coded value, ``field*`` for each
field that holds something.
"""

from collections.abc import Iterable, Iterator

from schemas.identifiers import stable_hash
from schemas.query.analysis import SEPARATOR, stored
from schemas.query.evaluate import Document
from schemas.query.tree import Exists, Keyword, Words

LONGEST_CODE = 200
"""Characters of a stored code; a longer one is replaced by its hash."""


def text_of(texts: Iterable[tuple[str, ...]]) -> str:
    """The stored tokens of a field's texts in one line, such that no phrase goes from one text to the next."""
    return f" {SEPARATOR} ".join(" ".join(map(stored, text)) for text in texts)


def codes_of(asked: Document) -> Iterator[str]:
    """The stored codes of a document; each once."""
    for field, values in asked.keys.items():
        yield from (code(Keyword(field, value)) for value in values)
    yield from (code(Exists(field)) for field in (*asked.keys, *asked.texts))


def code(leaf: Keyword | Exists) -> str:
    """The stored code that a document which matches the leaf has; codes of states are in small letters here."""
    plain = f"{leaf.field}:{leaf.value}" if isinstance(leaf, Keyword) else f"{leaf.field}*"
    whole = stored(plain.casefold())
    return whole if len(whole) <= LONGEST_CODE else f"{stored(leaf.field)}{SEPARATOR}{stable_hash(plain):016x}"


def phrase(leaf: Words) -> str:
    """The stored tokens that stand next to each other in a document which matches the leaf."""
    return " ".join(map(stored, leaf.tokens))
