"""The Kubernetes manifests: their schemas, our own rules, and what refers to what."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from connectors.kafka import KafkaSettings
from connectors.kafka.reader import group_of
from pipelines.jobs.loop import DRAIN_S
from schemas.settings import Settings, load_settings
from tests.unit.deploy.custom_resources import CUSTOM, misfits
from tests.unit.deploy.manifests import (
    KUBERNETES,
    kubernetes_containers,
    kustomizations,
    of_kind,
    pod_specs,
    resources,
    settings_map,
)

VERSION = "1.33"
RESOURCES = [(f"{path.relative_to(KUBERNETES)}: {one['kind']}", one) for path, one in resources()]
POD_SPECS = list(pod_specs())
JOBS = ("fetch", "detect", "alert", "deliver")
Resource = dict[str, Any]


def each(found: list[tuple[str, Any]]) -> pytest.MarkDecorator:
    """One test for each, under its name."""
    return pytest.mark.parametrize("one", [pytest.param(one, id=name) for name, one in found])


@each(RESOURCES)
def test_a_resource_fits_its_schema(one: Resource) -> None:
    """Kubernetes's own, strictly; for resources of operators, the fields that we use of them."""
    if one["apiVersion"] in CUSTOM:
        assert misfits(one) == []
    else:
        kubernetes_validate.validate(one, VERSION, strict=True)


def test_a_field_that_does_not_exist_is_seen() -> None:
    """The check itself, for both."""
    wrong = dict(of_kind("PodDisruptionBudget")[0], spec={"maxUnavailible": 1})
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)
    scaled = of_kind("ScaledObject")[0]
    assert misfits({**scaled, "spec": {**scaled["spec"], "maxReplicas": 3}}) == ["spec.maxReplicas: unknown"]
    assert misfits({**scaled, "spec": {**scaled["spec"], "minReplicaCount": "2"}}) == ["spec.minReplicaCount: not int"]


