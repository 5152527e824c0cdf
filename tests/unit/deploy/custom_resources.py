"""The fields that our manifests use of resources that operators define, with what each takes.

Kubernetes's own schemas know nothing of these; the operators' were compared by hand (deploy/README.md). A field that is
not here is refused, so that a slip of the pen is.
"""

from collections.abc import Iterator
from typing import Any

Shape = type | dict[str, Any] | list[Any] | tuple[Any, ...]
"""A type; an object by its fields; a list of one shape; a tuple of allowed values. ``dict`` is any map of texts."""
META: Shape = {"name": str, "labels": dict}
POD: Shape = {"metadata": {"labels": dict}, "spec": object}
CUSTOM: dict[str, dict[str, Shape]] = {
    "keda.sh/v1alpha1": {
        "ScaledObject": {
            "scaleTargetRef": {"apiVersion": str, "kind": str, "name": str},
            "pollingInterval": int,
            "cooldownPeriod": int,
            "minReplicaCount": int,
            "maxReplicaCount": int,
            "advanced": {
                "horizontalPodAutoscalerConfig": {"behavior": {"scaleDown": {"stabilizationWindowSeconds": int}}}
            },
            "fallback": {"failureThreshold": int, "replicas": int},
            "triggers": [{"type": ("kafka",), "metadata": dict, "authenticationRef": {"name": str}}],
        },
        "TriggerAuthentication": {"secretTargetRef": [{"parameter": str, "name": str, "key": str}]},
    },
    "flink.apache.org/v1beta1": {
        "FlinkDeployment": {
            "image": str,
            "flinkVersion": ("v1_19", "v1_20"),
            "mode": ("native", "standalone"),
            "serviceAccount": str,
            "flinkConfiguration": dict,
            "podTemplate": POD,
            "jobManager": {"replicas": int, "resource": {"cpu": (float, int), "memory": str}},
            "taskManager": {"resource": {"cpu": (float, int), "memory": str}, "podTemplate": POD},
        }
    },
    "monitoring.coreos.com/v1": {
        "PodMonitor": {
            "jobLabel": str,
            "selector": {"matchLabels": dict},
            "podMetricsEndpoints": [{"port": str, "path": str, "interval": str}],
        },
        "PrometheusRule": {
            "groups": [
                {
                    "name": str,
                    "rules": [{"alert": str, "expr": str, "for": str, "labels": dict, "annotations": dict}],
                }
            ]
        },
    },
}


def misfits(resource: dict[str, Any]) -> list[str]:
    """What does not fit, each with its path."""
    shape = {"apiVersion": str, "kind": str, "metadata": META, "spec": CUSTOM[resource["apiVersion"]][resource["kind"]]}
    return list(_misfits(resource, shape, ""))


def _misfits(value: Any, shape: Any, path: str) -> Iterator[str]:
    match shape:
        case dict():
            yield from _of_object(value, shape, path)
        case [element]:
            for number, inner in enumerate(value):
                yield from _misfits(inner, element, f"{path}[{number}]")
        case tuple() if all(isinstance(one, type) for one in shape):
            if not isinstance(value, shape):
                yield f"{path}: of another type"
        case tuple():
            if value not in shape:
                yield f"{path}: none of {shape}"
        case type() if shape is dict:
            yield from (f"{path}.{key}: not a text" for key, inner in value.items() if not isinstance(inner, str))
        case type():
            if not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
                yield f"{path}: not {shape.__name__}"


def _of_object(value: Any, fields: dict[str, Any], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: not an object"
        return
    for key, inner in value.items():
        place = f"{path}.{key}".lstrip(".")
        yield from _misfits(inner, fields[key], place) if key in fields else (f"{place}: unknown",)
