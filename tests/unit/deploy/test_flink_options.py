"""How a Flink cluster of ours starts jobs again is the same wherever it is said."""

from pathlib import Path

import yaml

from deploy.local.flink_config import configuration

DEPLOY = Path(__file__).parents[3] / "deploy"
PORTS = dict.fromkeys(("rest", "rpc", "blob", "task", "data"), 0)


def restarts(options: dict[str, object]) -> dict[str, str]:
    """The options of the restart strategy."""
    return {key: str(value) for key, value in options.items() if key.startswith("restart-strategy")}


def test_a_job_that_keeps_failing_ends_on_every_cluster() -> None:
    """Local, in compose and on Kubernetes; the default would start it for ever."""
    local = restarts(dict(configuration(Path("/"), PORTS, "1g")))
    assert local["restart-strategy.type"] == "exponential-delay"
    assert int(local["restart-strategy.exponential-delay.attempts-before-reset-backoff"]) < 100
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert restarts(yaml.safe_load(compose["x-flink"]["environment"]["FLINK_PROPERTIES"])) == local
    [cluster] = [
        one
        for one in yaml.safe_load_all((DEPLOY / "kubernetes" / "components" / "flink" / "cluster.yaml").read_text())
        if one["kind"] == "FlinkDeployment"
    ]
    assert restarts(cluster["spec"]["flinkConfiguration"]) == local
