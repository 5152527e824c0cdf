"""All ports over one database."""

from dataclasses import dataclass

from connectors.sqlite.article_log import SqliteArticleLog
from connectors.sqlite.database import Database
from connectors.sqlite.dead_letters import SqliteDeadLetters
from connectors.sqlite.development_log import SqliteDevelopmentLog
from connectors.sqlite.event_store import SqliteEventStore
from connectors.sqlite.feeds import SqliteFeeds
from connectors.sqlite.generations import SqliteGenerations
from connectors.sqlite.leases import SqliteLeases
from connectors.sqlite.ledger import SqliteLedger
from connectors.sqlite.subscriptions import SqliteSubscriptions
from schemas import ports


@dataclass(frozen=True)
class Adapters:
    """The embedded adapters. May be shared by threads, and pickled for a process started by spawn."""

    database: Database
    readers_share = False

    @property
    def place(self) -> str:
        """The file."""
        return str(self.database.path)

    def check(self) -> None:
        """Nothing: it was looked at when it was opened."""

    def close(self) -> None:
        """Nothing: each connection ends with its thread."""

    @property
    def articles(self) -> ports.ArticleLog:
        """The articles log."""
        return SqliteArticleLog(self.database)

    @property
    def developments(self) -> ports.DevelopmentLog:
        """The developments log."""
        return SqliteDevelopmentLog(self.database)

    @property
    def dead_letters(self) -> ports.DeadLetters:
        """Input that could not be used."""
        return SqliteDeadLetters(self.database)

    @property
    def events(self) -> ports.EventStore:
        """States, projections and their search."""
        return SqliteEventStore(self.database)

    @property
    def followed(self) -> ports.Followed:
        """The articles log, to be read behind another reader."""
        return SqliteArticleLog(self.database)

    @property
    def generations(self) -> ports.Generations:
        """The findings of each detector."""
        return SqliteGenerations(self.database)

    @property
    def subscriptions(self) -> ports.Subscriptions:
        """Who wants to hear of what."""
        return SqliteSubscriptions(self.database)

    @property
    def ledger(self) -> ports.Ledger:
        """Every delivery, with each try."""
        return SqliteLedger(self.database)

    @property
    def feeds(self) -> ports.Feeds:
        """Which feeds are watched, and what is known of each."""
        return SqliteFeeds(self.database)

    @property
    def leases(self) -> ports.Leases:
        """Who does what."""
        return SqliteLeases(self.database)
