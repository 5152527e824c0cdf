"""What answers at a bootstrap address, when no broker does."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from connectors.kafka.failures import translated
from connectors.kafka.library import kafka_errors
from schemas.errors import Misconfigured, Unavailable
from schemas.kafka_settings import KafkaSettings


@pytest.fixture
def web() -> Iterator[str]:
    """HOST:PORT of a web server that knows no page."""
    with HTTPServer(("127.0.0.1", 0), type("Handler", (BaseHTTPRequestHandler,), {"log_message": print})) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def hangs_up() -> Iterator[str]:
    """HOST:PORT of one that takes a connection and ends it, as a broker does that cannot read a request."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(10)
            connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join()


NOWHERE = "127.0.0.1:9"


def fail(bootstrap: str) -> None:
    """No broker of these lets us in."""
    with translated(KafkaSettings(bootstrap=bootstrap), "ask"):
        raise kafka_errors.KafkaConnectionError("Unable to bootstrap")


def test_a_web_server_is_no_broker_that_is_away(web: str) -> None:
    """A person must change the setting; the message says which address of several is meant."""
    with pytest.raises(Misconfigured, match=f"what answers at {web} speaks HTTP"):
        fail(f"{NOWHERE},{web}")


def test_whoever_hangs_up_or_is_not_there_may_be_a_broker(hangs_up: str) -> None:
    """It is tried again."""
    with pytest.raises(Unavailable, match="Unable to bootstrap"):
        fail(f"{NOWHERE}, {hangs_up}")
