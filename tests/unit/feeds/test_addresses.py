"""Which addresses count as public."""

from ipaddress import ip_address

import pytest

from connectors.network.addresses import why_not_public
from connectors.network.guard import AddressRefused, checked_addresses

PRIVATE = {
    "0.0.0.0": "of this network (RFC 791)",
    "10.1.2.3": "private (RFC 1918)",
    "100.64.0.1": "behind carrier-grade NAT (RFC 6598)",
    "100.127.255.255": "behind carrier-grade NAT (RFC 6598)",
    "127.0.0.1": "loopback (RFC 1122)",
    "169.254.169.254": "link-local (RFC 3927)",
    "172.16.0.1": "private (RFC 1918)",
    "172.31.255.255": "private (RFC 1918)",
    "192.0.0.8": "for protocol assignments (RFC 6890)",
    "192.168.1.1": "private (RFC 1918)",
    "198.19.0.1": "for benchmarks (RFC 2544)",
    "203.0.113.7": "for documentation (RFC 5737)",
    "224.0.0.251": "multicast (RFC 5771)",
    "255.255.255.255": "reserved (RFC 1112)",
    "::": "unspecified (RFC 4291)",
    "::1": "loopback (RFC 4291)",
    "::127.0.0.1": "not assigned to the Internet",
    "::ffff:10.0.0.1": "private (RFC 1918), as 10.0.0.1 within IPv6",
    "::ffff:0:127.0.0.1": "not assigned to the Internet",
    "64:ff9b::7f00:1": "loopback (RFC 1122), as 127.0.0.1 within IPv6",
    "64:ff9b:1::1": "NAT64 of a local network (RFC 8215)",
    "100::1": "not assigned to the Internet",
    "2001::1": "for protocol assignments, Teredo among them (RFC 2928)",
    "2001:db8::1": "for documentation (RFC 3849)",
    "2002:7f00:1::": "6to4 (RFC 3056)",
    "3fff::1": "for documentation (RFC 9637)",
    "5f00::1": "not assigned to the Internet",
    "fd12::1": "private (RFC 4193)",
    "fe80::1%2": "link-local (RFC 4291)",
    "ff02::1": "multicast (RFC 4291)",
}
PUBLIC = ("1.1.1.1", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2001:4860:4860::8888", "64:ff9b::101:101")


@pytest.mark.parametrize(("address", "kind"), PRIVATE.items())
def test_an_address_that_is_not_of_the_internet_is_named_for_what_it_is(address: str, kind: str) -> None:
    """Every range of the registries is recognised, also inside IPv6."""
    assert why_not_public(ip_address(address)) == kind


@pytest.mark.parametrize("address", [*PUBLIC, "::ffff:1.1.1.1"])
def test_a_public_address_is_let(address: str) -> None:
    """What lies beside a private range, or embeds a public address, is public."""
    assert why_not_public(ip_address(address)) is None


def test_a_name_with_one_private_address_is_refused() -> None:
    """One private address among public ones is enough."""
    with pytest.raises(AddressRefused, match=r"^mixed\.example \(10\.0\.0\.1\) is private \(RFC 1918\): only public"):
        checked_addresses("mixed.example", 80, allow_private=False, resolve=lambda *_: ["1.1.1.1", "10.0.0.1"])


def test_private_addresses_are_let_where_they_are_allowed() -> None:
    """With the setting every address goes."""
    found = checked_addresses("here.example", 80, allow_private=True, resolve=lambda *_: ["127.0.0.1", "::1"])
    assert found == ["127.0.0.1", "::1"]


@pytest.mark.parametrize("host", ["127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "127.0.0.1", "::1", "localhost"])
def test_loopback_is_refused_however_it_is_written(host: str) -> None:
    """The address that the system would connect to is what is checked, not how it is spelled."""
    with pytest.raises(AddressRefused, match="loopback"):
        checked_addresses(host, 80, allow_private=False)
