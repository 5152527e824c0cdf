"""Input that could not be used, kept with its reason."""

from datetime import datetime

from msgspec import Struct

from schemas.identifiers import content_id
from schemas.vocabulary import Stage

KEPT_BYTES = 256 * 1024


class DeadLetter(Struct, frozen=True, kw_only=True):
    """One bad input. `Stage.ARTICLE` and `Stage.RECORD` can be replayed."""

    id: str
    """From stage and bytes: the same input is one letter."""
    stage: Stage
    data: bytes
    """The first 256 KiB (base64 in JSON)."""
    length: int
    """Bytes in all."""
    source: str
    """Where it came from: a feed's address, or a log and offset."""
    reason: str
    """A sentence; for a bug the traceback."""
    attempts: int = 1
    recorded: datetime
    """UTC."""

    @property
    def whole(self) -> bool:
        """Whether `data` holds all of it."""
        return self.length == len(self.data)


def dead_letter(stage: Stage, data: bytes, *, source: str, reason: str, now: datetime, attempts: int = 1) -> DeadLetter:
    """A letter with its identifier, and its data cut to what is kept."""
    return DeadLetter(
        id=content_id("dead", stage, data.hex()),
        stage=stage,
        data=data[:KEPT_BYTES],
        length=len(data),
        source=source,
        reason=reason,
        attempts=attempts,
        recorded=now,
    )
