"""Flink and Beam's job server as `deploy.local` runs them."""

from pathlib import Path
from typing import Any

import apache_beam as beam
import httpx
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.combiners import Count

from deploy.local import Flink
from tests.waiting import until


def ask(flink: Flink, path: str) -> Any:
    """What the JobManager answers."""
    return httpx.get(f"{flink.rest_url}/{path}", trust_env=False, timeout=60).raise_for_status().json()


def count_parties(flink: Flink, folder: Path) -> dict[str, int]:
    """Runs a pipeline with a shuffle on the cluster; what its Python workers have written."""
    options = PipelineOptions(
        runner="PortableRunner",
        job_endpoint=flink.job_server,
        environment_type="EXTERNAL",
        environment_config=flink.worker_pool,
        parallelism=1,
    )
    with beam.Pipeline(options=options) as pipeline:
        parties = pipeline | beam.Create(["IRN", "CHL", "IRN"])  # type: ignore[no-untyped-call]
        lines = parties | Count.PerElement() | beam.MapTuple("{} {}".format)  # type: ignore[no-untyped-call]
        lines | beam.io.WriteToText(str(folder / "counts"))
    written = [line.split() for file in folder.glob("counts*") for line in file.read_text().splitlines()]
    return {party: int(count) for party, count in written}


def test_the_cluster_has_one_task_manager_with_free_slots(flink: Flink) -> None:
    """The JobManager says so, and every part is well."""
    overview = ask(flink, "overview")
    assert (overview["taskmanagers"], overview["slots-total"], overview["slots-available"]) == (1, 4, 4)
    assert flink.healthy


def test_a_pipeline_runs_on_the_workers_of_the_pool(flink: Flink, tmp_path: Path) -> None:
    """Its result is there, and when it has ended its worker has gone."""
    assert count_parties(flink, tmp_path) == {"IRN": 2, "CHL": 1}
    assert [job["state"] for job in ask(flink, "jobs/overview")["jobs"]] == ["FINISHED"]
    until(lambda: not flink.workers())


def test_a_killed_task_manager_comes_back_and_runs_pipelines(flink: Flink, tmp_path: Path) -> None:
    """The other parts stay, and the new one takes work as soon as `restart` returns."""
    killed, job_manager = flink.pid_of("taskmanager"), flink.pid
    flink.kill("taskmanager")
    assert flink.health()["taskmanager"] == "down"
    flink.restart("taskmanager")
    assert flink.pid == job_manager
    assert flink.pid_of("taskmanager") != killed
    assert count_parties(flink, tmp_path) == {"IRN": 2, "CHL": 1}
