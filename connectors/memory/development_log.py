"""The developments log."""

from collections.abc import Sequence
from threading import RLock

from connectors.memory.log import MemoryLog
from schemas.development import Development


class MemoryDevelopmentLog(MemoryLog[Development]):
    """The developments topic as a dict."""

    def __init__(self, lock: RLock) -> None:
        super().__init__(lock, lambda development: development.id)

    def append(self, developments: Sequence[Development]) -> None:
        """Adds developments; an id that is there already is left as it is."""
        self.add(developments)
