"""Asking a process of ours over HTTP."""

import json
import socket
import urllib.error
import urllib.request
from typing import Any


def free_port() -> int:
    """A port of 127.0.0.1 at which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port


def answer(port: int, path: str) -> tuple[int, Any] | None:
    """Status and body, decoded where it is JSON; None where nobody answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as found:
            return found.status, _body(found)
    except urllib.error.HTTPError as refused:
        return refused.code, _body(refused)
    except OSError:
        return None


def _body(found: Any) -> Any:
    text = found.read().decode()
    return json.loads(text) if found.headers["content-type"] == "application/json" else text
