"""Which feeds are watched, and what is known of each."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from connectors.elasticsearch.bulk import CREATE, Write, bulk
from connectors.elasticsearch.cluster import Cluster
from connectors.elasticsearch.conditions import ALL
from connectors.elasticsearch.documents import Stored, get
from connectors.elasticsearch.indices import ARTICLES_SEEN, FEEDS
from connectors.elasticsearch.pages import hits
from connectors.elasticsearch.states import TRIES
from schemas.codec import decode, encode
from schemas.errors import BadRecord, Unavailable
from schemas.feed import Feed, FeedState


class ElasticsearchFeeds:
    """The feeds as an index, and the content hashes of articles seen as another, a document an article."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def add(self, feed: Feed) -> bool:
        """Whether it is new; else its name and interval are replaced, and what is known of it stays.

        Seen by every process on return.
        """
        for _ in range(TRIES):
            stored = get(self._cluster, FEEDS, [feed.url]).get(feed.url)
            state = decode(stored.source["state"], FeedState) if stored else FeedState(url=feed.url)
            if self._written(feed, state, stored):
                self._cluster.refresh(FEEDS)
                return stored is None
        raise Unavailable(f"feed {feed.url}: others wrote it {TRIES} times meanwhile")

    def remove(self, url: str) -> bool:
        """Whether it was there. Its articles stay, and so do their hashes. Seen by every process on return."""
        there = bool(get(self._cluster, FEEDS, [url], only=("url",)))
        bulk(self._cluster, [Write(FEEDS, url, None)])
        self._cluster.refresh(FEEDS)
        return there

    def list(self) -> Sequence[tuple[Feed, FeedState]]:
        """All, by address; what another process found at a poll is known here within a second."""
        found = hits(self._cluster, FEEDS, ALL, [{"url": "asc"}])
        sources = [hit["_source"] for hit in found]
        return [(decode(one["feed"], Feed), decode(one["state"], FeedState)) for one in sources]

    def known(self, articles: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Content hashes of each article id seen before, in order of revision; unknown ids are absent."""
        found = get(self._cluster, ARTICLES_SEEN, articles)
        return {article: [digest for _, digest in _hashes(stored)] for article, stored in found.items()}

    def save(self, state: FeedState, hashes: Sequence[tuple[str, int, str]] = ()) -> None:
        """What a poll found: (article id, revision, content hash) of what was appended, then the feed's state.

        After a crash in between the feed is asked again, and nothing of it is new. A feed that was removed meanwhile
        stays removed; the hashes are kept all the same.
        """
        self._save_hashes(hashes)
        for _ in range(TRIES):
            stored = get(self._cluster, FEEDS, [state.url]).get(state.url)
            if stored is None or self._written(decode(stored.source["feed"], Feed), state, stored):
                return
        raise Unavailable(f"feed {state.url}: others wrote it {TRIES} times meanwhile")

    def _written(self, feed: Feed, state: FeedState, stored: Stored | None) -> bool:
        """Writes it unless somebody else did since it was read."""
        columns = {"url": feed.url, "feed": encode(feed).decode(), "state": encode(state).decode()}
        condition = stored.unchanged() if stored else CREATE
        outcome = bulk(self._cluster, [Write(FEEDS, feed.url, msgspec.json.encode(columns), condition)])
        for refused in outcome.refused:
            raise BadRecord(f"feed {feed.url[:200]}: Elasticsearch refuses it: {refused.reason}")
        return not outcome.conflicts

    def _save_hashes(self, hashes: Sequence[tuple[str, int, str]]) -> None:
        new: dict[str, dict[int, str]] = {}
        for article, revision, digest in hashes:
            new.setdefault(article, {})[revision] = digest
        for _ in range(TRIES):
            stored = get(self._cluster, ARTICLES_SEEN, new)
            writes: list[Write] = []
            for article, digests in new.items():
                before = dict(_hashes(stored[article])) if article in stored else {}
                if before | digests != before:
                    document = msgspec.json.encode({"hashes": before | digests})
                    condition = stored[article].unchanged() if article in stored else CREATE
                    writes.append(Write(ARTICLES_SEEN, article, document, condition))
            new = {write.name: new[write.name] for write in bulk(self._cluster, writes).conflicts}
            if not new:
                return
        raise Unavailable(f"article {min(new)}: others wrote its hashes {TRIES} times meanwhile")


def _hashes(stored: Stored) -> list[tuple[int, str]]:
    """(revision, hash), by revision."""
    return sorted((int(revision), digest) for revision, digest in stored.source["hashes"].items())
