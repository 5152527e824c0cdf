"""Why a broker ends our connections: its own words about our credentials.

A broker answers wrong credentials and hangs up. kafka-python 3.0.12 loses an answer that arrives together with the end
of the connection, and tries for ever. So, when a client cannot get in, the SASL exchange is made once more on a socket
of our own, and the answer is read.
"""

import socket
import ssl
import struct
from contextlib import suppress

from connectors.kafka.client_options import client_options
from connectors.kafka.library import get_sasl_mechanism
from schemas.kafka_settings import KafkaSettings, Security

WAIT_S = 1.5
HANDSHAKE, AUTHENTICATE = 17, 36
UNSUPPORTED_MECHANISM, AUTHENTICATION_FAILED = 33, 58
ROUNDS = 4
"""SCRAM takes three."""


def refusal(settings: KafkaSettings) -> str | None:
    """What a broker has against our SASL settings; None where it has nothing, does not answer, or SASL is not used."""
    if settings.sasl_mechanism is None:
        return None
    for address in settings.bootstrap.split(","):
        host, _, port = address.strip().rpartition(":")
        with suppress(OSError, struct.error), _connected(settings, host, int(port)) as connection:
            return _asked(settings, host, connection)
    return None


def _connected(settings: KafkaSettings, host: str, port: int) -> socket.socket:
    connection = socket.create_connection((host, port), WAIT_S)
    connection.settimeout(WAIT_S)
    if settings.security is not Security.SASL_SSL:
        return connection
    context = ssl.create_default_context(cafile=settings.ca_file and str(settings.ca_file))
    if settings.certificate_file and settings.key_file:
        context.load_cert_chain(settings.certificate_file, settings.key_file)
    return context.wrap_socket(connection, server_hostname=host)


def _asked(settings: KafkaSettings, host: str, connection: socket.socket) -> str | None:
    name = str(settings.sasl_mechanism)
    answer = _exchange(connection, HANDSHAKE, 1, struct.pack(">h", len(name)) + name.encode())
    (error,) = struct.unpack_from(">h", answer)
    if error == UNSUPPORTED_MECHANISM:
        return f"sasl_mechanism = {name}: the broker takes {', '.join(_names(answer[2:]))}"
    mechanism = get_sasl_mechanism(name)(host=host, **client_options(settings))
    for _ in range(ROUNDS):
        token = mechanism.auth_bytes()
        answer = _exchange(connection, AUTHENTICATE, 0, struct.pack(">i", len(token)) + token)
        error, length = struct.unpack_from(">hh", answer)
        said = answer[4 : 4 + max(length, 0)].decode(errors="replace")
        if error == AUTHENTICATION_FAILED:
            return f"sasl_user = {settings.sasl_user!r} or sasl_password: {said or 'the broker does not know them'}"
        mechanism.receive(answer[8 + max(length, 0) :])
        if error or mechanism.is_done():
            return None
    return None


def _exchange(connection: socket.socket, key: int, version: int, body: bytes) -> bytes:
    """The body of the answer to one request."""
    request = struct.pack(">hhih", key, version, 1, -1) + body
    connection.sendall(struct.pack(">i", len(request)) + request)
    (length,) = struct.unpack(">i", _exactly(connection, 4))
    return _exactly(connection, length)[4:]


def _exactly(connection: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        more = connection.recv(min(length - len(data), 65536))
        if not more:
            raise ConnectionError("the broker hung up")
        data += more
    return data


def _names(data: bytes) -> list[str]:
    (count,) = struct.unpack_from(">i", data)
    names, place = [], 4
    for _ in range(count):
        (length,) = struct.unpack_from(">h", data, place)
        names.append(data[place + 2 : place + 2 + length].decode())
        place += 2 + length
    return names
