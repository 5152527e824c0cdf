"""News feeds: fetched over HTTP or from a file, read as RSS, Atom, RDF or JSON Feed, turned into articles."""

from connectors.feeds.address import feed_address
from connectors.feeds.defaults import default_feeds
from connectors.feeds.items import replay_article
from connectors.feeds.opml import read_opml, write_opml
from connectors.feeds.report import FeedReport, check

__all__ = ["FeedReport", "check", "default_feeds", "feed_address", "read_opml", "replay_article", "write_opml"]
