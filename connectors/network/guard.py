"""An HTTP transport that connects to checked addresses only.

A name is resolved once, every address it has is checked, and the connection is made to exactly these addresses: a
name that resolves otherwise a moment later (DNS rebinding) reaches nothing else. The name stays in ``Host`` and in TLS
server name indication, so certificates are checked against it. Each request is a new connection, so that each redirect
and each retry is checked anew. Proxies are not used: behind one, the address connected to would not be ours to check.

Example:
    >>> import httpx
    >>> from connectors.network.guard import GuardedTransport
    >>> with httpx.Client(transport=GuardedTransport(total_s=10), timeout=5) as client:
    ...     client.post("https://10.0.0.1/hook")
    Traceback (most recent call last):
    connectors.network.guard.AddressRefused: 10.0.0.1 is private (RFC 1918): …
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from connectors.network.addresses import why_not_public
from schemas.errors import Misconfigured

Resolve = Callable[[str, int], list[str]]
"""All addresses of a name, for connecting to this port; `OSError` where it has none."""


class AddressRefused(Misconfigured):
    """A host that is not of the public Internet; nothing was sent to it."""


def resolve(host: str, port: int) -> list[str]:
    """All addresses that the system's resolver gives for a name or a numeric address, each once, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def checked_addresses(host: str, port: int, *, allow_private: bool, resolve: Resolve = resolve) -> list[str]:
    """The addresses of `host`, all of them allowed.

    Raises:
        AddressRefused: At least one is not public. One is enough, or the order of answers would decide.
        OSError: There is none.
    """
    addresses = resolve(host, port)
    for text in addresses:
        kind = None if allow_private else why_not_public(ip_address(text))
        if kind is not None:
            named = host if text == host else f"{host} ({text})"
            raise AddressRefused(
                f"{named} is {kind}: only public addresses are asked, unless allow_private_addresses is set"
            )
    return addresses


class GuardedTransport(httpx.BaseTransport):
    """A transport for `httpx.Client`; may be shared between threads.

    Args:
        allow_private: Lets every address.
        total_s: Seconds for one request from resolving its name to the last byte of its answer; a request with the
            extension ``deadline`` (`time.monotonic()`) has that one instead. Resolving itself cannot be interrupted.
        resolve: Stands in for the system's resolver in tests.
    """

    def __init__(self, *, allow_private: bool = False, total_s: float = 30.0, resolve: Resolve = resolve) -> None:
        self._allow_private = allow_private
        self._total_s = total_s
        self._resolve = resolve
        self._ssl_context: ssl.SSLContext | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends one request over a connection of its own.

        Raises:
            AddressRefused: The host is not public.
        """
        deadline = request.extensions.get("deadline", time.monotonic() + self._total_s)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        connection = httpcore.HTTPConnection(
            origin=url.origin,
            ssl_context=self._tls() if request.url.scheme == "https" else None,
            network_backend=_GuardedBackend(self._allow_private, deadline, self._resolve),
        )
        sent = httpcore.Request(
            method=request.method,
            url=url,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            with _httpx_errors():
                answer = connection.handle_request(sent)
        except BaseException:
            connection.close()
            raise
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream, connection),
            extensions=answer.extensions,
        )

    def _tls(self) -> ssl.SSLContext:
        if self._ssl_context is None:
            self._ssl_context = httpx.create_ssl_context()
        return self._ssl_context


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes], connection: httpcore.HTTPConnection) -> None:
        self._stream, self._connection = stream, connection

    def __iter__(self) -> Iterator[bytes]:
        with _httpx_errors():
            yield from self._stream

    def close(self) -> None:
        self._connection.close()


class _GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses, and gives nothing more time than the deadline leaves."""

    def __init__(self, allow_private: bool, deadline: float, resolve: Resolve) -> None:
        self._allow_private, self._deadline, self._resolve = allow_private, deadline, resolve
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = checked_addresses(host, port, allow_private=self._allow_private, resolve=self._resolve)
        except UnicodeError as error:
            raise httpcore.ConnectError(f"{host!r} is no host name") from error
        except OSError as error:
            raise httpcore.ConnectError(f"the name {host} cannot be resolved: {error.strerror or error}") from error
        failure: Exception = httpcore.ConnectError(f"the name {host} has no address")
        for address in addresses:
            try:
                left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
                stream = self._system.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._deadline)
        raise failure


class _DeadlineStream(httpcore.NetworkStream):
    """A stream each of whose waits ends with the deadline, however slowly the other side drips."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        return _DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None, too_late: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise too_late("the deadline has passed")
    return left if timeout is None else min(timeout, left)


@contextmanager
def _httpx_errors() -> Iterator[None]:
    """Errors of httpcore as the httpx ones of the same name, as httpx itself has it."""
    try:
        yield
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
        names = (kind.__name__ for kind in type(error).__mro__)
        counterpart = next(getattr(httpx, name) for name in names if hasattr(httpx, name))
        raise counterpart(str(error)) from error
