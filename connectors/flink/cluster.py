"""A Flink cluster, by its REST interface."""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
from msgspec import Struct

from schemas.errors import Misconfigured, Unavailable

TIMEOUT_S = 20.0
SAVEPOINT_S = 300.0
"""How long a job may take to write a savepoint and stop: a bundle under way is finished first."""
ENDED = frozenset({"CANCELED", "FAILED", "FINISHED", "SUSPENDED"})
_PAUSE_S = 0.2
_WRONG = frozenset({400, 401, 403, 404, 405})
"""No such job; or what answers is another server, or one that asks who we are."""
_RAISED = "Traceback (most recent call last):\n"


class Job(Struct, frozen=True):
    """A job as the cluster shows it."""

    id: str
    name: str
    state: str
    """In Flink's words: ``RUNNING``, ``RESTARTING``, ``FINISHED`` …"""
    started: datetime
    """UTC."""

    @property
    def ended(self) -> bool:
        """Whether it will do no more."""
        return self.state in ENDED


class Restarts(Struct, frozen=True):
    """How a job fares."""

    restarts: int
    checkpoints: int
    """Complete ones."""
    failed_checkpoints: int
    savepoint: str | None
    """The URI of the last one."""
    failure: str | None
    """What it last failed of, first line."""


class FlinkCluster:
    """Asks and tells a JobManager.

    Args:
        url: Where it answers.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def jobs(self) -> Sequence[Job]:
        """All that the cluster remembers, newest first."""
        found = self._ask("GET", "/jobs/overview")["jobs"]
        jobs = [
            Job(one["jid"], one["name"], one["state"], datetime.fromtimestamp(one["start-time"] / 1000, UTC))
            for one in found
        ]
        return sorted(jobs, key=lambda job: job.started, reverse=True)

    def running(self, name: str) -> Sequence[Job]:
        """Those of this name that have not ended, newest first."""
        return [job for job in self.jobs() if job.name == name and not job.ended]

    def state(self, id: str) -> str:
        """A job's state."""
        return str(self._ask("GET", f"/jobs/{id}")["state"])

    def last_savepoint(self, name: str) -> str | None:
        """The URI of the last savepoint of jobs of this name that the cluster remembers."""
        found = (self.fares(job.id).savepoint for job in self.jobs() if job.name == name)
        return next((savepoint for savepoint in found if savepoint), None)

    def all_run(self, id: str) -> bool:
        """Whether every subtask of a job runs, or has finished."""
        vertices = self._ask("GET", f"/jobs/{id}")["vertices"]
        return bool(vertices) and all(one["status"] in ("RUNNING", "FINISHED") for one in vertices)

    def failure(self, id: str) -> str | None:
        """What a job last failed of, in a line; None where it never did."""
        history = self._ask("GET", f"/jobs/{id}/exceptions?maxExceptions=1")["exceptionHistory"]["entries"]
        if not history:
            return None
        return _cause(str(history[0].get("stacktrace") or history[0].get("exceptionName")))

    def fares(self, id: str) -> Restarts:
        """How often a job was restarted, and how its checkpoints go."""
        checkpoints = self._ask("GET", f"/jobs/{id}/checkpoints")
        savepoint = (checkpoints["latest"] or {}).get("savepoint") or {}
        metric = self._ask("GET", f"/jobs/{id}/metrics?get=numRestarts")
        return Restarts(
            restarts=int(metric[0]["value"]) if metric else 0,
            checkpoints=checkpoints["counts"]["completed"],
            failed_checkpoints=checkpoints["counts"]["failed"],
            savepoint=savepoint.get("external_path"),
            failure=self.failure(id),
        )

    def stop(self, id: str, folder: str | None = None) -> str:
        """Writes a savepoint, then ends the job; the savepoint's URI. Its sources stay where they are: no drain.

        Args:
            id: The job's.
            folder: A URI; without it the cluster's own setting counts.

        Raises:
            Misconfigured: There is no such job, or no folder is set.
            Unavailable: No savepoint came about; the job runs on.
        """
        told = {"drain": False} | ({"targetDirectory": folder} if folder else {})
        trigger = self._ask("POST", f"/jobs/{id}/stop", told)["request-id"]
        deadline = time.monotonic() + SAVEPOINT_S
        while time.monotonic() < deadline:
            answer = self._ask("GET", f"/jobs/{id}/savepoints/{trigger}")
            if answer["status"]["id"] == "COMPLETED":
                operation = answer["operation"]
                if "location" in operation:
                    self._await_end(id, deadline)
                    return str(operation["location"])
                raise Unavailable(f"flink: no savepoint of job {id}: {_cause(_trace(operation))}")
            time.sleep(_PAUSE_S)
        raise Unavailable(f"flink: job {id} wrote no savepoint within {SAVEPOINT_S:.0f} s")

    def cancel(self, id: str) -> None:
        """Ends a job at once, without a savepoint; returns when it has ended.

        Raises:
            Misconfigured: There is no such job.
            Unavailable: It did not end.
        """
        self._ask("PATCH", f"/jobs/{id}?mode=cancel")
        self._await_end(id, time.monotonic() + SAVEPOINT_S)

    def _await_end(self, id: str, deadline: float) -> None:
        while self.state(id) not in ENDED:
            if time.monotonic() > deadline:
                raise Unavailable(f"flink: job {id} does not end")
            time.sleep(_PAUSE_S)

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer.

        Raises:
            Misconfigured: What answers is no JobManager, does not let us, or knows no such job.
            Unavailable: Nothing answers, or it cannot now.
        """
        try:
            with httpx.Client(trust_env=False, timeout=TIMEOUT_S) as client:
                answer = client.request(method, self.url + path, json=body)
                found = answer.json() if answer.content else {}
        except httpx.HTTPError as error:
            raise Unavailable(f"flink {self.url}: {error or type(error).__name__}") from error
        except ValueError as error:
            raise Misconfigured(f"flink {self.url}: what answers there is no JobManager") from error
        if answer.is_success:
            return found
        said = f"flink {self.url}{path}: {answer.status_code}: {_cause(str(*found.get('errors', [])[-1:]))}"
        if answer.status_code in _WRONG:
            raise Misconfigured(said)
        raise Unavailable(said)


def _trace(operation: Mapping[str, Any]) -> str:
    return str(operation.get("failure-cause", {}).get("stack-trace", operation))


def _cause(trace: str) -> str:
    """The last cause of a Java stack trace, in one line; what a Python worker raised, where that is it."""
    _, raised, rest = trace.rpartition(_RAISED)
    if raised:
        error = next((line for line in rest.splitlines() if line and not line[0].isspace()), "")
        name, _, said = error.partition(": ")
        return f"{name.rpartition('.')[2]}: {said}"[:500]
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    causes = [line.removeprefix("Caused by: ") for line in lines if line.startswith("Caused by: ")]
    return (causes or lines or ["nothing is said of it"])[-1 if causes else 0][:500]
