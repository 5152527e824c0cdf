"""The decompressed body of an HTTP response, never more of it than allowed."""

import zlib
from collections.abc import Iterator

import httpx

from connectors.feeds.answer import BadFeed, FeedUnavailable

CODINGS = "gzip, deflate"
"""What is asked for. Each is undone here piece by piece: httpx would expand a whole piece at once, however large."""
STEP = 64 * 1024


def read_body(response: httpx.Response, limit: int) -> bytes:
    """The body, decompressed.

    Raises:
        BadFeed: It is larger than `limit` bytes, compressed otherwise than was asked for, or cannot be decompressed.
        httpx.TransportError: It did not arrive whole.
    """
    coding = response.headers.get("content-encoding", "").strip().lower()
    announced = response.headers.get("content-length", "")
    if coding in {"", "identity"} and announced.isdecimal() and int(announced) > limit:
        raise BadFeed(f"announces {size(int(announced))}, and a feed may have {size(limit)}: nothing was read", b"")
    body = bytearray()
    for piece in _decoded(response, coding):
        body += piece
        if len(body) > limit:
            raise BadFeed(f"is larger than the {size(limit)} that a feed may have: reading stopped there", bytes(body))
    return bytes(body)


def size(count: int) -> str:
    """A number of bytes for a person, in MB of 2**20 where it is that large."""
    return f"{count / 2**20:.3g} MB" if count >= 2**20 else f"{count} bytes"


def _decoded(response: httpx.Response, coding: str) -> Iterator[bytes]:
    if coding in {"", "identity"}:
        yield from response.iter_raw()
    elif coding in {"gzip", "x-gzip", "deflate"}:
        try:
            yield from _inflated(response)
        except zlib.error as error:
            raise BadFeed(f"says it is compressed with {coding} and cannot be decompressed: {error}", b"") from error
    else:
        raise FeedUnavailable(f"compressed with {coding}, though {CODINGS} was asked for")


def _inflated(response: httpx.Response) -> Iterator[bytes]:
    """Undoes gzip (also of several members) and deflate (with or without zlib's header), at most `STEP` at a time.

    A stream that breaks off gives what there is: the parser sees whether the document is whole.
    """
    inflate = None
    for piece in response.iter_raw():
        while piece:
            if inflate is None:
                inflate = zlib.decompressobj(_window(piece))
            yield inflate.decompress(piece, STEP)
            piece = inflate.unconsumed_tail
            if inflate.eof:
                piece, inflate = inflate.unused_data.lstrip(b"\0"), None
    while inflate is not None and (rest := inflate.decompress(b"", STEP)):
        yield rest


def _window(start: bytes) -> int:
    """The format by the first byte: 31 gzip, 15 zlib, -15 bare deflate."""
    if start[:1] == b"\x1f":
        return 31
    return 15 if start[0] & 0x0F == 8 else -15
