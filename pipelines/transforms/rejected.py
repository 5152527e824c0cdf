"""What a transform sets aside."""

import traceback
from typing import Any, NamedTuple

from schemas.vocabulary import Stage


class Rejected(NamedTuple):
    """Bad input on its way to the dead letters; the job adds the time."""

    stage: Stage
    data: bytes
    source: str
    reason: str


def reason_of(error: BaseException) -> str:
    """The traceback of a bug, as a dead letter keeps it."""
    return "".join(traceback.format_exception(error)).strip()


def why(handled: Any) -> str:
    """The sentence in what `with_exception_handling` puts beside an element: ``(type, repr, traceback lines)``."""
    type_, _, lines = handled
    last = str(lines[-1]).strip() if lines else ""
    return last.split(": ", 1)[1] if ": " in last else str(type_.__name__)
