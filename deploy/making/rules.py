"""Prometheus's rules as the Prometheus operator takes them."""

from pathlib import Path
from textwrap import indent

_HEAD = """\
# Made of deploy/prometheus/rules.yaml by `make deploy-files`; change it there.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: treatywire
  labels: {app.kubernetes.io/name: treatywire}
spec:
"""


def prometheus_rule(rules: Path) -> str:
    """The same groups, as a resource."""
    lines = [line for line in rules.read_text(encoding="utf-8").splitlines(keepends=True) if not line.startswith("#")]
    return _HEAD + indent("".join(lines), "  ")
