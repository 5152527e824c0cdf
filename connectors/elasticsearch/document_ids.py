"""The id under which a record is stored."""

from schemas.identifiers import content_id

LONGEST = 500
"""Bytes; Elasticsearch takes 512."""
_HASHED = "~"


def document_id(name: str) -> str:
    """The name itself, or its hash where it is too long (an address may be), or would look like a hash."""
    if name and not name.startswith(_HASHED) and len(name.encode("utf-8", "surrogatepass")) <= LONGEST:
        return name
    return _HASHED + content_id("id", name)


def is_text(name: str) -> bool:
    """Whether it can be sent; a terminal's stray byte cannot, and is in no id."""
    return not any("\ud800" <= character <= "\udfff" for character in name)
