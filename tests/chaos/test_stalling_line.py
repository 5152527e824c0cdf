"""The line forwards, holds, and forwards late; nobody is told."""

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.chaos.stalling_line import StallingLine
from tests.waiting import until


class Hearer:
    """Keeps what it is sent, and answers each piece in capitals."""

    def __init__(self) -> None:
        self.heard = b""
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._door.accept()
            except OSError:
                return
            with connection:
                while data := connection.recv(100):
                    self.heard += data
                    connection.sendall(data.upper())

    def close(self) -> None:
        """Listens no more."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


@pytest.fixture
def hearer() -> Iterator[Hearer]:
    """At the other end."""
    hearer = Hearer()
    yield hearer
    hearer.close()


@pytest.fixture
def line(hearer: Hearer) -> Iterator[StallingLine]:
    """To it."""
    line = StallingLine()
    line.to = hearer.port
    yield line
    line.close()


def connect(line: StallingLine) -> socket.socket:
    """Through the line; waits half a second for whatever comes."""
    return socket.create_connection(("127.0.0.1", line.port), timeout=0.5)


def test_it_forwards_both_ways(line: StallingLine) -> None:
    """As if it were not there."""
    with connect(line) as caller:
        caller.sendall(b"one")
        assert caller.recv(100) == b"ONE"


def test_while_it_stalls_nothing_comes_and_nothing_is_closed(line: StallingLine, hearer: Hearer) -> None:
    """On connections that were there and on new ones; afterwards all of it arrives."""
    with connect(line) as old:
        old.sendall(b"one")
        assert old.recv(100) == b"ONE"
        with line.stalled(), connect(line) as new:
            for caller in (old, new):
                caller.sendall(b"two")
                with pytest.raises(TimeoutError):
                    caller.recv(100)
            assert hearer.heard == b"one"
            assert line.stalls == 2
        assert old.recv(100) == b"TWO"


def test_what_was_sent_by_one_who_has_given_up_arrives_late(line: StallingLine, hearer: Hearer) -> None:
    """A write that timed out is carried out all the same."""
    caller = connect(line)
    caller.sendall(b"one")
    assert caller.recv(100) == b"ONE"
    with line.stalled():
        caller.sendall(b" two")
        caller.close()
        assert hearer.heard == b"one"
    until(lambda: hearer.heard == b"one two")
