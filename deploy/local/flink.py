"""A real Flink cluster with Beam's job server and a pool of Python workers, on loopback.

JobManager, TaskManager and job server are three processes of one jar: Beam's Flink runner 2.62 over Flink 1.19.
It stands in for the official images of `deploy/`, and runs pipelines of the Python SDK in use here.
Beam binds the job server, and while a job runs the TaskManager's ports for workers, to every interface; no option
of theirs changes that. Everything else listens on loopback.
"""

import json
import os
import socket
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from deploy.local.artifacts import flink_jar
from deploy.local.flink_config import JVM_OPTIONS, configuration
from deploy.local.processes import Process, spawn
from deploy.local.server import NotReady, Part, Server
from deploy.local.tools import java

ROOT = Path(__file__).parents[2]
JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
QUICK = "-XX:TieredStopAtLevel=1"
"""Compiles little: for what has little to do."""
JOB_SERVER = "org.apache.beam.runners.flink.FlinkJobServerDriver"


class Flink(Server):
    """Flink in a folder; parts `jobmanager`, `taskmanager`, `jobserver` and `workers`.

    Jobs end with the JobManager: there is no high availability. Checkpoints and savepoints lie in the folder.

    Args:
        folder: The instance's folder.
        heap: The most that the TaskManager's Java heap may take: 1g for tests, 2g for load.
        settings: Lines of Flink's `config.yaml` beyond ours, or instead of them.
    """

    name = "flink"
    ports = ("rest", "rpc", "blob", "task", "data", "job", "artifact", "pool")

    def __init__(self, folder: Path | str, *, heap: str = "1g", settings: Mapping[str, str] | None = None) -> None:
        super().__init__(folder)
        self._heap, self._settings = heap, settings or {}

    @property
    def rest_url(self) -> str:
        """Where the JobManager answers HTTP."""
        return f"http://{self._address('rest')}"

    @property
    def job_server(self) -> str:
        """HOST:PORT of Beam's job server: `--job_endpoint` of the portable runner."""
        return self._address("job")

    @property
    def worker_pool(self) -> str:
        """HOST:PORT of the pool: `--environment_config`, with `--environment_type=EXTERNAL`."""
        return self._address("pool")

    @property
    def jar(self) -> Path:
        """The jar that all of it is: `--flink_job_server_jar` of the Flink runner."""
        return Path(self.state.options["jar"])

    @property
    def savepoints(self) -> str:
        """The URI of a folder for savepoints."""
        return (Path(self.state.home) / "savepoints").as_uri()

    def workers(self) -> list[int]:
        """Process ids of the Python workers that the pool has running, oldest first."""
        pool = self.state.processes["workers"]
        return [process.pid for process in pool.family() if process != pool]

    def addresses(self) -> dict[str, str]:
        """What `--flink_master`, the portable runner and a person's browser are given."""
        jar = str(self.jar)
        return {"rest": self.rest_url, "job server": self.job_server, "worker pool": self.worker_pool, "jar": jar}

    def parts(self) -> Mapping[str, Part]:
        """JobManager, TaskManager, job server, worker pool."""
        return {
            "jobmanager": Part(self._launch_job_manager, self._job_manager_health, self._log("jobmanager")),
            "taskmanager": Part(self._launch_task_manager, self._task_manager_health, self._log("taskmanager")),
            "jobserver": Part(self._launch_job_server, lambda: self._listens("job"), self._log("jobserver")),
            "workers": Part(self._launch_workers, lambda: self._listens("pool"), self._log("workers")),
        }

    def prepare(self, home: Path, ports: dict[str, int]) -> dict[str, str]:
        """Fetches the jar and writes the configuration."""
        jar = flink_jar()
        for name in ("conf", "scratch", "artifacts", "checkpoints", "savepoints", "uploads"):
            (home / name).mkdir()
        lines = {**configuration(home, ports, self._heap), **self._settings}
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in lines.items())
        (home / "conf" / "config.yaml").write_text(text)
        return {"jar": str(jar), "heap": self._heap}

    def _launch_job_manager(self) -> Process:
        return self._spawn("jobmanager", ("-Xmx512m", QUICK), JOB_MANAGER, "--configDir", f"{self.state.home}/conf")

    def _launch_task_manager(self) -> Process:
        # A name of its own for each start: the JobManager believes in a killed one until its heartbeat is overdue.
        name = uuid.uuid4().hex
        self._task_manager_name.write_text(name)
        heap, home = self.state.options["heap"], self.state.home
        arguments = ("--configDir", f"{home}/conf", "-D", f"taskmanager.resource-id={name}")
        return self._spawn("taskmanager", (f"-Xmx{heap}",), TASK_MANAGER, *arguments)

    def _launch_job_server(self) -> Process:
        state = self.state
        return self._spawn(
            "jobserver",
            ("-Xmx512m", QUICK),
            JOB_SERVER,
            f"--flink-master={self._address('rest')}",
            "--job-host=127.0.0.1",
            f"--job-port={state.ports['job']}",
            f"--artifact-port={state.ports['artifact']}",
            "--expansion-port=-1",  # none: our pipelines hold no transform of another language
            f"--artifacts-dir={state.home}/artifacts",
        )

    def _launch_workers(self) -> Process:
        # Workers are started as `python`, and import the project.
        path = [str(Path(sys.executable).parent), os.environ["PATH"]]
        modules = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = os.environ | {"PATH": os.pathsep.join(path), "PYTHONPATH": os.pathsep.join(modules)}
        command = [sys.executable, "-m", "deploy.local.worker_pool", str(self.state.ports["pool"])]
        return spawn(command, self._log("workers"), environment)

    def _spawn(self, part: str, size: tuple[str, ...], main: str, *arguments: str) -> Process:
        state = self.state
        places = (f"-XX:ErrorFile={state.home}/hs_err_pid%p.log", f"-Djava.io.tmpdir={state.home}/scratch")
        command = [java(), *size, *places, *JVM_OPTIONS, "-cp", state.options["jar"], main, *arguments]
        return spawn(command, self._log(part))

    def _job_manager_health(self) -> str:
        return f"Flink {self._ask('overview')['flink-version']}"

    def _task_manager_health(self) -> str:
        name = self._task_manager_name.read_text()
        for manager in self._ask("taskmanagers")["taskmanagers"]:
            if manager["id"] == name:
                return f"{manager['freeSlots']} of {manager['slotsNumber']} slots free"
        raise NotReady("the JobManager does not know it")

    def _listens(self, port: str) -> str:
        try:
            socket.create_connection(("127.0.0.1", self.state.ports[port]), timeout=5).close()
        except OSError as error:
            raise NotReady(str(error)) from error
        return "listens"

    def _ask(self, path: str) -> dict[str, Any]:
        try:
            with httpx.Client(trust_env=False, timeout=5) as client:
                answer: dict[str, Any] = client.get(f"{self.rest_url}/{path}").raise_for_status().json()
        except httpx.HTTPError as error:
            raise NotReady(str(error) or type(error).__name__) from error
        return answer

    def _address(self, port: str) -> str:
        return f"127.0.0.1:{self.state.ports[port]}"

    def _log(self, part: str) -> Path:
        return self.folder / f"flink-{part}.log"

    @property
    def _task_manager_name(self) -> Path:
        return Path(self.state.home) / "taskmanager"
