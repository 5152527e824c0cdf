"""The one place that turns settings into adapters: what differs between embedded and production is decided here."""

from typing import Protocol

from schemas.ports import (
    ArticleLog,
    DeadLetters,
    DevelopmentLog,
    EventStore,
    Feeds,
    Leases,
    Ledger,
    Subscriptions,
)
from schemas.settings import Settings


class Adapters(Protocol):
    """One adapter for each port."""

    @property
    def articles(self) -> ArticleLog:
        """The articles log."""

    @property
    def developments(self) -> DevelopmentLog:
        """The developments log."""

    @property
    def dead_letters(self) -> DeadLetters:
        """The dead letters."""

    @property
    def events(self) -> EventStore:
        """States, projections, search."""

    @property
    def subscriptions(self) -> Subscriptions:
        """Who wants to hear of what."""

    @property
    def ledger(self) -> Ledger:
        """Deliveries."""

    @property
    def feeds(self) -> Feeds:
        """Feeds and what is known of them."""

    @property
    def leases(self) -> Leases:
        """Who does what."""


def open_adapters(settings: Settings) -> Adapters:
    """The adapters that these settings name, their storage made where it is not there yet.

    Raises:
        Misconfigured: The storage is not ours, from a newer version, or may not be written.
        Unavailable: It does not answer now.
    """
    from connectors.sqlite import Adapters as SqliteAdapters
    from connectors.sqlite import open_database

    return SqliteAdapters(open_database(settings.database))
