"""Which addresses a webhook may have."""

from ipaddress import ip_address

import httpx

from connectors.network.addresses import why_not_public
from schemas.errors import Misconfigured

EXAMPLE = "https://example.org/hooks/treaties"


def check_address(url: str, *, allow_private: bool = True) -> str:
    """The address without surrounding blanks, if alerts can be posted to it.

    Read by the parser that will connect, so that the two cannot differ. Nothing is looked up: where a name leads is
    seen at each try, at the connected address.

    Args:
        url: As a person gave it.
        allow_private: Lets hosts that need no looking up to be seen as private.

    Raises:
        Misconfigured: It is not an http(s) address with an allowed host, or holds a user name or password, which belong
            in no database: the signature is what proves the sender. The message never shows them.
    """
    url = url.strip()
    try:
        parts = httpx.URL(url)
        host = parts.host
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Misconfigured(f"webhook address: cannot be read: give one such as {EXAMPLE}") from error
    if parts.scheme not in ("http", "https") or not host:
        raise Misconfigured(f"webhook address: not an http(s) address with a host: give one such as {EXAMPLE}")
    if not _is_host(host) or not (parts.port is None or 1 <= parts.port <= 65535):
        raise Misconfigured(f"webhook address: no such host or port can be: give one such as {EXAMPLE}")
    if parts.userinfo:
        raise Misconfigured(f"webhook address: holds a user name or password: give one without, such as {EXAMPLE}")
    if parts.fragment:
        raise Misconfigured(f"webhook address: holds a fragment (#…), which is never sent: give one such as {EXAMPLE}")
    kind = None if allow_private else _why_private(host)
    if kind is not None:
        raise Misconfigured(
            f"webhook address: {host} is {kind}: give a public one, or set allow_private_addresses = true"
        )
    return url


def _is_host(host: str) -> bool:
    """Whether names of this form can be looked up: no empty or overlong part, no escapes."""
    labels = host.removesuffix(".").split(".")
    return "%" not in host and len(host) <= 253 and all(0 < len(label) <= 63 for label in labels)


def _why_private(host: str) -> str | None:
    if host.removesuffix(".").split(".")[-1].lower() == "localhost":
        return "loopback (RFC 6761)"
    try:
        return why_not_public(ip_address(host))
    except ValueError:
        return None
