"""Free loopback ports."""

import random
import socket
from pathlib import Path

LOWEST = 10_000


def free_ports(names: list[str]) -> dict[str, int]:
    """A free port of 127.0.0.1 for each name, all different.

    They lie below the range from which the kernel takes the local ends of connections, so that a server that is
    killed finds its port still free when it comes back.
    """
    span = Path("/proc/sys/net/ipv4/ip_local_port_range")
    highest = int(span.read_text().split()[0]) if span.exists() else 32_768
    found: dict[str, int] = {}
    for port in random.sample(range(LOWEST, highest), highest - LOWEST):
        if len(found) == len(names):
            break
        if _is_free(port):
            found[names[len(found)]] = port
    assert len(found) == len(names), f"no free ports between {LOWEST} and {highest}"
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        try:
            tried.bind(("", port))
        except OSError:
            return False
    return True
