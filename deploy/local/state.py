"""What an instance remembers of one server between commands, and across its restarts."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from deploy.local.processes import Process


class State(Struct):
    """One server, as it was last started."""

    home: str
    """Where its data and configuration are; absolute."""
    ports: dict[str, int]
    processes: dict[str, Process] = {}
    """By the name of the part; in the order in which they start."""
    options: dict[str, str] = {}
    """What it was started with that a restart needs: a password, say."""


def read_state(path: Path) -> State | None:
    """What the file says, or None where there is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=State)
    except FileNotFoundError:
        return None


def write_state(path: Path, state: State) -> None:
    """Puts the state into the file at once; only its owner may read it."""
    fresh = path.with_name(f".{path.name}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(state), indent=2) + b"\n")
    fresh.replace(path)
