"""The webhook channel against real sockets."""

import socket
import ssl
import time
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from connectors.delivery.channel import Delivered, GivenUp, Outcome, TryAgain
from connectors.delivery.envelope import envelope
from connectors.delivery.secret import new_secret
from connectors.delivery.webhook import WebhookChannel
from tests.integration.delivery.conftest import OpenReceiver
from tests.integration.delivery.receiver import Receiver, drip, hang, raw, status
from tests.unit.delivery.records import a_subscription, an_alert

SHORT_S = 0.4
"""Seconds for a whole try, where an endpoint is slow on purpose."""


def send(url: str, *, number: int = 1, total_timeout_s: float = 10.0, allow_private: bool = True) -> Outcome:
    """One try, now."""
    channel = WebhookChannel(allow_private=allow_private, total_timeout_s=total_timeout_s)
    return channel.send(an_alert(number), a_subscription(webhook=url), datetime.now(UTC))


def test_a_delivery_is_a_signed_post_of_the_envelope(open_receiver: OpenReceiver) -> None:
    """The reference library verifies it, and every header is as the specification has it."""
    receiver = open_receiver()
    before = int(time.time())
    assert send(receiver.url) == Delivered("204")
    [post] = receiver.posts
    assert post.path == "/hook"
    assert post.body == envelope(an_alert().development)
    assert post.headers["webhook-id"] == an_alert().id
    assert before <= int(post.headers["webhook-timestamp"]) <= time.time()
    assert post.headers["content-type"] == "application/json"
    assert sorted(post.headers) == [
        "connection",
        "content-length",
        "content-type",
        "host",
        "user-agent",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    ]


def test_a_time_in_another_zone_signs_the_same_moment(open_receiver: OpenReceiver) -> None:
    """The signature is over the seconds that the header holds, whatever zone the time came in."""
    receiver = open_receiver()
    shifted = datetime.now(timezone(timedelta(hours=5)))
    channel = WebhookChannel(allow_private=True)
    assert channel.send(an_alert(), a_subscription(webhook=receiver.url), shifted) == Delivered("204")
    assert (len(receiver.posts), receiver.unsigned) == (1, [])


def test_a_receiver_with_another_secret_does_not_accept_it(open_receiver: OpenReceiver) -> None:
    """What is signed with the subscription's secret verifies under no other."""
    receiver = open_receiver(secret=new_secret())
    send(receiver.url)
    assert (receiver.posts, len(receiver.unsigned)) == ([], 1)


def test_each_try_has_the_same_id_and_body_and_its_own_timestamp(open_receiver: OpenReceiver) -> None:
    """A receiver knows a repeat by its id, and a replayed message by its age."""
    receiver = open_receiver(status(500))
    channel = WebhookChannel(allow_private=True)
    now = datetime.now(UTC)
    for at in (now, now + timedelta(seconds=5)):
        assert channel.send(an_alert(), a_subscription(webhook=receiver.url), at) == TryAgain("500")
    first, second = receiver.posts
    assert (first.id, first.body) == (second.id, second.body)
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 5


def test_a_try_out_is_signed_and_answered_like_an_alert(open_receiver: OpenReceiver) -> None:
    """Its id is that of no alert, and another each time."""
    receiver = open_receiver()
    channel = WebhookChannel(allow_private=True)
    now = datetime.now(UTC)
    for at in (now, now + timedelta(seconds=1)):
        assert channel.send_test(a_subscription(webhook=receiver.url), at) == Delivered("204")
    assert [post.signed["type"] for post in receiver.posts] == ["treatywire.test"] * 2
    assert len({*receiver.ids, an_alert().id}) == 3


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_every_2xx_is_delivered(open_receiver: OpenReceiver, code: int) -> None:
    """The specification's only success."""
    assert send(open_receiver(status(code)).url) == Delivered(str(code))


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])
def test_other_statuses_are_tried_again(open_receiver: OpenReceiver, code: int) -> None:
    """The ledger gets the status."""
    assert send(open_receiver(status(code)).url) == TryAgain(str(code))


def test_gone_is_given_up(open_receiver: OpenReceiver) -> None:
    """An endpoint that answers 410 wants to hear no more of it."""
    assert send(open_receiver(status(410)).url) == GivenUp("410")


def test_a_wish_for_rest_is_handed_on(open_receiver: OpenReceiver) -> None:
    """Retry-After is read on any failure."""
    assert send(open_receiver(status(429, Retry_After="120")).url) == TryAgain("429", timedelta(minutes=2))


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(open_receiver: OpenReceiver, code: int) -> None:
    """The address a person gave is the only one that hears anything."""
    elsewhere = open_receiver()
    assert send(open_receiver(status(code, Location=elsewhere.url)).url) == TryAgain(str(code))
    assert elsewhere.posts == []


def test_cookies_are_not_kept(open_receiver: OpenReceiver) -> None:
    """An endpoint cannot mark the sender, nor reach other endpoints on its host through it."""
    receiver = open_receiver(status(204, Set_Cookie="who=you; Path=/"))
    channel = WebhookChannel(allow_private=True)
    for _ in range(2):
        channel.send(an_alert(), a_subscription(webhook=receiver.url), datetime.now(UTC))
    assert ["cookie" in post.headers for post in receiver.posts] == [False, False]


