"""What is new in the developments log, for one who looks on."""

from pipelines.matching import hears
from schemas.development import Development
from schemas.ports import DevelopmentLog, Unreadable
from schemas.query.tree import Query
from schemas.vocabulary import Origin

BATCH = 500


class Watch:
    """The developments that a subscription with this query would be sent, as they come.

    Keeps its place in memory only and moves no reader. Entries that cannot be read are passed over: the alert job sets
    them aside.

    Args:
        log: The developments.
        query: Parsed ``for_developments``.
        offset: Where to begin: `log.end()` for what is yet to come, 0 for all there ever was.
    """

    def __init__(self, log: DevelopmentLog, query: Query, offset: int) -> None:
        self._log, self._query, self._offset = log, query, offset

    def poll(self) -> list[Development]:
        """Some that have come since the last call, in order of the log; empty where there are none now. Never waits."""
        while entries := self._log.after(self._offset, BATCH):
            self._offset = entries[-1].offset
            developments = [entry.record for entry in entries if not isinstance(entry.record, Unreadable)]
            if found := [one for one in developments if one.origin is Origin.LIVE and hears(self._query, one)]:
                return found
        return []
