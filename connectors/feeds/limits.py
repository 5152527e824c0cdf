"""How much a feed may take of us."""

from msgspec import Struct


class Limits(Struct, frozen=True, kw_only=True):
    """Bounds on one poll."""

    max_bytes: int = 10 * 1024 * 1024
    """Of a document after decompression."""
    connect_s: float = 10.0
    """Seconds for a connection with its TLS handshake."""
    silence_s: float = 15.0
    """Seconds that a server may send nothing."""
    total_s: float = 30.0
    """Seconds for one poll with all its redirects."""
    redirects: int = 10
