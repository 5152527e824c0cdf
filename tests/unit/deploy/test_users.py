"""The two users of Elasticsearch, as a server is asked to make them."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.process_tree import ROOT
from tests.unit.deploy.manifests import DEPLOY

Asked = tuple[str, str, dict[str, Any]]


@pytest.fixture
def asked() -> Iterator[tuple[str, list[Asked]]]:
    """The address of a server that says yes to all, and what it was asked."""
    requests: list[Asked] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            requests.append((self.command, self.path, body))
            answer = b'{"created": true}' if "Basic" in self.headers["authorization"] else b"{}"
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.send_header("x-elastic-product", "Elasticsearch")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            del args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    server.server_close()


def run(url: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """The command, as a superuser."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "TREATYWIRE_KAFKA_BOOTSTRAP": "kafka:9092",
        "TREATYWIRE_ELASTICSEARCH_URLS": url,
        "TREATYWIRE_ELASTICSEARCH_USER": "elastic",
        "TREATYWIRE_ELASTICSEARCH_PASSWORD": "secret",
        **variables,
    }
    command = [sys.executable, "-m", "deploy.elasticsearch.users"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_each_user_has_the_role_of_its_name_and_no_other(asked: tuple[str, list[Asked]]) -> None:
    """Roles first, with the least rights as roles.json has them."""
    url, requests = asked
    ran = run(url, WORKER_PASSWORD="one-password", ADMINISTRATOR_PASSWORD="other-password")
    assert ran.returncode == 0, ran.stderr
    roles = json.loads((DEPLOY / "elasticsearch" / "roles.json").read_text())
    expected = []
    for name, password in (("treatywire-worker", "one-password"), ("treatywire-administrator", "other-password")):
        expected.append(("PUT", f"/_security/role/{name}", roles[name]))
        expected.append(("PUT", f"/_security/user/{name}", {"password": password, "roles": [name]}))
    assert requests == expected
    assert "password" not in ran.stdout


def test_a_missing_password_is_said_before_anything_is_made(asked: tuple[str, list[Asked]]) -> None:
    """With the name of the variable."""
    url, requests = asked
    ran = run(url, WORKER_PASSWORD="one-password")
    assert ran.returncode == 1
    assert ran.stderr == "users: set ADMINISTRATOR_PASSWORD\n"
    assert requests == []
