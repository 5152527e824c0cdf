"""News feeds: fetched over HTTP or from a file, read as RSS, Atom, RDF or JSON Feed, turned into articles."""

from connectors.feeds.defaults import default_feeds

__all__ = ["default_feeds"]
