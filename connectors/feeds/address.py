"""The address of a feed, from what a person types."""

from pathlib import Path
from urllib.parse import urlsplit

from schemas.errors import Misconfigured


def feed_address(typed: str) -> str:
    """The http, https or ``file:`` address that is meant: a path becomes absolute, ``feed:`` is taken off.

    A ``file:`` address need not exist any longer: a feed whose file is gone can still be removed.

    Raises:
        Misconfigured: It is neither a file here nor such an address; the message says what would be right.
    """
    typed = typed.strip()
    if typed.lower().startswith("feed:"):
        rest = typed[len("feed:") :]
        typed = f"http:{rest}" if rest.startswith("//") else rest
    try:
        parts = urlsplit(typed)
    except ValueError as error:
        raise Misconfigured(f"feed {typed!r}: no address: {error}") from error
    scheme = parts.scheme.lower()
    if scheme in {"http", "https"}:
        if not parts.hostname:
            raise Misconfigured(f"feed {typed!r}: no host: an address such as https://news.example/rss")
        return parts._replace(scheme=scheme, fragment="").geturl()
    if scheme == "file":
        if parts.netloc not in {"", "localhost"} or not parts.path.startswith("/"):
            raise Misconfigured(f"feed {typed!r}: a local file, such as file:///srv/feeds/archive.xml")
        return f"file://{parts.path}"
    path = Path(typed).expanduser()
    if typed and path.exists():
        return path.resolve().as_uri()
    looks_like_host = "://" not in typed and "." in typed.partition("/")[0].strip(".")
    hint = f"; did you mean https://{typed}?" if looks_like_host else ""
    raise Misconfigured(f"feed {typed!r}: neither a file here nor an http, https or file address{hint}")
