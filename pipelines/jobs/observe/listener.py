"""The HTTP listener: /metrics, /health and /ready."""

import ipaddress
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from msgspec import Struct
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from schemas.errors import Misconfigured

LOOPBACK = "127.0.0.1"
SLOWEST_CLIENT_S = 10.0


class Verdict(Struct, frozen=True):
    """What /health and /ready answer from: each part's name with what is wrong with it, or None."""

    parts: dict[str, str | None]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self.parts.values())


@contextmanager
def listening(
    address: str, collector: Collector, health: Callable[[], Verdict], ready: Callable[[], Verdict]
) -> Iterator[str | None]:
    """Listens on ``port`` (of 127.0.0.1) or ``host:port`` while the body runs, and says where; port 0 takes a free one.

    An empty address is none, and nothing listens.

    Raises:
        Misconfigured: The address is none, or is taken.
    """
    if not address:
        yield None
        return
    host, port = parse_address(address)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(collector)

    class Handler(BaseHTTPRequestHandler):
        timeout = SLOWEST_CLIENT_S
        server_version, sys_version = "treatywire", ""

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/metrics":
                encode, content_type = choose_encoder(self.headers.get("accept", ""))
                self._answer(HTTPStatus.OK, content_type, encode(registry))
            elif path in ("/health", "/ready"):
                verdict = health() if path == "/health" else ready()
                status = HTTPStatus.OK if verdict.good else HTTPStatus.SERVICE_UNAVAILABLE
                said = {part: wrong or "ok" for part, wrong in verdict.parts.items()}
                self._answer(status, "application/json", json.dumps(said, ensure_ascii=False).encode() + b"\n")
            else:
                self._answer(HTTPStatus.NOT_FOUND, "text/plain", b"there are /metrics, /health and /ready\n")

        def _answer(self, status: HTTPStatus, content_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            del args

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that has gone is no trouble of ours."""

    try:
        server = Server((host, port), Handler)
    except OSError as error:
        raise Misconfigured(f"metrics_listen = {address!r}: cannot listen there: {error.strerror}") from error
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True, name="metrics").start()
    try:
        yield f"[{host}]:{server.server_port}" if ":" in host else f"{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def parse_address(address: str) -> tuple[str, int]:
    """Host and port; an address without a host is loopback.

    Raises:
        Misconfigured: It is none.
    """
    host, _, port = address.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or LOOPBACK
    try:
        if not (port.isascii() and port.isdecimal() and int(port) < 1 << 16):
            raise ValueError(port)
        return ("127.0.0.1" if host == "localhost" else str(ipaddress.ip_address(host))), int(port)
    except ValueError:
        takes = "takes a port of 127.0.0.1 such as 9464, or address:port such as 0.0.0.0:9464"
        raise Misconfigured(f"metrics_listen = {address!r}: {takes}") from None
