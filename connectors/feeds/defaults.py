"""The feeds that a first run adds, read from `default_feeds.toml`."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path

from msgspec import Struct, convert

from schemas.feed import Feed

POLL_EVERY = timedelta(minutes=5)


class DefaultFeed(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the file."""

    name: str
    url: str
    source: str
    """The public page or repository that names the address."""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    feed: tuple[DefaultFeed, ...]


@cache
def default_feed_entries() -> tuple[DefaultFeed, ...]:
    """The file's entries, in its order: by region, then name."""
    text = (Path(__file__).parent / "default_feeds.toml").read_text(encoding="utf-8")
    return convert(tomllib.loads(text), _File).feed


def default_feeds() -> tuple[Feed, ...]:
    """The feeds of the file, each polled every five minutes."""
    return tuple(Feed(url=entry.url, name=entry.name, poll_every=POLL_EVERY) for entry in default_feed_entries())
