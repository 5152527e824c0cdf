"""Feeds written for the project, so that a first run shows something without a network."""

from datetime import timedelta
from pathlib import Path

from schemas.feed import Feed

POLL_EVERY = timedelta(seconds=5)
"""A local file costs nothing to ask, and may be edited to see what happens."""
OUTLETS = (
    ("continental-gazette.atom", "Continental Gazette"),
    ("harbour-courier.rss", "Harbour Courier"),
    ("meridian-wire.rss", "Meridian Wire"),
    ("northern-dispatch.rss", "Northern Dispatch"),
    ("southern-ledger.json", "Southern Ledger"),
    ("treaty-record.rdf", "The Treaty Record"),
)


def feeds() -> tuple[Feed, ...]:
    """The sample feeds at their ``file:`` addresses on this machine, by name of the outlet."""
    data = Path(__file__).resolve().parent / "data"
    return tuple(Feed(url=(data / file).as_uri(), name=outlet, poll_every=POLL_EVERY) for file, outlet in OUTLETS)
