"""`treatywire upgrade` where the detect job runs on a Flink cluster."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.commands.upgrade import beside_flink
from connectors.flink import FlinkCluster
from connectors.flink.cluster import Job
from pipelines.jobs.rebuild import Hold
from schemas.errors import Misconfigured
from schemas.settings import Settings, load_settings

SERVED = {
    "TREATYWIRE_KAFKA_BOOTSTRAP": "localhost:9092",
    "TREATYWIRE_KAFKA_PREFIX": "desk",
    "TREATYWIRE_ELASTICSEARCH_URLS": "http://localhost:9200",
    "TREATYWIRE_CONFIG": "",
}
FLINK = {
    "TREATYWIRE_FLINK_URL": "http://localhost:8081",
    "TREATYWIRE_FLINK_JOB_SERVER": "localhost:8099",
    "TREATYWIRE_FLINK_WORKERS": "localhost:50000",
}


def _jobs(*names_and_states: tuple[str, str]) -> Sequence[Job]:
    return [Job(f"id-{name}", name, state, datetime(2026, 11, 22, tzinfo=UTC)) for name, state in names_and_states]


def _settings(**more: str) -> Settings:
    return load_settings({}, SERVED | more)


def test_a_backfill_on_the_cluster_is_to_end_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would write into both generations."""
    names = (("other-detect", "RUNNING"), ("desk-backfill", "RUNNING"), ("desk-detect", "RUNNING"))
    monkeypatch.setattr(FlinkCluster, "jobs", lambda _: _jobs(*names))
    with pytest.raises(Misconfigured, match="desk-backfill runs"):
        beside_flink(_settings(**FLINK))


def test_a_detect_job_on_the_cluster_is_held_for_some_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the hold is for waiting until it is seen to stand still."""
    monkeypatch.setattr(FlinkCluster, "jobs", lambda _: _jobs(("desk-detect", "RUNNING")))
    hold = beside_flink(_settings(**FLINK, TREATYWIRE_FLINK_CHECKPOINT_SECONDS="20"))
    assert hold.settle > Hold().settle
    assert hold.held / 2 >= hold.settle + 3 * timedelta(seconds=20)


def test_jobs_that_have_ended_or_are_another_installations_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a cluster that the settings do not name."""
    monkeypatch.setattr(
        FlinkCluster, "jobs", lambda _: _jobs(("other-backfill", "RUNNING"), ("desk-detect", "CANCELED"))
    )
    assert beside_flink(_settings(**FLINK)) == Hold()
    assert beside_flink(_settings()) == Hold()
