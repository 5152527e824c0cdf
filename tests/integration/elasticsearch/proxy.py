"""An HTTP proxy before Elasticsearch that does as it is told to requests."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit


class Request:
    """A request on its way. A rule may answer it, send it on, or break the connection."""

    def __init__(self, handler: "_Handler", body: bytes, upstream: str) -> None:
        self.method, self.path, self.body = handler.command, handler.path, body
        self._handler, self._upstream = handler, upstream

    @property
    def is_bulk(self) -> bool:
        """Whether documents are written."""
        return urlsplit(self.path).path.endswith("/_bulk")

    def items(self) -> list[list[bytes]]:
        """The lines of a bulk, by item."""
        lines = iter(self.body.rstrip(b"\n").split(b"\n"))
        return [[line] if "delete" in json.loads(line) else [line, next(lines)] for line in lines]

    def send(self, body: bytes | None = None) -> tuple[int, dict[str, str], bytes]:
        """What Elasticsearch answers, to this body or to another."""
        connection = http.client.HTTPConnection(self._upstream, timeout=60)
        try:
            headers = {key: value for key, value in self._handler.headers.items() if key.lower() != "content-length"}
            connection.request(self.method, self.path, self.body if body is None else body, headers)
            answer = connection.getresponse()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        """Answers; as Elasticsearch would, unless told otherwise."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self._handler.send_response(status)
        given = {"x-elastic-product": "Elasticsearch"} if headers is None else headers
        for key, value in {"content-type": "application/json", **given}.items():
            if key.lower() not in ("content-length", "transfer-encoding", "connection"):
                self._handler.send_header(key, value)
        self._handler.send_header("Content-Length", str(len(data)))
        self._handler.end_headers()
        self._handler.wfile.write(data)

    def pass_on(self) -> None:
        """Sends it on, and its answer back."""
        status, headers, body = self.send()
        self.answer(status, body, headers)

    def drop(self) -> None:
        """Breaks the connection without an answer."""
        self._handler.close_connection = True


Rule = Callable[[Request], bool]
"""Whether it has dealt with the request."""


class Proxy:
    """Passes on what no rule deals with."""

    def __init__(self) -> None:
        self.url = ""
        self.rule: Rule = lambda _: False
        self.seen: list[Request] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body go out 40 ms apart, at every request
    wbufsize = -1
    proxy: Proxy
    upstream: str

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self, body, self.upstream)
        self.proxy.seen.append(request)
        if not self.proxy.rule(request):
            request.pass_on()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _do  # noqa: N815 - the names that the library looks for

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def proxy_before(url: str) -> Iterator[Proxy]:
    """A proxy that listens until the block ends."""
    proxy = Proxy()
    handler = type("Handler", (_Handler,), {"proxy": proxy, "upstream": urlsplit(url).netloc})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()
