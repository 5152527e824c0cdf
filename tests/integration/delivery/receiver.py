"""A webhook receiver on loopback, which checks signatures with the reference library."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from msgspec import Struct
from standardwebhooks import Webhook, WebhookVerificationError

DEADLINE_S = 30.0


class Post(Struct, frozen=True):
    """One request, whole."""

    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def id(self) -> str:
        """The id by which repeats are known."""
        return self.headers["webhook-id"]

    @property
    def signed(self) -> Any:
        """The JSON of the body."""
        return json.loads(self.body)


Answer = Callable[["Handler", Post], None]
"""Writes the answer to one request, or does something worse."""


def status(code: int, **headers: str) -> Answer:
    """Answers with a status and headers (``_`` for ``-``), without a body."""

    def answer(handler: "Handler", _: Post) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def hang(handler: "Handler", _: Post) -> None:
    """Says nothing until the receiver closes."""
    handler.receiver.closing.wait(DEADLINE_S)


def raw(data: bytes) -> Answer:
    """Answers with these bytes and closes."""

    def answer(handler: "Handler", _: Post) -> None:
        handler.wfile.write(data)
        handler.close_connection = True

    return answer


def drip(first: bytes, again: bytes) -> Answer:
    """Sends `first`, then `again` every 20 ms until the other side goes or the receiver closes."""

    def answer(handler: "Handler", _: Post) -> None:
        handler.wfile.write(first)
        while not handler.receiver.closing.wait(0.02):
            handler.wfile.write(again)
        handler.close_connection = True

    return answer


class Receiver(ThreadingHTTPServer):
    """Keeps every post that verifies; answers 204, or as `answer` says."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, secret: str, answer: Answer | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer or status(204)
        self.posts: list[Post] = []
        self.unsigned: list[Post] = []
        self.closing = threading.Event()
        self._webhook = Webhook(secret)
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where to post to."""
        return f"http://127.0.0.1:{self.server_port}/hook"

    @property
    def ids(self) -> list[str]:
        """The id of each post, in order of arrival."""
        with self._changed:
            return [post.id for post in self.posts]

    def take(self, post: Post) -> None:
        """Keeps a post."""
        try:
            self._webhook.verify(post.body, dict(post.headers))
            kept = self.posts
        except WebhookVerificationError:
            kept = self.unsigned
        with self._changed:
            kept.append(post)
            self._changed.notify_all()

    def wait_for(self, count: int) -> list[Post]:
        """The posts, once there are so many; fails after half a minute."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.posts) >= count, DEADLINE_S), f"{len(self.posts)} posts"
            return list(self.posts)

    def close(self) -> None:
        """Ends hanging answers and stops listening."""
        self.closing.set()
        self.shutdown()
        self._thread.join(DEADLINE_S)
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Says nothing of clients that went away."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    @property
    def receiver(self) -> Receiver:
        """The server."""
        assert isinstance(self.server, Receiver)
        return self.server

    def do_POST(self) -> None:
        """Takes a post and answers; one cut short by the sender's death is none."""
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        post = Post(self.path, headers, body)
        self.receiver.take(post)
        self.receiver.answer(self, post)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


def until(condition: Callable[[], bool], what: str = "") -> None:
    """Returns once the condition holds; fails after half a minute."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, what or "the condition did not come about"
        threading.Event().wait(0.005)
