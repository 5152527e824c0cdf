"""Identifiers computed from content, so that a repeated delivery is the same record."""

import base64
import hashlib
from contextlib import suppress
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# Parameters that say how a reader came to a page, not which page it is.
TRACKING = frozenset({"fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "ref_src", "yclid"})
DEFAULT_PORTS = {"http": 80, "https": 443}


def content_id(kind: str, *parts: str | int | None) -> str:
    """``kind-`` and 24 characters (120 bits of BLAKE2b, base32) that depend on every part and on their order.

    A missing part (None) differs from an empty one.
    """
    digest = hashlib.blake2b(digest_size=15)
    for part in (kind, *parts):
        data = b"" if part is None else str(part).encode("utf-8", "surrogatepass")
        digest.update(b"-" if part is None else b"%d:" % len(data))
        digest.update(data)
    return f"{kind}-{base64.b32encode(digest.digest()).decode().lower()}"


def content_hash(*parts: str) -> str:
    """24 characters that change when a part does: how a revision of an article is told from a repeat."""
    return content_id("h", *parts)[2:]


def stable_hash(text: str) -> int:
    """An unsigned 64-bit number, the same in every process and release: for bounded sets ordered by hash."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def canonical_url(url: str) -> str:
    """The same address for every way of writing it: lower-case scheme and host, no fragment, tracking or default port.

    The order of the other query parameters is kept, since it may matter. An address without scheme or host comes back
    stripped and otherwise as it was.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").rstrip(".")
    if not parts.scheme or not host:
        return url
    if not host.isascii():
        with suppress(UnicodeError):
            host = host.encode("idna").decode("ascii")
    scheme = parts.scheme.lower()
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS.get(scheme):
        netloc += f":{port}"
    kept = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if key.lower() not in TRACKING and not key.lower().startswith("utm_")
    ]
    path = quote(unquote(parts.path), safe="/%:@!$&'()*+,;=~-._") or "/"
    return urlunsplit((scheme, netloc, path, urlencode(kept), ""))
