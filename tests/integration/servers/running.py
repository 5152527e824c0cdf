"""What runs and listens on this machine, asked of others than the code under test."""

import socket

import psutil


def runs(pid: int) -> bool:
    """Whether a process is alive; one that has ended and waits for its parent is not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def listens(port: int) -> bool:
    """Whether somebody takes connections on loopback."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def mentioning(places: list[str]) -> list[str]:
    """The command lines of all processes that name one of the places."""
    lines = [" ".join(process.info["cmdline"] or ()) for process in psutil.process_iter(["cmdline"])]
    return [line for line in lines if any(place in line for place in places)]
