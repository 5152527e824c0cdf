"""The listener, over real sockets on loopback."""

import http.client
import json
import socket

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines.jobs.observe import Gathering, Metrics, Verdict, listening
from pipelines.jobs.observe.listener import parse_address
from pipelines.jobs.supervise import Died, LogLine
from schemas.errors import Misconfigured


def get(address: str | None, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, content type and body."""
    assert address is not None
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers["content-type"], answer.read().decode()
    finally:
        connection.close()


def good() -> Verdict:
    """Nothing is wrong."""
    return Verdict({"loop": None})


def bad() -> Verdict:
    """Something is."""
    return Verdict({"loop": None, "servers": "kafka is gone"})


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("9464", ("127.0.0.1", 9464)),
        (":9464", ("127.0.0.1", 9464)),
        ("localhost:0", ("127.0.0.1", 0)),
        ("0.0.0.0:9464", ("0.0.0.0", 9464)),
        ("[::1]:80", ("::1", 80)),
    ],
)
def test_an_address_without_a_host_is_loopback(address: str, taken: tuple[str, int]) -> None:
    """Only who names an address listens to others."""
    assert parse_address(address) == taken


@pytest.mark.parametrize(
    "address", ["", "here", "127.0.0.1", "1.2.3:80", "127.0.0.1:65536", "127.0.0.1:-1", "a:80", ":"]
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    """With what it takes."""
    with pytest.raises(Misconfigured, match="takes a port of 127"):
        parse_address(address)


def test_metrics_are_served_in_the_text_format() -> None:
    """Every family has a help text; nothing is said of when a counter was made."""
    with listening("0", Metrics("detect"), good, good) as address:
        status, kind, body = get(address, "/metrics")
        openmetrics = get(address, "/metrics", accept="application/openmetrics-text; version=1.0.0")
    assert (status, kind.partition(";")[0]) == (200, "text/plain")
    families = list(text_string_to_metric_families(body))
    assert all(family.documentation for family in families)
    assert {sample.labels["component"] for family in families for sample in family.samples} == {"detect"}
    assert not any(sample.name.endswith("_created") for family in families for sample in family.samples)
    assert openmetrics[1].startswith("application/openmetrics-text")
    assert openmetrics[2].endswith("# EOF\n")


def test_health_and_readiness_are_statuses_with_reasons() -> None:
    """200 or 503, and what is wrong."""
    with listening("0", Metrics("detect"), good, bad) as address:
        health, ready, other = get(address, "/health"), get(address, "/ready"), get(address, "/other")
    assert (health[0], json.loads(health[2])) == (200, {"loop": "ok"})
    assert (ready[0], json.loads(ready[2])) == (503, {"loop": "ok", "servers": "kafka is gone"})
    assert other[0] == 404


def test_no_address_is_no_listener() -> None:
    """The default."""
    with listening("", Metrics("detect"), good, good) as address:
        assert address is None


def test_an_address_that_is_taken_is_misconfigured() -> None:
    """A person must choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with (
            pytest.raises(Misconfigured, match=f"metrics_listen = '{port}'"),
            listening(port, Metrics("x"), good, good),
        ):
            pass


def test_a_client_that_hangs_keeps_nobody_waiting() -> None:
    """Each has a thread of its own."""
    with listening("0", Metrics("detect"), good, good) as address:
        assert address is not None
        host, _, port = address.partition(":")
        with socket.create_connection((host, int(port))) as silent:
            silent.sendall(b"GET /metr")
            assert get(address, "/health")[0] == 200


def test_the_supervisor_gathers_what_its_jobs_say() -> None:
    """One family each, with the series of all; a job that is away is down, and makes the whole not ready."""
    gathering = Gathering(Metrics("run"), ["detect", "alert"])
    with (
        listening("0", Metrics("detect"), good, good) as detect,
        listening("0", Metrics("alert"), good, bad) as alert,
        listening("0", gathering, good, gathering.ready) as address,
    ):
        assert get(address, "/ready")[0] == 503
        for name, at in (("detect", detect), ("alert", alert)):
            gathering.heard(LogLine(name, 'no JSON, but "metrics"'))
            gathering.heard(LogLine(name, json.dumps({"event": "ready", "metrics": at})))
        both = get(address, "/metrics")[2]
        ready = get(address, "/ready")
        gathering.heard(Died("alert", 1, 0.5))
        one = get(address, "/metrics")[2]
    assert json.loads(ready[2]) == {
        "detect: loop": "ok",
        "alert: loop": "ok",
        "alert: servers": "kafka is gone",
    }
    assert both.count("# HELP treatywire_build_info ") == 1
    families = {family.name: family for family in text_string_to_metric_families(both)}
    components = [sample.labels["component"] for sample in families["treatywire_build_info"].samples]
    assert components == ["run", "detect", "alert"]
    assert 'treatywire_component_up{component="alert"} 1.0' in both
    assert 'treatywire_component_up{component="alert"} 0.0' in one
    assert 'treatywire_component_up{component="detect"} 1.0' in one
    assert 'treatywire_build_info{component="alert"' not in one
