"""Whether what answers at a bootstrap address is a web server, Elasticsearch say, and no broker.

A client gets no answer that it could read from such a one, and takes it for a broker that is away.
"""

import socket
from contextlib import suppress

from schemas.kafka_settings import KafkaSettings

WAIT_S = 1.5
QUESTION = b"GET / HTTP/1.0\r\n\r\n"
"""A broker takes this for the length of a request that it would never accept, and hangs up."""


def web_server(settings: KafkaSettings) -> str | None:
    """The first bootstrap address at which HTTP is spoken; None where there is none that answers."""
    for address in (one.strip() for one in settings.bootstrap.split(",")):
        host, _, port = address.rpartition(":")
        with suppress(OSError), socket.create_connection((host, int(port)), WAIT_S) as connection:
            connection.settimeout(WAIT_S)
            connection.sendall(QUESTION)
            if connection.recv(5, socket.MSG_WAITALL) == b"HTTP/":
                return address
    return None