@each(POD_SPECS)
def test_a_pod_may_do_nothing_that_it_need_not(one: Resource) -> None:
    """The restricted standard: no root, no capabilities, no token, nothing writable but what is mounted."""
    assert one["automountServiceAccountToken"] is False
    assert one["securityContext"]["runAsNonRoot"] is True
    assert one["securityContext"]["runAsUser"] >= 1000
    assert one["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (*one.get("initContainers", ()), *one["containers"]):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@each(POD_SPECS)
def test_a_container_has_requests_and_limits(one: Resource) -> None:
    """Both of processor and memory."""
    for container in (*one.get("initContainers", ()), *one["containers"]):
        for kind in ("requests", "limits"):
            assert container["resources"][kind].keys() == {"cpu", "memory"}


@each(POD_SPECS)
def test_what_is_mounted_is_there(one: Resource) -> None:
    """Every mount has its volume, every volume its mount; our secrets lie where the settings say."""
    volumes = {volume["name"] for volume in one["volumes"]}
    containers = [*one.get("initContainers", ()), *one["containers"]]
    mounts = [mount for container in containers for mount in container["volumeMounts"]]
    assert {mount["name"] for mount in mounts} == volumes
    for container in containers:
        places = {mount["mountPath"] for mount in container["volumeMounts"]}
        for variable in container.get("env", ()):
            if variable["name"].endswith("_FILE"):
                assert str(Path(variable["value"]).parent) in places


@pytest.mark.parametrize("name", JOBS)
def test_a_job_is_probed_where_it_listens(name: str) -> None:
    """Alive by /health, ready by /ready, on the port of TREATYWIRE_METRICS_LISTEN; and drained before it is killed."""
    (deployment,) = [one for one in of_kind("Deployment") if one["metadata"]["name"] == f"treatywire-{name}"]
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (port,) = container["ports"]
    listen = {one["name"]: one.get("value") for one in container["env"]}["TREATYWIRE_METRICS_LISTEN"]
    assert listen == f"0.0.0.0:{port['containerPort']}"
    assert container["startupProbe"]["httpGet"] == {"path": "/health", "port": port["name"]}
    assert container["livenessProbe"]["httpGet"] == {"path": "/health", "port": port["name"]}
    assert container["readinessProbe"]["httpGet"] == {"path": "/ready", "port": port["name"]}
    assert container["args"] == ["job", name]
    assert pod["terminationGracePeriodSeconds"] > DRAIN_S + 5


@pytest.mark.parametrize("name", JOBS)
def test_a_job_has_a_budget_for_disruptions(name: str) -> None:
    """Its selector is the Deployment's, and there is a second process while one is away."""
    (deployment,) = [one for one in of_kind("Deployment") if one["metadata"]["name"] == f"treatywire-{name}"]
    (budget,) = [one for one in of_kind("PodDisruptionBudget") if one["metadata"]["name"] == f"treatywire-{name}"]
    assert budget["spec"]["selector"] == deployment["spec"]["selector"]
    assert deployment["spec"]["template"]["metadata"]["labels"].items() >= (
        deployment["spec"]["selector"]["matchLabels"].items()
    )
    assert deployment["spec"]["replicas"] > budget["spec"]["maxUnavailable"]


def test_scaling_follows_the_group_that_detects() -> None:
    """Topic and consumer group are those of the program, and no more processes than partitions are of use."""
    (scaled,) = of_kind("ScaledObject")
    kafka = KafkaSettings(bootstrap="kafka:9092")
    (trigger,) = scaled["spec"]["triggers"]
    assert trigger["metadata"]["topic"] == kafka.articles
    assert trigger["metadata"]["consumerGroup"] == group_of(kafka.articles, "detect")
    assert scaled["spec"]["maxReplicaCount"] == kafka.article_partitions
    target = scaled["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) in {(one["kind"], one["metadata"]["name"]) for _, one in RESOURCES}


def test_policies_open_the_ports_that_are_used() -> None:
    """Who scrapes reaches the metrics; the workers' port of Flink, by which code can be run, is reached by nobody."""
    policies = {one["metadata"]["name"]: one["spec"] for one in of_kind("NetworkPolicy")}
    assert policies["treatywire"]["ingress"][0]["ports"] == [{"port": 9464}]
    labels = [pod["spec"]["template"]["metadata"]["labels"] for kind in ("Deployment", "Job") for pod in of_kind(kind)]
    for policy in policies.values():
        wanted = policy["podSelector"]["matchLabels"].items()
        assert any(wanted <= one.items() for one in labels)
    settings = load_settings({}, {k: v for k, v in flink_settings().items() if "SASL" not in k and "SECURITY" not in k})
    assert settings.flink is not None
    pool = int(settings.flink.workers.rpartition(":")[2])
    for rule in policies["treatywire-flink"]["ingress"]:
        for ports in rule["ports"]:
            assert not ports["port"] <= pool <= ports.get("endPort", ports["port"])


def flink_settings() -> dict[str, str]:
    """Those of the example with Flink."""
    base, flink = (settings_map(KUBERNETES / path / "kustomization.yaml") for path in ("base", "components/flink"))
    return base | flink | {"TREATYWIRE_ELASTICSEARCH_PASSWORD": "x"}


def test_flink_is_where_the_settings_say() -> None:
    """JobManager, job server and pool are named as the operator and the manifests name them."""
    settings: Settings = load_settings({}, flink_settings())
    assert settings.flink is not None
    (cluster,) = of_kind("FlinkDeployment")
    assert settings.flink.url == f"http://{cluster['metadata']['name']}-rest:8081"
    services = {one["metadata"]["name"]: one["spec"] for one in of_kind("Service")}
    host, _, port = settings.flink.job_server.partition(":")
    assert int(port) in [one["port"] for one in services[host]["ports"]]
    arguments = {one.image: one.arguments for one in kubernetes_containers() if "job_server" in one.image}
    ((_, told),) = arguments.items()
    assert {f"--job-host={host}", f"--job-port={port}", f"--flink-master={settings.flink.url[7:]}"} <= set(told)
    (pool,) = [one for one in kubernetes_containers() if one.where.startswith("FlinkDeployment")]
    assert pool.arguments == (f"--service_port={settings.flink.workers.partition(':')[2]}",)
    assert settings.flink.workers.startswith("localhost:")


@each([(str(path.parent.relative_to(KUBERNETES)), (path.parent, one)) for path, one in kustomizations()])
def test_a_kustomization_names_what_there_is(one: tuple[Path, Resource]) -> None:
    """Each file is named once, each name is a file, and what it changes exists."""
    folder, document = one
    kind = "Component" if folder.parent.name == "components" else "Kustomization"
    assert document["kind"] == kind
    named = document.get("resources", []) + document.get("components", [])
    for name in named:
        assert (folder / name).exists(), name
    files = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
    assert files == {name for name in named if "/" not in name}
    there = {(one["kind"], one["metadata"]["name"]) for _, one in RESOURCES}
    for patch in document.get("patches", ()):
        assert (patch["target"]["kind"], patch["target"]["name"]) in there
        yaml.safe_load(patch["patch"])
    for replicas in document.get("replicas", ()):
        assert ("Deployment", replicas["name"]) in there
    for image in document.get("images", ()):
        assert any(container.image.startswith(f"{image['name']}:") for container in kubernetes_containers())


def test_the_ports_that_are_scraped_are_there() -> None:
    """Each PodMonitor's, in the pods that it selects; and its targets get the job that the rules ask for."""
    ports: dict[str, set[str]] = {}
    for one in (*of_kind("Deployment"), *of_kind("FlinkDeployment")):
        template = one["spec"].get("template") or one["spec"]["podTemplate"]
        named = {port["name"] for container in template["spec"]["containers"] for port in container.get("ports", ())}
        ports.setdefault(template["metadata"]["labels"]["app.kubernetes.io/name"], set()).update(named)
    monitors = of_kind("PodMonitor")
    assert len(monitors) == 2
    for monitor in monitors:
        (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
        assert monitor["spec"]["jobLabel"] == "app.kubernetes.io/name"
        assert endpoint["port"] in ports[monitor["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"]]


def test_an_installation_is_told_of_every_secret() -> None:
    """The example lists each key that a container or KEDA takes from a Secret, and no other."""
    text = (KUBERNETES / "overlays" / "example" / "kustomization.yaml").read_text()
    listed = {
        secret: set(keys.partition(":")[0].split(", "))
        for secret, keys in re.findall(r"^#   (treatywire[\w-]*) +(.+)$", text, re.MULTILINE)
    }
    taken: dict[str, set[str]] = {}
    example = settings_map(KUBERNETES / "overlays" / "example" / "kustomization.yaml")
    for _, spec in POD_SPECS:
        secrets = [volume["secret"]["secretName"] for volume in spec["volumes"] if "secret" in volume]
        for container in (*spec.get("initContainers", ()), *spec["containers"]):
            values = [one.get("value", "") for one in container.get("env", ())]
            values += example.values() if container.get("envFrom") else []
            for value in values:
                if value.startswith("/run/secrets/treatywire/"):
                    taken.setdefault(secrets[0], set()).add(value.rpartition("/")[2])
    for authentication in of_kind("TriggerAuthentication"):
        for one in authentication["spec"]["secretTargetRef"]:
            taken[one["name"]].add(one["key"])
        assert f"name: {authentication['metadata']['name']}" in text
    assert {secret: sorted(keys) for secret, keys in listed.items()} == {
        secret: sorted(keys) for secret, keys in taken.items()
    }
