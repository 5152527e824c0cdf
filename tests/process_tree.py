"""`treatywire run` as tests and benchmarks start it, with a receiver for its webhooks."""

import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import psutil
from msgspec import Struct

from connectors.delivery.envelope import DevelopmentEnvelope
from schemas.codec import decode
from schemas.development import Development
from tests.waiting import until

ROOT = Path(__file__).parents[1]


class Delivery(Struct, frozen=True):
    """One webhook as it arrived."""

    at: float
    """`time.time()`."""
    id: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """A webhook receiver on a free loopback port; answers 204."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        deliveries = self.deliveries

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {key.lower(): value for key, value in self.headers.items()}
                deliveries.append(Delivery(time.time(), headers["webhook-id"], headers, body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                del args

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver that ends with the block."""
    opened = Receiver()
    try:
        yield opened
    finally:
        opened.close()


def environment(data: Path) -> dict[str, str]:
    """What a process of ours needs: the data folder, and webhooks and feeds on loopback allowed."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("TREATYWIRE_", "XDG_"))}
    return kept | {
        "TREATYWIRE_DATA": str(data),
        "TREATYWIRE_ALLOW_PRIVATE_ADDRESSES": "true",
        "HOME": str(data),
        "PYTHONPATH": str(ROOT),
    }


def treatywire(
    data: Path, *arguments: str, variables: Mapping[str, str] = MappingProxyType({}), **options: object
) -> "subprocess.Popen[str]":
    """The command line, started; `variables` are beside those of `environment`."""
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]  # options are Popen's own
        [sys.executable, "-m", "app", *arguments],
        env=environment(data) | dict(variables),
        cwd=ROOT,
        text=True,
        process_group=0,
        **options,
    )


def command(
    data: Path, *arguments: str, variables: Mapping[str, str] = MappingProxyType({})
) -> "subprocess.CompletedProcess[str]":
    """The command line, run to its end; fails the test where it ends badly (3 and above, or a traceback)."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=environment(data) | dict(variables),
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=300,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@contextmanager
def running(data: Path) -> Iterator["subprocess.Popen[str]"]:
    """`treatywire run`, with all its jobs up; stopped by SIGINT within five seconds."""
    process = treatywire(data, "run", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: len(psutil.Process(process.pid).children()) == 4, 30)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


def development_of(delivery: Delivery) -> Development:
    """The development that a webhook carries."""
    return decode(delivery.body, DevelopmentEnvelope).data
