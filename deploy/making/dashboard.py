"""The Grafana dashboard, from one table of panels."""

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

_SOURCE = {"type": "prometheus", "uid": "prometheus"}
_HEIGHT, _IN_ALL = 7, 24


class Query(Struct, frozen=True):
    """One line of a panel."""

    expression: str
    legend: str


class Panel(Struct, frozen=True):
    """One picture. `kind` is Grafana's: ``stat`` or ``timeseries``."""

    title: str
    unit: str
    queries: tuple[Query, ...]
    says: str
    kind: str = "timeseries"


def _one(title: str, unit: str, expression: str, legend: str, says: str) -> Panel:
    return Panel(title, unit, (Query(expression, legend),), says)


def _quantiles(metric: str) -> tuple[Query, ...]:
    return tuple(
        Query(f"histogram_quantile({quantile}, sum by (le) (rate({metric}_bucket[$__rate_interval])))", f"p{name}")
        for quantile, name in ((0.5, 50), (0.95, 95), (0.99, 99))
    )


ROWS: tuple[tuple[str, tuple[Panel, ...]], ...] = (
    (
        "Is it well?",
        (
            Panel(
                "Processes",
                "short",
                (Query("count by (component) (treatywire_build_info)", "{{component}}"),),
                "How many of each part answer.",
                "stat",
            ),
            Panel(
                "Waiting",
                "short",
                (Query("max by (log) (treatywire_lag_entries)", "{{log}}"),),
                "Entries of each log that nobody has finished.",
                "stat",
            ),
            Panel(
                "Since the last step",
                "s",
                (Query("max by (component) (time() - treatywire_last_step_timestamp_seconds)", "{{component}}"),),
                "The loop of each part; more than three minutes is stuck.",
                "stat",
            ),
            Panel(
                "Since something was done",
                "s",
                (Query("min by (component) (time() - treatywire_last_progress_timestamp_seconds)", "{{component}}"),),
                "Written for good by any process of each part; long where there is nothing to do.",
                "stat",
            ),
        ),
    ),
    (
        "From feed to search",
        (
            Panel(
                "Articles",
                "ops",
                (
                    Query("sum(rate(treatywire_articles_fetched_total[$__rate_interval]))", "fetched"),
                    Query("sum(rate(treatywire_articles_read_total[$__rate_interval]))", "read"),
                    Query("sum(rate(treatywire_articles_done_total[$__rate_interval]))", "done"),
                ),
                "Done lies under fetched: detect falls behind. Read lies above done: batches are tried again.",
            ),
            Panel(
                "Fetched to searchable",
                "s",
                _quantiles("treatywire_searchable_seconds"),
                "What a reader of the index waits.",
            ),
            _one(
                "Lag", "short", "max by (log) (treatywire_lag_entries)", "{{log}}", "Entries that nobody has finished."
            ),
            _one(
                "Mentions",
                "ops",
                "sum by (type) (rate(treatywire_mentions_total[$__rate_interval]))",
                "{{type}}",
                "As found, before merging.",
            ),
            _one(
                "Developments",
                "ops",
                "sum by (change) (rate(treatywire_developments_total[$__rate_interval]))",
                "{{change}}",
                "As published.",
            ),
            _one("Events", "short", "max(treatywire_events)", "events", "In the index."),
        ),
    ),
    (
        "From development to desk",
        (
            _one(
                "Deliveries",
                "ops",
                "sum by (outcome) (rate(treatywire_deliveries_total[$__rate_interval]))",
                "{{outcome}}",
                "Each try, by how it ended.",
            ),
            Panel("Found to delivered", "s", _quantiles("treatywire_delivered_seconds"), "Repeated tries count in."),
            Panel(
                "Alerts",
                "short",
                (
                    Query("sum(increase(treatywire_alerts_total[$__rate_interval]))", "noted"),
                    Query("max(treatywire_alert_overdue_seconds)", "seconds overdue"),
                ),
                "How many came, and for how long the one that is due longest has been.",
            ),
        ),
    ),
    (
        "What goes wrong",
        (
            _one(
                "Dead letters",
                "short",
                "sum by (stage) (increase(treatywire_dead_letters_total[$__rate_interval]))",
                "{{stage}}",
                "`treatywire replay` sends them again.",
            ),
            Panel(
                "Feeds",
                "short",
                (
                    Query("max by (state) (treatywire_feeds)", "{{state}}"),
                    Query(
                        'sum(increase(treatywire_feed_polls_total{outcome="failed"}[$__rate_interval]))',
                        "failed polls",
                    ),
                ),
                "`treatywire feeds list` says why.",
            ),
            _one(
                "Missed",
                "short",
                "sum by (log) (increase(treatywire_missed_entries_total[$__rate_interval]))",
                "{{log}}",
                "Entries that expired before anybody read them.",
            ),
            _one(
                "Calls that failed",
                "ops",
                "sum by (port, error) (rate(treatywire_call_errors_total[$__rate_interval]))",
                "{{port}} {{error}}",
                "Conflicts are work done again; Unavailable is a server away; Bug is a bug.",
            ),
        ),
    ),
    (
        "What it takes",
        (
            _one(
                "Memory",
                "bytes",
                "max by (component, instance) (process_resident_memory_bytes)",
                "{{component}} {{instance}}",
                "Resident, each process.",
            ),
            _one(
                "Processor",
                "percentunit",
                "sum by (component, instance) (rate(process_cpu_seconds_total[$__rate_interval]))",
                "{{component}} {{instance}}",
                "Of one core.",
            ),
            _one(
                "Calls, p95",
                "s",
                "histogram_quantile(0.95,"
                " sum by (port, call, le) (rate(treatywire_call_seconds_bucket[$__rate_interval])))",
                "{{port}}.{{call}}",
                "Writes, and the work on a batch.",
            ),
            _one(
                "Leases held",
                "short",
                "sum by (component, kind) (treatywire_leases_held)",
                "{{component}} {{kind}}",
                "A kind that is held by nobody waits for its old holder's lease to run out.",
            ),
            _one(
                "Steps that could not work",
                "ops",
                'sum by (component, outcome) (rate(treatywire_steps_total{outcome!="ok"}[$__rate_interval]))',
                "{{component}} {{outcome}}",
                "The loop tries again by itself.",
            ),
            _one(
                "Starts",
                "short",
                "sum by (component) (changes(process_start_time_seconds[1h]))",
                "{{component}}",
                "In the last hour.",
            ),
        ),
    ),
    (
        "An upgrade",
        (
            Panel(
                "How far it is",
                "short",
                (
                    Query("max by (phase) (treatywire_upgrade_done)", "{{phase}}"),
                    Query("max by (phase) (treatywire_upgrade_total)", "{{phase}}, of"),
                ),
                "Articles, by phase; nothing while none is at work.",
            ),
        ),
    ),
    (
        "On Flink",
        (
            _one(
                "Restarts",
                "short",
                "sum by (job_name) (increase(flink_jobmanager_job_numRestarts[$__rate_interval]))",
                "{{job_name}}",
                "Each goes on from the last checkpoint.",
            ),
            Panel(
                "Checkpoints",
                "short",
                (
                    Query(
                        "sum(increase(flink_jobmanager_job_numberOfCompletedCheckpoints[$__rate_interval]))",
                        "completed",
                    ),
                    Query("sum(increase(flink_jobmanager_job_numberOfFailedCheckpoints[$__rate_interval]))", "failed"),
                ),
                "After a failure, work is done again from the last completed one.",
            ),
            Panel(
                "Articles, by the workers",
                "ops",
                (
                    Query("sum(rate(flink_taskmanager_job_task_operator_read_entries[$__rate_interval]))", "read"),
                    Query(
                        "sum(rate(flink_taskmanager_job_task_operator_detect_articles[$__rate_interval]))", "detected"
                    ),
                    Query(
                        "sum(rate(flink_taskmanager_job_task_operator_detect_mentions[$__rate_interval]))", "mentions"
                    ),
                ),
                "Beam's counters, as Flink's reporter shows them.",
            ),
            _one(
                "Duration of a checkpoint",
                "ms",
                "max by (job_name) (flink_jobmanager_job_lastCheckpointDuration)",
                "{{job_name}}",
                "Of the last one.",
            ),
        ),
    ),
)


