"""Which addresses a webhook may have."""

import re

import pytest

from connectors.delivery.address import EXAMPLE, check_address
from schemas.errors import Misconfigured


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hooks?for=treaties",
        "http://127.0.0.1:8080/",
        "http://[::1]:8080/hook",
        "HTTPS://Example.org",
        "https://münchen.example/hook",
        "https://example.org./hook",
    ],
)
def test_an_http_address_is_taken_as_given(url: str) -> None:
    """Only blanks around it go."""
    assert check_address(f" {url}\n") == url


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("", "not an http(s) address"),
        ("example.org/hook", "not an http(s) address"),
        ("ftp://example.org/hook", "not an http(s) address"),
        ("file:///etc/passwd", "not an http(s) address"),
        ("http:///hook", "not an http(s) address"),
        ("https://robot:hunter2@example.org/", "user name or password"),
        ("https://hunter2@example.org/", "user name or password"),
        ("https://hunter2\\@example.org/", "user name or password"),
        ("https://example.org/#hunter2", "fragment"),
        ("https://example.org:hunter2/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://xn--/", "cannot be read"),
        ("https://example.org/a\nb", "cannot be read"),
        ("https://example org/", "no such host or port"),
        ("https://example..org/", "no such host or port"),
        ("https://" + "x" * 64 + ".org/", "no such host or port"),
        ("https://example.org:0/", "no such host or port"),
        ("https://example.org:65536/", "no such host or port"),
    ],
)
def test_another_address_is_refused_without_its_secrets(url: str, wrong: str) -> None:
    """The message says what is wrong and gives an example; what may be a password is not in it."""
    with pytest.raises(Misconfigured, match=re.escape(EXAMPLE)) as refused:
        check_address(url)
    assert wrong in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://127.0.0.1:8080/hook", "127.0.0.1 is loopback"),
        ("https://10.1.2.3/", "10.1.2.3 is private"),
        ("https://[::1]/", "::1 is loopback"),
        ("https://[::ffff:192.168.0.1]/", "192.168.0.1 within IPv6"),
        ("https://localhost/", "localhost is loopback"),
        ("https://desk.LOCALHOST./", "loopback"),
    ],
)
def test_a_host_that_is_plainly_private_is_refused_unless_allowed(url: str, kind: str) -> None:
    """The message names the setting; a name that only leads to such an address is found out at each try."""
    with pytest.raises(Misconfigured, match="allow_private_addresses") as refused:
        check_address(url, allow_private=False)
    assert kind in str(refused.value)
    assert check_address(url, allow_private=True) == url
    assert check_address("https://example.org/", allow_private=False) == "https://example.org/"
