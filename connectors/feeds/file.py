"""Feeds in local files: ``file:`` addresses, which only a person adds; no redirect leads here."""

import os
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from connectors.feeds.answer import BadFeed, FeedUnavailable, Fetched, NotModified
from connectors.feeds.body import size
from connectors.feeds.limits import Limits
from schemas.feed import FeedState


def path_of(url: str) -> Path:
    """The path that a ``file:`` address names.

    Raises:
        FeedUnavailable: It names another host.
    """
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        raise FeedUnavailable(f"names a file on the host {parts.netloc!r}: only local files are read")
    return Path(url2pathname(parts.path))


def fetch_file(state: FeedState, limits: Limits) -> Fetched | NotModified:
    """The file's bytes; its time of change and size are the validator.

    Raises:
        FeedUnavailable: There is no such file, or it may not be read.
        BadFeed: It is too large.
    """
    path = path_of(state.url)
    try:
        if not path.is_file():
            raise FeedUnavailable("there is no such file" if not path.exists() else "this is no regular file")
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            validator = f"{stat.st_mtime_ns}-{stat.st_size}"
            if validator == state.etag:
                return NotModified()
            body = file.read(limits.max_bytes + 1)
    except OSError as error:
        raise FeedUnavailable(f"the file cannot be read: {error.strerror}") from error
    if len(body) > limits.max_bytes:
        raise BadFeed(f"is larger than the {size(limits.max_bytes)} that a feed may have", body)
    return Fetched(body=body, url=state.url, etag=validator)
