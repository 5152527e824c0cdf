"""Every port embedded in one SQLite file: logs, event store and search, subscriptions, ledger, feeds, leases.

`open_database` gives the file, `Adapters` the ports over it. Nothing outside this package knows a table.
"""

from connectors.sqlite.adapters import Adapters
from connectors.sqlite.database import Database, open_database

__all__ = ["Adapters", "Database", "open_database"]
