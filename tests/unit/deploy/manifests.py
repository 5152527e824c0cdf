"""The manifests as they lie in `deploy/`."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from schemas.settings import PREFIX

DEPLOY = Path(__file__).parents[3] / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
SCRAPE_PORT = 9464
IMAGE = "treatywire:"
"""What the name of our own image begins with."""
POD_SPECS = {"Deployment": ("template", "spec"), "Job": ("template", "spec")}


class Container(Struct, frozen=True):
    """One container of compose or Kubernetes, in the same words."""

    where: str
    image: str
    entrypoint: tuple[str, ...]
    """What stands in place of the image's; empty for the image's own."""
    arguments: tuple[str, ...]
    environment: dict[str, str]


def resources() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every document under `kubernetes/` but kustomizations."""
    for path in sorted(KUBERNETES.rglob("*.yaml")):
        if path.name != "kustomization.yaml":
            for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
                assert document, f"{path}: an empty document"
                yield path, document


def kustomizations() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every kustomization."""
    for path in sorted(KUBERNETES.rglob("kustomization.yaml")):
        yield path, yaml.safe_load(path.read_text(encoding="utf-8"))


def of_kind(kind: str) -> list[dict[str, Any]]:
    """The resources of one kind."""
    return [one for _, one in resources() if one["kind"] == kind]


def pod_specs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Kind and name, with the pod spec, of all that runs pods itself."""
    for _, one in resources():
        if one["kind"] in POD_SPECS:
            yield f"{one['kind']} {one['metadata']['name']}", one["spec"]["template"]["spec"]


def settings_map(path: Path) -> dict[str, str]:
    """What a kustomization's generator puts into `treatywire-settings`."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return dict(
        literal.split("=", 1)
        for generator in document.get("configMapGenerator", ())
        if generator["name"] == "treatywire-settings"
        for literal in generator["literals"]
    )


def kubernetes_containers() -> Iterator[Container]:
    """Every container, with the example's settings where it takes the map of settings."""
    settings = settings_map(KUBERNETES / "base" / "kustomization.yaml")
    for path in ("overlays/example", "components/flink"):
        settings |= settings_map(KUBERNETES / path / "kustomization.yaml")
    for where, spec in pod_specs():
        for one in (*spec.get("initContainers", ()), *spec["containers"]):
            yield _container(where, one, settings)
    for flink in of_kind("FlinkDeployment"):
        for one in flink["spec"]["taskManager"]["podTemplate"]["spec"]["containers"]:
            yield _container("FlinkDeployment", one, settings)


def _container(where: str, one: Mapping[str, Any], settings: Mapping[str, str]) -> Container:
    environment = dict(settings) if one.get("envFrom") else {}
    environment |= {variable["name"]: variable["value"] for variable in one.get("env", ())}
    arguments = tuple(one.get("args", ()))
    return Container(f"{where}, {one['name']}", one["image"], tuple(one.get("command", ())), arguments, environment)


def compose() -> dict[str, Any]:
    """The compose file, its anchors resolved."""
    document: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return document


def compose_containers() -> Iterator[Container]:
    """Every service."""
    for name, one in compose()["services"].items():
        yield Container(
            f"compose, {name}",
            one["image"],
            tuple(one.get("entrypoint", ())),
            tuple(one.get("command", ())),
            dict(one.get("environment", {})),
        )


def ours() -> list[Container]:
    """The containers of our own image."""
    return [one for one in (*compose_containers(), *kubernetes_containers()) if one.image.startswith(IMAGE)]


def settings_of(container: Container) -> dict[str, str]:
    """Its variables that are settings of the program."""
    return {name: value for name, value in container.environment.items() if name.startswith(PREFIX)}
