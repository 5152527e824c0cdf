"""The detect job as one pipeline on a Flink cluster."""

import threading
import time
from contextlib import suppress
from typing import Any

import apache_beam as beam
import grpc  # type: ignore[import-untyped]
import structlog
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.runner import PipelineResult

from connectors.flink import ENDED, FlinkCluster, Job
from pipelines.detection import detector_for
from pipelines.jobs.cluster import READER, cluster_of, flink_of, job_name
from pipelines.jobs.worker import OpenConsolidator, OpenLog, for_workers, served
from pipelines.transforms import coders
from pipelines.transforms.detect_for_dossiers import Heard
from pipelines.transforms.detect_stream import DetectStream
from schemas.errors import Misconfigured, Unavailable
from schemas.flink_settings import LOOPBACK, FlinkSettings
from schemas.settings import Settings
from schemas.vocabulary import Origin

ROOT = "Job"
"""The label of the whole: a savepoint finds a stage by the labels down to the step that it gets its input from, so
those of `TickPartitions` and `ForDossier`, and all above them, must stay what they are."""
BUNDLE, BUNDLE_MS = 1000, 100
"""A bundle ends after so many elements or so long: it is what is written at once."""
JOB_SERVER_S = 60
"""How long Beam's job server may take for one answer."""
STARTING_S = 180.0
"""How long a cluster may take to start a job: on a loaded machine its workers alone need a minute."""


def detect(settings: Settings) -> beam.PTransform[Any, Any]:
    """The detect job."""
    given = for_workers(settings)
    return DetectStream(
        OpenLog(given),
        OpenConsolidator(given, Origin.LIVE),
        detector_for,
        reader=READER,
        max_parallelism=flink_of(settings).max_parallelism,
    )


def start_detect(settings: Settings, *, savepoint: str | None = None) -> "Submitted":
    """Starts the detect job; as `submit`."""
    return submit(settings, job_name(settings, READER), detect(settings), savepoint=savepoint)


def run_detect(settings: Settings, stop: threading.Event) -> None:
    """Starts the detect job and stays until `stop` is set, then stops it with a savepoint.

    Raises:
        Unavailable: The job has ended by itself; with what Flink says of it.
    """
    submitted = start_detect(settings)
    cluster, id_ = submitted.cluster, submitted.job.id
    log = structlog.get_logger(job=submitted.job.name)
    while not stop.wait(1.0):
        with suppress(Unavailable):  # a JobManager that is away for a moment ends nothing
            state = cluster.state(id_)
            if state in ENDED:
                break
    else:
        log.info("stopped", savepoint=cluster.stop(id_, flink_of(settings).savepoints))
        return
    raise Unavailable(f"{submitted.job.name} is {state}: {cluster.failure(id_)}")


class Submitted:
    """A job on the cluster, and this process's connection to it."""

    def __init__(self, cluster: FlinkCluster, job: Job, result: PipelineResult) -> None:
        self.cluster, self.job, self._result = cluster, job, result

    def wait(self) -> str:
        """Waits until the job ends; gives its last state."""
        return str(self._result.wait_until_finish())  # type: ignore[no-untyped-call]

    def counted(self) -> dict[str, int]:
        """What the transforms have counted, by name; of a job that has ended."""
        found = self._result.metrics().query()["counters"]  # type: ignore[no-untyped-call]
        return {one.key.metric.name: int(one.result) for one in found}


def submit(
    settings: Settings,
    name: str,
    transform: beam.PTransform[Any, Any],
    *,
    streaming: bool = True,
    savepoint: str | None = None,
) -> Submitted:
    """Builds a pipeline and starts it on the cluster; returns when it runs, or has finished.

    Args:
        settings: In force.
        name: The job's, `job_name`.
        transform: All of it, from the beginning of a pipeline.
        streaming: Or in batch.
        savepoint: The URI to go on from.

    Raises:
        Misconfigured: Settings are missing, or one of this name runs already.
        Unavailable: Cluster, job server or a log or index does not answer; or the job does not start.
    """
    flink = flink_of(settings)
    served(settings).check()  # a worker could only fail, and be started again, and fail
    cluster = cluster_of(settings)
    if running := cluster.running(name):
        raise Misconfigured(f"{name} runs already as job {running[0].id}: `treatywire submit --upgrade` replaces it")
    before = {job.id for job in cluster.jobs()}
    coders.register(Heard)
    options = PipelineOptions(arguments(flink, name, streaming, savepoint))
    pipeline = beam.Pipeline(runner="PortableRunner", options=options)
    _ = pipeline | ROOT >> transform
    try:
        result = pipeline.run()
    except (grpc.RpcError, grpc.FutureTimeoutError) as error:
        raise Unavailable(f"Beam's job server {flink.job_server} does not take the job: {_said(error)}") from error
    job = _started(cluster, name, before)
    structlog.get_logger(job=name).info("submitted", id=job.id, savepoint=savepoint)
    return Submitted(cluster, job, result)


def arguments(flink: FlinkSettings, name: str, streaming: bool, savepoint: str | None) -> list[str]:
    """What the runner is told."""
    told = [
        f"--job_name={name}",
        f"--job_endpoint={flink.job_server}",
        f"--job_server_timeout={JOB_SERVER_S}",
        f"--parallelism={flink.parallelism}",
        f"--max_parallelism={flink.max_parallelism}",
        "--environment_type=LOOPBACK" if flink.workers == LOOPBACK else "--environment_type=EXTERNAL",
    ]
    if flink.workers != LOOPBACK:
        told.append(f"--environment_config={flink.workers}")
    if streaming:
        told += [
            "--streaming",
            f"--checkpointing_interval={flink.checkpoint_seconds * 1000}",
            "--checkpointing_mode=EXACTLY_ONCE",
            "--externalized_checkpoints_enabled",
            f"--max_bundle_size={BUNDLE}",
            f"--max_bundle_time_mills={BUNDLE_MS}",
        ]
    if savepoint is not None:
        told.append(f"--savepoint_path={savepoint}")
    return told


def _started(cluster: FlinkCluster, name: str, before: set[str]) -> Job:
    """The job of this name that was not there before, once it runs.

    Raises:
        Unavailable: It did not come to run; with what Flink says of it.
    """
    deadline = time.monotonic() + STARTING_S
    job: Job | None = None
    while time.monotonic() < deadline:
        job = next((one for one in cluster.jobs() if one.name == name and one.id not in before), job)
        if job is not None and job.state in ("CANCELED", "FAILED", "FAILING"):
            raise Unavailable(f"{name}: the job failed: {cluster.failure(job.id)}")
        if job is not None and (job.state == "FINISHED" or (job.state == "RUNNING" and cluster.all_run(job.id))):
            return job
        time.sleep(0.2)
    said = "was not heard of" if job is None else f"is {job.state} still: {cluster.failure(job.id)}"
    raise Unavailable(f"{name}: after {STARTING_S:.0f} s the job {said}")


def _said(error: Exception) -> str:
    return str(error.details()) if isinstance(error, grpc.Call) else "no connection"
