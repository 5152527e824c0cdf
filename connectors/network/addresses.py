"""Which addresses are of the public Internet.

After the IANA registries of special-purpose addresses (RFC 6890 and its successors). Written out, since the answers of
`ipaddress.is_global` changed between patch releases of Python 3.11 and 3.12.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

NOT_PUBLIC_V4: tuple[tuple[IPv4Network, str], ...] = (
    (IPv4Network("0.0.0.0/8"), "of this network (RFC 791)"),
    (IPv4Network("10.0.0.0/8"), "private (RFC 1918)"),
    (IPv4Network("100.64.0.0/10"), "behind carrier-grade NAT (RFC 6598)"),
    (IPv4Network("127.0.0.0/8"), "loopback (RFC 1122)"),
    (IPv4Network("169.254.0.0/16"), "link-local (RFC 3927)"),
    (IPv4Network("172.16.0.0/12"), "private (RFC 1918)"),
    (IPv4Network("192.0.0.0/24"), "for protocol assignments (RFC 6890)"),
    (IPv4Network("192.0.2.0/24"), "for documentation (RFC 5737)"),
    (IPv4Network("192.88.99.0/24"), "a 6to4 relay (RFC 7526)"),
    (IPv4Network("192.168.0.0/16"), "private (RFC 1918)"),
    (IPv4Network("198.18.0.0/15"), "for benchmarks (RFC 2544)"),
    (IPv4Network("198.51.100.0/24"), "for documentation (RFC 5737)"),
    (IPv4Network("203.0.113.0/24"), "for documentation (RFC 5737)"),
    (IPv4Network("224.0.0.0/4"), "multicast (RFC 5771)"),
    (IPv4Network("240.0.0.0/4"), "reserved (RFC 1112)"),
)

NOT_PUBLIC_V6: tuple[tuple[IPv6Network, str], ...] = (
    (IPv6Network("::/128"), "unspecified (RFC 4291)"),
    (IPv6Network("::1/128"), "loopback (RFC 4291)"),
    (IPv6Network("64:ff9b:1::/48"), "NAT64 of a local network (RFC 8215)"),
    (IPv6Network("2001::/23"), "for protocol assignments, Teredo among them (RFC 2928)"),
    (IPv6Network("2001:db8::/32"), "for documentation (RFC 3849)"),
    (IPv6Network("2002::/16"), "6to4 (RFC 3056)"),
    (IPv6Network("3fff::/20"), "for documentation (RFC 9637)"),
    (IPv6Network("fc00::/7"), "private (RFC 4193)"),
    (IPv6Network("fe80::/10"), "link-local (RFC 4291)"),
    (IPv6Network("fec0::/10"), "site-local (RFC 3879)"),
    (IPv6Network("ff00::/8"), "multicast (RFC 4291)"),
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has handed out for the Internet; what lies outside is refused even where no row names it."""

EMBEDDING: tuple[IPv6Network, ...] = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""IPv4-mapped (RFC 4291) and NAT64 (RFC 6052): the last 32 bits are the IPv4 address that is reached."""


def why_not_public(address: Address) -> str | None:
    """What kind of address this is where it is not of the public Internet, else None."""
    if isinstance(address, IPv4Address):
        return next((kind for network, kind in NOT_PUBLIC_V4 if address in network), None)
    address = IPv6Address(int(address))  # without the scope, which `in` does not know
    if any(address in network for network in EMBEDDING):
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
        kind = why_not_public(inner)
        return None if kind is None else f"{kind}, as {inner} within IPv6"
    for network, kind in NOT_PUBLIC_V6:
        if address in network:
            return kind
    return None if address in GLOBAL_UNICAST else "not assigned to the Internet"
