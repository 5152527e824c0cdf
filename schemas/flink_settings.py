"""Which Flink cluster runs our jobs, and how."""

from urllib.parse import urlsplit

from msgspec import Struct

from schemas.errors import Misconfigured

LOOPBACK = "loopback"


class FlinkSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person may set of Flink.

    Raises:
        Misconfigured: A value is out of range or no address; the message names it.
    """

    url: str
    """``http://host:port`` of the JobManager's REST interface."""
    job_server: str
    """``host:port`` of Beam's job server for this cluster."""
    workers: str
    """``host:port`` of the pool of Python workers beside each TaskManager; or ``loopback``, in the submitting process,
    which is for trying out: the job ends with it."""
    parallelism: int = 2
    """Into how many subtasks each step is divided; at most as many as there are partitions are of use."""
    max_parallelism: int = 128
    """The most that `parallelism` may ever be for the same savepoints; never changed afterwards."""
    checkpoint_seconds: int = 10
    """How often Flink notes where it is: so much is done again after a failure."""
    savepoints: str | None = None
    """A URI of a folder that JobManager and TaskManagers share; without it the cluster's own setting counts."""

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        except ValueError:
            good = False
        if not good:
            raise Misconfigured(f"flink url = {self.url!r}: takes http://host:port or https://host:port")
        if not _is_address(self.job_server):
            raise Misconfigured(f"flink job_server = {self.job_server!r}: takes host:port")
        if self.workers != LOOPBACK and not _is_address(self.workers):
            raise Misconfigured(f"flink workers = {self.workers!r}: takes host:port of a worker pool, or {LOOPBACK}")
        for key in ("parallelism", "checkpoint_seconds"):
            if getattr(self, key) < 1:
                raise Misconfigured(f"flink {key} = {getattr(self, key)}: a whole number, 1 or more")
        if not self.parallelism <= self.max_parallelism <= 32768:
            raise Misconfigured(
                f"flink max_parallelism = {self.max_parallelism}: from parallelism ({self.parallelism}) to 32768"
            )


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return bool(host) and port.isdecimal()
