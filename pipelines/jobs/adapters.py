"""The one place that turns settings into adapters: what differs between embedded and production is decided here."""

from typing import Protocol

from schemas.errors import Misconfigured
from schemas.ports import (
    ArticleLog,
    DeadLetters,
    DevelopmentLog,
    EventStore,
    Feeds,
    Followed,
    Generations,
    Leases,
    Ledger,
    Subscriptions,
)
from schemas.settings import Settings


class Adapters(Protocol):
    """One adapter for each port. May be shared by threads, and pickled for another process."""

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
    def followed(self) -> Followed:
        """The articles log, to be read behind another reader."""

    @property
    def generations(self) -> Generations:
        """The findings of each detector; `events` are those of the one that serves."""

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

    @property
    def readers_share(self) -> bool:
        """Whether processes that read a log under one name share its entries; else one of them reads at a time."""

    @property
    def place(self) -> str:
        """Where all this is kept, for a person."""

    def check(self) -> None:
        """Passes where nothing that is written would be lost; each job asks at its start.

        Raises:
            Misconfigured: A log would lose data, or is not the one that belongs to the rest.
            Unavailable: It does not answer now.
        """

    def close(self) -> None:
        """Lets go of what others wait for, and ends all connections; the next use begins anew."""


def open_adapters(settings: Settings, *, create: bool = True, migrating: bool = False) -> Adapters:
    """The adapters that these settings name.

    Args:
        settings: In force.
        create: Whether an embedded database that is not there yet is made. Topics and indices are made by commands of
            their own, never by a first use.
        migrating: Whether the index of events may be one that another version has made otherwise.

    Raises:
        Misconfigured: The storage is not there, not ours, of another version, or may not be used.
        Unavailable: It does not answer now.
    """
    if settings.kafka is not None and settings.elasticsearch is not None:
        from connectors.elasticsearch import open_elasticsearch
        from connectors.kafka import KafkaAdapters
        from pipelines.jobs.served import ServedAdapters

        # Kafka is connected when it is first used: a search does without.
        cluster = open_elasticsearch(settings.elasticsearch, migrating=migrating)
        return ServedAdapters(KafkaAdapters(settings.kafka), cluster, settings.keep_articles)

    from connectors.sqlite import Adapters as SqliteAdapters
    from connectors.sqlite import open_database

    if not create and not settings.database.exists():
        raise Misconfigured(f"there is no data in {settings.data} yet: `treatywire run` collects it")
    return SqliteAdapters(open_database(settings.database))
