"""The files of `deploy/` that follow from the code: made by ``make deploy-files``, and compared by a test.

What Elasticsearch and Kafka hold is said in `connectors`, what can be drawn in `pipelines.jobs.observe`, what was
measured in `tests/bench/results`. Said twice, it would be true once.
"""

from collections.abc import Mapping
from pathlib import Path

from deploy.making.dashboard import dashboard
from deploy.making.metrics import with_metrics
from deploy.making.rules import prometheus_rule
from deploy.making.servers import life_cycle, roles, templates, topics
from deploy.making.sizing import with_sizing

FOLDER = Path(__file__).parents[1]


def made() -> Mapping[Path, str]:
    """What each made file holds, by its path under `deploy/`."""
    return {
        Path("elasticsearch/ilm.json"): life_cycle(),
        Path("elasticsearch/roles.json"): roles(),
        Path("elasticsearch/templates.json"): templates(),
        Path("grafana/dashboards/treatywire.json"): dashboard(),
        Path("kafka/topics.json"): topics(),
        Path("kubernetes/components/monitoring/rules.yaml"): prometheus_rule(FOLDER / "prometheus" / "rules.yaml"),
        Path("README.md"): with_metrics(
            with_sizing(
                (FOLDER / "README.md").read_text(encoding="utf-8"), FOLDER.parent / "tests" / "bench" / "results"
            )
        ),
    }
