"""Which feeds are watched, and what is known of each."""

from collections.abc import Iterable, Mapping, Sequence
from threading import RLock

from schemas.feed import Feed, FeedState


class MemoryFeeds:
    """The feeds as a dict, and the content hashes of articles seen as another."""

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._feeds: dict[str, tuple[Feed, FeedState]] = {}
        self._hashes: dict[str, dict[int, str]] = {}

    def add(self, feed: Feed) -> bool:
        """Whether it is new; else its name and interval are replaced, and what is known of it stays."""
        with self._lock:
            known = self._feeds.get(feed.url)
            self._feeds[feed.url] = (feed, known[1] if known else FeedState(url=feed.url))
        return known is None

    def remove(self, url: str) -> bool:
        """Whether it was there. Its articles stay, and so do their hashes."""
        with self._lock:
            return self._feeds.pop(url, None) is not None

    def list(self) -> Sequence[tuple[Feed, FeedState]]:
        """All, by address."""
        with self._lock:
            return [self._feeds[url] for url in sorted(self._feeds)]

    def known(self, articles: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Content hashes of each article id seen before, in order of revision; unknown ids are absent."""
        with self._lock:
            wanted = {article: self._hashes[article] for article in articles if article in self._hashes}
            return {article: [hashes[number] for number in sorted(hashes)] for article, hashes in wanted.items()}

    def save(self, state: FeedState, hashes: Sequence[tuple[str, int, str]] = ()) -> None:
        """What a poll found: the feed's state, and (article id, revision, content hash) of what was appended.

        A feed that was removed meanwhile stays removed; the hashes are kept all the same.
        """
        with self._lock:
            if state.url in self._feeds:
                self._feeds[state.url] = (self._feeds[state.url][0], state)
            for article, revision, digest in hashes:
                self._hashes.setdefault(article, {})[revision] = digest