def dashboard() -> str:
    """The dashboard as Grafana imports it."""
    panels: list[dict[str, Any]] = []
    top = 0
    for title, row in ROWS:
        panels.append(
            {
                "id": len(panels) + 1,
                "type": "row",
                "title": title,
                "collapsed": False,
                "gridPos": {"h": 1, "w": _IN_ALL, "x": 0, "y": top},
                "panels": [],
            }
        )
        top += 1
        beside = 4 if len(row) % 4 == 0 else 3
        for place, panel in enumerate(row):
            down, along = divmod(place, beside)
            width = _IN_ALL // beside
            at = {"h": _HEIGHT, "w": width, "x": along * width, "y": top + down * _HEIGHT}
            panels.append(_drawn(panel, len(panels) + 1, at))
        top += -(-len(row) // beside) * _HEIGHT
    whole = {
        "uid": "treatywire",
        "title": "Treatywire",
        "tags": ["treatywire"],
        "schemaVersion": 39,
        "timezone": "utc",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "editable": False,
        "annotations": {"list": []},
        "templating": {"list": []},
        "panels": panels,
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def queries() -> Sequence[str]:
    """Every expression."""
    return [query.expression for _, row in ROWS for panel in row for query in panel.queries]


def _drawn(panel: Panel, id: int, at: dict[str, int]) -> dict[str, Any]:
    return {
        "id": id,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.says,
        "datasource": _SOURCE,
        "gridPos": at,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + number),
                "datasource": _SOURCE,
                "expr": query.expression,
                "legendFormat": query.legend,
            }
            for number, query in enumerate(panel.queries)
        ],
    }
