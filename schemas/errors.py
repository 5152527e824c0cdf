"""The error tree.

TreatywireError
├── BadRecord       one input cannot be used: it goes to the dead-letter log, the others go on
├── Conflict        another process wrote first: load, merge and save again
├── FencedOff       the lease was lost meanwhile: the holder must stop and write nothing more
├── Unavailable     a server, file or network does not answer now: try again, later
└── Misconfigured   a person must change something: the process refuses to start
    └── BadQuery    a query that cannot be parsed, with the place

A `Bug` is any other exception. Adapters translate foreign errors with ``raise … from``.
"""


class TreatywireError(Exception):
    """Root of the errors that Treatywire raises on purpose; the message is a sentence for a person."""


class BadRecord(TreatywireError):
    """One input cannot be used; the message says why."""


class Conflict(TreatywireError):
    """A state changed between load and save; nothing was written."""


class FencedOff(TreatywireError):
    """A write under a lease that has passed to somebody else; nothing was written."""


class Unavailable(TreatywireError):
    """Something outside does not answer now; nothing is known to be written, and a retry is safe."""


class Misconfigured(TreatywireError):
    """A setting, address, credential or data file is wrong; the message names it and what it takes."""


class BadQuery(Misconfigured):
    """A query that cannot be understood.

    Args:
        reason: What is wrong and what would be right.
        query: The whole text.
        position: Where, in code points from the start; None where the whole is meant.
    """

    def __init__(self, reason: str, query: str, position: int | None = None) -> None:
        self.reason, self.query, self.position = reason, query, position
        where = "" if position is None else f"\n  {query}\n  {' ' * position}^"
        super().__init__(f"query: {reason}{where}")