def test_a_proxy_of_the_environment_is_not_used(open_receiver: OpenReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy the connected address could not be checked."""
    receiver, proxy = open_receiver(), open_receiver()
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.server_port}")
    assert send(receiver.url) == Delivered("204")
    assert proxy.posts == []


@pytest.mark.parametrize(
    "answer",
    [
        hang,
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: yes\r\n"),
        drip(b"H", b"T"),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["hangs", "drips-headers", "drips-a-status-line", "drips-provisional-answers"],
)
def test_a_slow_endpoint_ends_with_the_deadline(open_receiver: OpenReceiver, answer: object) -> None:
    """However the time is spent, the whole try takes no longer than allowed."""
    receiver = open_receiver(answer)
    began = time.monotonic()
    outcome = send(receiver.url, total_timeout_s=SHORT_S)
    assert isinstance(outcome, TryAgain)
    assert time.monotonic() - began < 10 * SHORT_S
    assert len(receiver.posts) == 1


@pytest.mark.parametrize("length", [b"Content-Length: 1000000000000", b"Transfer-Encoding: chunked"])
def test_an_endless_body_is_not_read(open_receiver: OpenReceiver, length: bytes) -> None:
    """The status says that it is delivered; nobody waits for the rest."""
    receiver = open_receiver(drip(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n\r\n", b"1\r\nx\r\n"))
    assert send(receiver.url, total_timeout_s=30) == Delivered("200")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no HTTP answer came (RemoteProtocolError)"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "no HTTP answer came (RemoteProtocolError)"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 1_000_000, "no HTTP answer came (RemoteProtocolError)"),
    ],
    ids=["nothing", "another-protocol", "endless-header"],
)
def test_an_answer_that_is_not_http_is_tried_again(open_receiver: OpenReceiver, data: bytes, reason: str) -> None:
    """Nothing of what came is in the reason."""
    assert send(open_receiver(raw(data)).url) == TryAgain(reason)


def test_a_refused_connection_is_tried_again(open_receiver: OpenReceiver) -> None:
    """An endpoint that is down for a while misses nothing."""
    receiver = open_receiver()
    receiver.close()
    assert send(receiver.url) == TryAgain("cannot be reached: [Errno 111] Connection refused")


def test_a_name_that_cannot_be_resolved_is_tried_again() -> None:
    """DNS may come back."""
    outcome = send("http://no-such-host.invalid/hook", allow_private=False)
    assert isinstance(outcome, TryAgain)
    assert outcome.outcome.startswith("cannot be reached: the name no-such-host.invalid cannot be resolved")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_refused_by_default(open_receiver: OpenReceiver, host: str) -> None:
    """However it is written or named, nothing is sent; a later try may be allowed."""
    receiver = open_receiver()
    outcome = send(f"http://{host}:{receiver.server_port}/hook", allow_private=False)
    assert isinstance(outcome, TryAgain)
    assert "only public addresses" in outcome.outcome
    assert (receiver.posts, receiver.unsigned) == ([], [])


@pytest.mark.parametrize(
    "changed",
    [{"webhook": "http://robot:hunter2@127.0.0.1/"}, {"webhook": "file:///etc/passwd"}, {"secret": "hunter2"}],
)
def test_what_can_never_be_sent_is_given_up_without_a_secret_in_the_reason(changed: dict[str, str]) -> None:
    """A broken address or secret is not tried for three days."""
    subscription = replace(a_subscription(), **changed)
    outcome = WebhookChannel(allow_private=True).send(an_alert(), subscription, datetime.now(UTC))
    assert isinstance(outcome, GivenUp)
    assert "hunter2" not in outcome.outcome


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    signed = builder.sign(key, hashes.SHA256())
    path = tmp_path / "localhost.pem"
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path.write_bytes(key.private_bytes(pem, form, plain) + signed.public_bytes(pem))
    return path


def with_tls(receiver: Receiver, certificate: Path) -> str:
    """Has the receiver speak TLS from now on; gives its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True, do_handshake_on_connect=False)
    return f"https://localhost:{receiver.server_port}/hook"


def test_a_certificate_that_nobody_vouches_for_is_refused(open_receiver: OpenReceiver, certificate: Path) -> None:
    """Nothing is sent to whom it may not be; the certificate may be mended before a later try."""
    receiver = open_receiver()
    outcome = send(with_tls(receiver, certificate))
    assert isinstance(outcome, TryAgain)
    assert "CERTIFICATE_VERIFY_FAILED" in outcome.outcome
    assert (receiver.posts, receiver.unsigned) == ([], [])


def test_an_alert_goes_over_tls_to_the_name_it_was_meant_for(
    open_receiver: OpenReceiver, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate is checked against the name, though the connection is made to an address."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    receiver = open_receiver()
    url = with_tls(receiver, certificate)
    assert send(url) == Delivered("204")
    mistaken = send(url.replace("localhost", "127.0.0.1"))
    assert isinstance(mistaken, TryAgain)
    assert "CERTIFICATE_VERIFY_FAILED" in mistaken.outcome
    assert len(receiver.posts) == 1


def test_a_handshake_that_never_comes_ends_with_the_deadline() -> None:
    """A port that takes connections and says nothing does not hold a sender."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = send(f"https://127.0.0.1:{silent.getsockname()[1]}/hook", total_timeout_s=SHORT_S)
    assert outcome == TryAgain("cannot be reached: no connection was made in time")
