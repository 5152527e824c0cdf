"""A TCP proxy that can stop forwarding without closing anything, as a network does that swallows packets."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 65536


class StallingLine:
    """Forwards bytes between whoever connects to `address` and a port of loopback.

    While it stalls, connections are taken and nothing comes of them. What was sent meanwhile arrives afterwards, late,
    even where its sender has given up: writes that nobody waits for any more are part of such a fault.
    """

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._door.getsockname()[1]
        self.to: int | None = None
        """The port behind; set before anybody connects."""
        self.stalls = 0
        """How many connections were there when it stalled, or came meanwhile."""
        self._flows, self._open = threading.Event(), set[socket.socket]()
        self._flows.set()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def address(self) -> str:
        """HOST:PORT in front."""
        return f"127.0.0.1:{self.port}"

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Nothing gets through within the block."""
        with self._lock:
            self.stalls = len(self._open) // 2
        self._flows.clear()
        try:
            yield
        finally:
            self._flows.set()

    def close(self) -> None:
        """Ends it with all connections."""
        self._flows.set()
        self._door.shutdown(socket.SHUT_RDWR)  # closed alone, it would go on taking connections
        self._door.close()
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while True:
            try:
                front, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(front,), daemon=True).start()

    def _connect(self, front: socket.socket) -> None:
        if not self._flows.is_set():
            with self._lock:
                self.stalls += 1
        self._flows.wait()
        assert self.to is not None
        try:
            back = socket.create_connection(("127.0.0.1", self.to))
        except OSError:
            front.close()
            return
        for end in (front, back):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a line adds no 40 ms of its own
        with self._lock:
            self._open |= {front, back}
        ways = [
            threading.Thread(target=self._forward, args=pair, daemon=True) for pair in ((front, back), (back, front))
        ]
        for way in ways:
            way.start()
        for way in ways:
            way.join()
        with self._lock:
            self._open -= {front, back}
        front.close()
        back.close()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                self._flows.wait()
                sink.sendall(data)
        self._flows.wait()
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
