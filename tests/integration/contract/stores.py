"""What the contract is asked of: every way of storing, behind the same ports."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from connectors import memory, sqlite
from schemas import ports


class Ports(Protocol):
    """A bundle of adapters."""

    @property
    def articles(self) -> ports.ArticleLog: ...
    @property
    def developments(self) -> ports.DevelopmentLog: ...
    @property
    def dead_letters(self) -> ports.DeadLetters: ...
    @property
    def events(self) -> ports.EventStore: ...
    @property
    def followed(self) -> ports.Followed: ...
    @property
    def generations(self) -> ports.Generations: ...
    @property
    def subscriptions(self) -> ports.Subscriptions: ...
    @property
    def ledger(self) -> ports.Ledger: ...
    @property
    def feeds(self) -> ports.Feeds: ...
    @property
    def leases(self) -> ports.Leases: ...


@dataclass
class Store:
    """An empty store, and the same store as the next process finds it."""

    ports: Ports
    reopen: Callable[[], Ports]


@contextmanager
def in_memory(_: Path) -> Iterator[Store]:
    """Its next process is the same one: memory does not outlive it."""
    adapters = memory.Adapters()
    yield Store(adapters, lambda: adapters)


@contextmanager
def in_sqlite(directory: Path) -> Iterator[Store]:
    """One file; reopened, it has been closed by everybody."""
    path = directory / "treatywire.db"
    databases = [sqlite.open_database(path)]

    def reopen() -> Ports:
        databases.pop().close()
        databases.append(sqlite.open_database(path))
        return sqlite.Adapters(databases[0])

    try:
        yield Store(sqlite.Adapters(databases[0]), reopen)
    finally:
        databases.pop().close()


STORES: dict[str, Callable[[Path], AbstractContextManager[Store]]] = {"memory": in_memory, "sqlite": in_sqlite}
"""By name. A new adapter joins here and is asked the same."""
