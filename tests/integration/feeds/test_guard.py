"""The transport that connects to checked addresses only."""

import ssl
import time

import httpx
import pytest

from connectors.network.guard import AddressRefused, GuardedTransport
from tests.integration.feeds.server import Server, drip


def test_the_connection_goes_to_the_address_that_was_checked(server: Server) -> None:
    """The name is resolved once; the server sees the name as its host."""
    asked: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    server.gives("/x", b"hello")
    with httpx.Client(transport=GuardedTransport(allow_private=True, resolve=resolve)) as client:
        response = client.get(f"http://outlet.example:{server.server_port}/x")
    assert (response.text, asked) == ("hello", ["outlet.example"])
    assert server.requests[0][1]["Host"] == f"outlet.example:{server.server_port}"


def test_each_request_is_checked_anew(server: Server) -> None:
    """A name that turns private between two requests is refused at the second: DNS rebinding reaches nothing."""
    answers = iter([["1.1.1.1"], ["127.0.0.1"]])
    transport = GuardedTransport(resolve=lambda *_: next(answers), total_s=0.2)
    with httpx.Client(transport=transport) as client:
        with pytest.raises(httpx.TransportError):  # 1.1.1.1 does not answer on this port, or there is no network
            client.get(f"http://outlet.example:{server.server_port}/")
        with pytest.raises(AddressRefused, match=r"outlet\.example \(127\.0\.0\.1\) is loopback"):
            client.get(f"http://outlet.example:{server.server_port}/")
    assert server.requests == []


def test_the_next_address_is_tried_where_one_does_not_answer(server: Server) -> None:
    """A host with a dead address is reached by its other one."""
    server.gives("/", b"hello")
    transport = GuardedTransport(allow_private=True, resolve=lambda *_: ["127.0.0.2", "127.0.0.1"])
    with httpx.Client(transport=transport) as client:
        assert client.get(f"http://outlet.example:{server.server_port}/").text == "hello"


def test_tls_names_the_host_and_not_its_address(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Server name indication, and thereby the certificate, is for the name that was asked for."""
    named: list[object] = []

    def wrap(*_: object, server_hostname: str) -> None:
        named.append(server_hostname)
        raise ssl.SSLError("enough")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
    transport = GuardedTransport(allow_private=True, resolve=lambda *_: ["127.0.0.1"])
    with httpx.Client(transport=transport) as client, pytest.raises(httpx.ConnectError, match="enough"):
        client.get(f"https://outlet.example:{server.server_port}/")
    assert named == ["outlet.example"]


def test_the_whole_exchange_ends_at_the_deadline(server: Server) -> None:
    """However slowly the answer drips."""
    url = server.at("/", drip(b"HTTP/1.1 200 OK\r\n\r\n", 0.02))
    began = time.monotonic()
    with httpx.Client(transport=GuardedTransport(allow_private=True, total_s=0.3)) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get(url)
        with pytest.raises(httpx.ReadTimeout):
            client.get(url, extensions={"deadline": time.monotonic() + 0.1})
    assert time.monotonic() - began < 5


def test_a_proxy_of_the_environment_is_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy the address connected to would not be the one that was checked."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    url = server.gives("/", b"direct")
    with httpx.Client(transport=GuardedTransport(allow_private=True)) as client:
        assert client.get(url).text == "direct"
