"""The articles log."""

from collections.abc import Sequence
from datetime import datetime
from threading import RLock

from connectors.memory.log import MemoryFollower, MemoryLog
from schemas.article import Article


class MemoryArticleLog(MemoryLog[Article]):
    """The articles topic as a dict."""

    def __init__(self, lock: RLock) -> None:
        super().__init__(lock, lambda article: (article.id, article.revision, article.content_hash))

    def append(self, articles: Sequence[Article], *, again: bool = False) -> None:
        """Adds articles; what is there already is left as it is, or moves to the end `again`."""
        self.add(articles, again=again)

    def expire(self, before: datetime) -> int:
        """Deletes articles fetched before then which every reader has passed; returns how many."""
        return self.drop(lambda article: article.fetched < before)

    def follow(self, name: str, leader: str) -> MemoryFollower[Article]:
        """A reader of this name that never passes `leader`."""
        self.reader(name)
        return MemoryFollower(self, name, leader)
