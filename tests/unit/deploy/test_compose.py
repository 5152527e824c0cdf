"""The compose file: its schema, and what it opens and trusts."""

import json
import re
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml

from connectors.elasticsearch import indices
from deploy.local.kafka import Kafka
from tests.unit.deploy.manifests import DEPLOY, IMAGE, compose

FILE = compose()
SERVICES: dict[str, dict[str, Any]] = FILE["services"]


def schema() -> dict[str, Any]:
    """The compose specification's own, as check-jsonschema brings it."""
    found: dict[str, Any] = json.loads(
        files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text(encoding="utf-8")
    )
    return found


def test_the_file_fits_the_schema_of_compose() -> None:
    """And the schema is one that refuses."""
    validator = jsonschema.Draft202012Validator(schema())
    assert [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(FILE)] == []
    assert not validator.is_valid({**FILE, "services": {"fetch": {"imgae": "x"}}})


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_and_mounts_is_there(name: str) -> None:
    """Other services in a profile of its own, volumes that are declared, files that exist."""
    service = SERVICES[name]
    profiles = set(service.get("profiles", []))
    for other in service.get("depends_on", {}):
        theirs = set(SERVICES[other].get("profiles", []))
        assert not theirs or profiles <= theirs
    for volume in service.get("volumes", ()):
        source = volume.split(":")[0]
        assert (DEPLOY / source).exists() if source.startswith(".") else source in FILE["volumes"]
    shared = service.get("network_mode", "")
    assert not shared or shared.removeprefix("service:") in SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_open_to_this_machine_alone(name: str) -> None:
    """No port on all interfaces, and a limit to its memory where it lasts."""
    service = SERVICES[name]
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    if service.get("restart") == "unless-stopped":
        assert "mem_limit" in service


@pytest.mark.parametrize("name", [name for name, one in SERVICES.items() if one["image"].startswith(IMAGE)])
def test_our_containers_may_do_nothing_that_they_need_not(name: str) -> None:
    """Nothing writable but what is mounted, no capabilities, no new rights."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_no_secret_is_in_the_file() -> None:
    """Each is asked of the environment, without a default, and named in the example."""
    text = (DEPLOY / "compose.yaml").read_text()
    asked = re.findall(r"\$\{(\w+)(:\?[^}]*)?\}", text)
    assert all(refused == ":?see compose.env.example" for _, refused in asked)
    named = re.findall(r"^(\w+)=(.*)$", (DEPLOY / "compose.env.example").read_text(), re.MULTILINE)
    assert {name for name, _ in asked} == {name for name, _ in named}
    assert not any(value for _, value in named)
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|KEY", name):
                assert value.startswith("${"), name


def test_kafka_is_set_as_the_one_of_the_tests() -> None:
    """Every property of the local broker that is not about its place or pace."""
    told = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in SERVICES["kafka"]["environment"].items()
    }
    assert told["auto.create.topics.enable"] == "false"
    assert told["process.roles"] == "broker,controller"
    replication = {name: value for name, value in told.items() if name.endswith(("replication.factor", "min.isr"))}
    assert len(replication) == 5
    assert set(replication.values()) == {"1"}
    source = (DEPLOY / "local" / "kafka.py").read_text()
    unknown = {name for name in told if f'"{name}"' not in source} - {"heap.opts"}
    assert unknown == set()
    assert Kafka.name == "kafka"


def test_prometheus_asks_every_job() -> None:
    """By the names of the services, at the port at which they listen."""
    scraped = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())["scrape_configs"]
    asked = {name: config["port"] for one in scraped for config in one["dns_sd_configs"] for name in config["names"]}
    for name, service in SERVICES.items():
        listen = service.get("environment", {}).get("TREATYWIRE_METRICS_LISTEN")
        if listen and service.get("command", [""])[0] == "job":
            assert listen == f"0.0.0.0:{asked.pop(name)}"
    assert asked == {"jobmanager": 9249, "taskmanager": 9249}
    assert "metrics.reporter.prometheus.port: 9249" in SERVICES["jobmanager"]["environment"]["FLINK_PROPERTIES"]


def test_the_life_cycle_policy_deletes_nothing() -> None:
    """It has no phase but hot, and there nothing but a priority; and it is none of the templates' business."""
    (policy,) = json.loads((DEPLOY / "elasticsearch" / "ilm.json").read_text()).values()
    assert policy["policy"]["phases"] == {"hot": {"min_age": "0ms", "actions": {"set_priority": {"priority": 200}}}}
    assert "lifecycle" not in json.dumps(indices.PROPERTIES)
