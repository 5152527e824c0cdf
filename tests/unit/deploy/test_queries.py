"""Every query of rules and dashboard asks for what the program exports."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.making.dashboard import queries
from deploy.making.metrics import COMPONENTS, exported
from pipelines.jobs.adapters import Adapters
from pipelines.jobs.cluster import job_name
from pipelines.jobs.observe import Metrics
from schemas import errors
from schemas.kafka_settings import KafkaSettings
from schemas.settings import Settings
from schemas.vocabulary import Stage
from tests.unit.deploy.promql import SCRAPED, Series, UnknownError, labels_of

DEPLOY = Path(__file__).parents[3] / "deploy"
RULES = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus" / "rules.yaml").read_text())["groups"]
    for rule in group["rules"]
]
KINDS_OF_ERRORS = {name for name, value in vars(errors).items() if isinstance(value, type)} | {"Bug"}
VALUES: dict[str, dict[str, set[str]]] = {
    "": {
        "error": KINDS_OF_ERRORS,
        "log": {"articles", "developments"},
        "port": {name for name in dir(Adapters) if name[0] != "_"} | {"engine"},
        "stage": {stage.value for stage in Stage},
    },
    "treatywire_feed_polls": {"outcome": {"ok", "failed"}},
    "treatywire_deliveries": {"outcome": {"delivered", "again", "given_up"}},
    "treatywire_steps": {"outcome": {"ok", "unavailable", "error"}},
    "treatywire_feeds": {"state": {"ok", "failing", "new"}},
}
FLINK = (
    "flink_jobmanager_job_lastCheckpointDuration",
    "flink_jobmanager_job_numRestarts",
    "flink_jobmanager_job_numberOfCompletedCheckpoints",
    "flink_jobmanager_job_numberOfFailedCheckpoints",
    "flink_taskmanager_job_task_operator_detect_articles",
    "flink_taskmanager_job_task_operator_detect_mentions",
    "flink_taskmanager_job_task_operator_read_entries",
    "flink_taskmanager_job_task_operator_read_missed",
)
"""As Flink 1.19 with its reporter showed them, with these labels, on 2026-11-22; characters but letters and digits in a
label's value become ``_``."""
SUFFIXES = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}


def series() -> dict[str, Series]:
    """All that Prometheus has of us, by the name of the sample."""
    found = {
        "up": Series(SCRAPED, {"job": frozenset({"treatywire"})}),
        "treatywire_component_up": Series(SCRAPED | {"component"}, {"component": frozenset(COMPONENTS)}),
    }
    for family in Metrics("run").collect():
        for sample in family.samples:
            found[sample.name] = Series(SCRAPED | sample.labels.keys(), {"component": frozenset(COMPONENTS)})
    detect = job_name(Settings(kafka=KafkaSettings(bootstrap="kafka:9092")), "detect").replace("-", "_")
    for name in FLINK:
        found[name] = Series(SCRAPED | {"host", "job_id", "job_name"}, {"job_name": frozenset({detect})})
    for one in exported():
        closed = {label: frozenset(values) for label, values in (VALUES[""] | VALUES.get(one.name, {})).items()}
        for suffix in SUFFIXES[one.kind]:
            labels = SCRAPED | {"component", *one.labels} | ({"le"} if suffix == "_bucket" else set())
            found[one.name + suffix] = Series(labels, closed | {"component": frozenset(one.components)})
    return found


KNOWN = series()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_a_rule_asks_for_what_is_exported(rule: dict[str, Any]) -> None:
    """Metrics, labels and values exist, both sides can match, and what its summary names is in the result."""
    labels = labels_of(rule["expr"], KNOWN)
    summary = rule["annotations"]["summary"]
    assert set(re.findall(r"\$labels\.(\w+)", summary)) <= labels
    assert re.sub(r"\{\{ \$(labels\.\w+|value( \| humanize\w*)?) \}\}", "", summary).count("{") == 0
    assert rule["labels"]["severity"] in ("warning", "critical")


@pytest.mark.parametrize("query", queries())
def test_a_panel_asks_for_what_is_exported(query: str) -> None:
    """The same for each line of the dashboard."""
    labels_of(query, KNOWN)


def test_the_legends_of_the_dashboard_name_labels_of_their_result() -> None:
    """Else a line has an empty name."""
    dashboard = json.loads((DEPLOY / "grafana" / "dashboards" / "treatywire.json").read_text())
    targets = [target for panel in dashboard["panels"] for target in panel.get("targets", ())]
    assert len(targets) == len(queries())
    for target in targets:
        named = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
        assert named <= labels_of(target["expr"], KNOWN), target


def test_the_panels_of_the_dashboard_lie_beside_one_another() -> None:
    """None covers another, each has an id of its own."""
    panels = json.loads((DEPLOY / "grafana" / "dashboards" / "treatywire.json").read_text())["panels"]
    cells = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_every_metric_is_looked_at() -> None:
    """What no rule and no panel asks for is work for nobody."""
    asked = " ".join([*queries(), *(rule["expr"] for rule in RULES)])
    assert [one.name for one in exported() if one.name not in asked] == []


def test_every_alert_is_in_the_runbook_and_no_other() -> None:
    """With what to look at and what to do."""
    runbook = (DEPLOY / "runbook.md").read_text()
    sections = re.findall(r"^## (Treatywire\w+)\n(.*?)(?=^## )", runbook, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in sections] == [rule["alert"] for rule in RULES]
    for name, text in sections:
        assert re.search(r"^- Look at: ", text, re.MULTILINE), name
        assert re.search(r"^- Do: ", text, re.MULTILINE), name
    mentioned = set(re.findall(r"\bTreatywire[A-Z]\w+", runbook))
    assert mentioned <= {rule["alert"] for rule in RULES}


@pytest.mark.parametrize(
    "query",
    [
        "treatywire_articles_fetched",
        'treatywire_lag_entries{topic="articles"}',
        'treatywire_lag_entries{log="letters"}',
        'treatywire_deliveries_total{outcome="failed"}',
        'treatywire_articles_done_total{component="fetch"}',
        "sum by (stage) (treatywire_lag_entries)",
        "histogram_quantile(0.9, sum(rate(treatywire_searchable_seconds_bucket[5m])))",
        "sum by (log) (treatywire_lag_entries) > sum(treatywire_events)",
    ],
)
def test_a_wrong_query_is_seen_to_be(query: str) -> None:
    """The check itself."""
    with pytest.raises(UnknownError):
        labels_of(query, KNOWN)


def test_the_cases_of_the_rules_are_about_what_is_exported() -> None:
    """Each series of rules-test.yaml could come from the program, and each alert has a case in which it calls."""
    tests = yaml.safe_load((DEPLOY / "prometheus" / "rules-test.yaml").read_text())["tests"]
    for test in tests:
        for one in test["input_series"]:
            labels_of(one["series"], KNOWN)
    calling = {case["alertname"] for test in tests for case in test["alert_rule_test"] if case.get("exp_alerts")}
    assert calling == {rule["alert"] for rule in RULES}
