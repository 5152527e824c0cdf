"""What a reader works on, kept in the metadata of its committed offsets.

So it moves with the partition to whoever owns it next, is fenced like the offset, and is forgotten by the very request
that moves the offset. Refused: a topic of its own, which could disagree with the offsets.
"""

import msgspec
from msgspec import Struct


class Begun(Struct, frozen=True):
    """Entries of one partition that were begun; offsets are the broker's."""

    first: int
    last: int
    attempts: int


def metadata(begun: Begun | None) -> str:
    """What is committed beside an offset."""
    return msgspec.json.encode(begun).decode() if begun else ""


def from_metadata(text: str) -> Begun | None:
    """What was committed; None for what others may have written there."""
    try:
        return msgspec.json.decode(text, type=Begun) if text else None
    except msgspec.DecodeError:
        return None
