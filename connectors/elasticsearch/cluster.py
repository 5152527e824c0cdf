"""The connection: one client a process, patient with what passes, and a sight of what this process wrote."""

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from connectors.elasticsearch import indices
from connectors.elasticsearch.client_options import client_options
from connectors.elasticsearch.failures import is_passing, translation
from connectors.elasticsearch.patience import Patience
from schemas.elasticsearch_settings import ElasticsearchSettings

T = TypeVar("T")

# The client logs each failed request; what matters of that, we raise.
logging.getLogger("elastic_transport").setLevel(logging.CRITICAL)
logging.getLogger("elasticsearch").setLevel(logging.CRITICAL)


class Cluster:
    """One Elasticsearch, as one user. May be shared by threads, and pickled for another process, which connects anew.

    Searches see what this object wrote before, since a search first refreshes an index that it has written to. What
    other processes wrote they see within a second. A write therefore waits for no refresh, and a process that only
    writes, or only searches, causes none.

    Args:
        settings: Where it is.
        generation: The number of a generation to read and write that does not serve; None for the one that does.
        patience: How long to try again what may pass.
    """

    def __init__(
        self, settings: ElasticsearchSettings, *, generation: int | None = None, patience: Patience | None = None
    ) -> None:
        self.settings, self.generation, self.patience = settings, generation, patience or Patience()
        self._lock, self._refreshing = threading.Lock(), threading.Lock()
        self._client: Elasticsearch | None = None
        self._process = os.getpid()
        self._unseen = set(indices.KINDS)  # what the process before this one wrote counts as ours

    def __getstate__(self) -> tuple[ElasticsearchSettings, int | None, Patience]:
        return self.settings, self.generation, self.patience

    def __setstate__(self, state: tuple[ElasticsearchSettings, int | None, Patience]) -> None:
        settings, generation, patience = state
        self.__init__(settings, generation=generation, patience=patience)  # type: ignore[misc]

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def client(self) -> Elasticsearch:
        """The client, made at the first use; a forked child makes its own."""
        with self._lock:
            if self._client is None or self._process != os.getpid():
                self._process = os.getpid()
                self._client = Elasticsearch(
                    **client_options(self.settings), max_retries=0, retry_on_timeout=False, http_compress=False
                )
            return self._client

    def close(self) -> None:
        """Ends all connections; the next use begins anew."""
        with self._lock:
            if self._client is not None and self._process == os.getpid():
                self._client.close()
            self._client = None

    def alias(self, kind: str) -> str:
        """The name of an index of this kind."""
        return indices.alias(self.settings, kind, self.generation or "")

    def call(self, doing: str, request: Callable[[Elasticsearch], T]) -> T:
        """The answer to a request that does no harm if it arrives twice; it is tried again while that may help.

        Raises:
            Unavailable: It did not help.
            Misconfigured: Address, user, right or index is wrong.
            elasticsearch.ConflictError: A version is another.
        """
        pauses = self.patience.pauses()
        while True:
            try:
                return request(self.client)
            except (ApiError, TransportError) as error:
                pause = next(pauses, None) if is_passing(error) else None
                if pause is None:
                    known = translation(error, self.settings, doing)
                    if known is None:
                        raise
                    raise known from error
            time.sleep(pause)

    def wrote(self, kind: str) -> None:
        """Notes that an index was written to; a search of ours will see it."""
        with self._lock:
            self._unseen.add(kind)

    def see(self, kind: str) -> None:
        """Makes what this process wrote to an index visible to searches, where that is not so yet."""
        with self._refreshing:  # whoever comes meanwhile waits for the same refresh
            with self._lock:
                if kind not in self._unseen:
                    return
                self._unseen.discard(kind)  # before the refresh: what is written during it is not forgotten
            try:
                self.refresh(kind)
            except BaseException:
                self.wrote(kind)
                raise

    def refresh(self, kind: str) -> None:
        """Makes what anybody wrote visible to searches."""
        name = self.alias(kind)
        self.call(f"refresh {name}", lambda client: client.indices.refresh(index=name, ignore_unavailable=False))

    def search(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer to a search in one index; of its shards all have answered."""
        name = self.alias(kind)
        answer = self.call(
            f"search in {name}",
            lambda client: client.search(index=name, allow_partial_search_results=False, **body),
        )
        return dict(answer)
