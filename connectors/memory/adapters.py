"""All ports over one memory."""

from threading import RLock

from connectors.memory.article_log import MemoryArticleLog
from connectors.memory.dead_letters import MemoryDeadLetters
from connectors.memory.development_log import MemoryDevelopmentLog
from connectors.memory.event_store import MemoryEventStore
from connectors.memory.feeds import MemoryFeeds
from connectors.memory.generations import MemoryGenerations
from connectors.memory.leases import MemoryLeases
from connectors.memory.ledger import MemoryLedger
from connectors.memory.subscriptions import MemorySubscriptions
from schemas import ports


class Adapters:
    """The adapters of one memory, empty at first; threads may share them."""

    def __init__(self) -> None:
        lock = RLock()
        articles, developments = MemoryArticleLog(lock), MemoryDevelopmentLog(lock)
        dead_letters, ledger = MemoryDeadLetters(lock), MemoryLedger(lock, developments)
        self.articles: ports.ArticleLog = articles
        self.developments: ports.DevelopmentLog = developments
        self.dead_letters: ports.DeadLetters = dead_letters
        events = MemoryEventStore(lock, articles, dead_letters)
        self.events: ports.EventStore = events
        self.followed: ports.Followed = articles
        self.generations: ports.Generations = MemoryGenerations(lock, articles, dead_letters, events)
        self.subscriptions: ports.Subscriptions = MemorySubscriptions(lock, ledger)
        self.ledger: ports.Ledger = ledger
        self.feeds: ports.Feeds = MemoryFeeds(lock)
        self.leases: ports.Leases = MemoryLeases(lock)
        self.readers_share = False
        self.place = "memory"

    def check(self) -> None:
        """Nothing: there is nothing to be wrong."""

    def close(self) -> None:
        """Nothing: it goes with the process."""
