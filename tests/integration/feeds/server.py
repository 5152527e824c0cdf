"""A web server on a free port of the loopback, that answers as each test tells it."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[["Handler"], None]

FEED = b"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Local</title><language>en</language>
<item><title>A pact</title><link>https://outlet.example/a</link><guid>a</guid><description>One.</description>
<pubDate>Sun, 01 Nov 2026 10:00:00 GMT</pubDate></item></channel></rss>"""


class Handler(BaseHTTPRequestHandler):
    """One request, answered by what its path was given."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers)))
        try:
            self.server.answers[self.path](self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.hung_up.set()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A whole answer; underscores in header names stand for hyphens."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Answers by path, remembers what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.hung_up = threading.Event()
        """Set once a client has gone before its answer was whole."""
        self.stopping = threading.Event()

    def at(self, path: str, answer: Answer) -> str:
        """Answers so at this path; returns its address."""
        self.answers[path] = answer
        return f"http://127.0.0.1:{self.server_port}{path}"

    def gives(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Answers with this at this path; returns its address."""
        return self.at(path, lambda handler: handler.answer(status, body, **headers))


@contextmanager
def serving() -> Iterator[Server]:
    """A running server."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            server.shutdown()


def redirect(to: str, status: int = 302) -> Answer:
    """Sends elsewhere."""
    return lambda handler: handler.answer(status, Location=to)


def drip(start: bytes, every_s: float) -> Answer:
    """Sends a beginning, then a byte at a time, for ever."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(start)
        while not handler.server.stopping.wait(every_s):
            handler.wfile.write(b" ")

    return answer


def raw(data: bytes) -> Answer:
    """Sends these bytes and nothing else."""

    def answer(handler: Handler) -> None:
        handler.wfile.write(data)

    return answer


def silence(handler: Handler) -> None:
    """Says nothing until the test is over."""
    handler.server.stopping.wait(60)


def endless(handler: Handler) -> None:
    """A body without length that never ends."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.stopping.is_set():
        handler.wfile.write(b"<item/>" * 1000)


def zipped_zeros(megabytes: int) -> bytes:
    """Many megabytes of spaces in few kilobytes of gzip."""
    return gzip.compress(b" " * (megabytes << 20))
