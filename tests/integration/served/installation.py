"""An installation on real servers, and its processes: everything goes by settings and the command line."""

import os
import signal
import subprocess
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from connectors.elasticsearch.indices import EVENTS, STATES
from connectors.elasticsearch.pages import hits
from connectors.kafka.library import kafka_errors
from deploy.local import Elasticsearch, Flink, Kafka
from pipelines.consolidation.canonical import canonical
from pipelines.jobs.adapters import open_adapters
from pipelines.jobs.served import ServedAdapters
from schemas.development import Development
from schemas.event import EventView
from schemas.settings import Settings, load_settings
from schemas.vocabulary import Change
from tests.articles import stream
from tests.process_tree import command, environment, treatywire
from tests.waiting import until

ARTICLES = list(stream(600, relevant=0.3, size=600))
"""What workers share in most tests here."""
START_S = 120
"""A worker imports Beam, and joins its group."""


class Job:
    """A process of `treatywire job`, with what it logs."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    @property
    def log(self) -> str:
        """All of it."""
        return "".join(self.lines)

    def ready(self) -> "Job":
        """Waits until it is at work."""
        until(lambda: '"ready"' in self.log or self.process.poll() is not None, START_S)
        assert self.process.poll() is None, self.log
        return self

    def stop(self) -> int:
        """SIGTERM; the exit code, which comes within ten seconds."""
        self.process.terminate()
        return self.ended(10)

    def ended(self, seconds: float = START_S) -> int:
        """The exit code, once it has ended by itself."""
        code = self.process.wait(seconds)
        self._reading.join(10)
        return code

    def send(self, number: signal.Signals) -> None:
        """A signal."""
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        """Kills what is left of it."""
        self.process.kill()
        self.process.wait()
        self._reading.join(10)
        assert self.process.stderr is not None
        self.process.stderr.close()


class Installation:
    """Topics and indices under a prefix of their own.

    Args:
        folder: Its data folder.
        kafka: Where the topics are.
        elasticsearch: Where the indices are.
        partitions: Of the articles topic.
        flink: Where jobs are submitted to, if any are.
    """

    def __init__(
        self, folder: Path, kafka: Kafka, elasticsearch: Elasticsearch, partitions: int, flink: Flink | None = None
    ) -> None:
        self.folder, self.prefix = folder, f"s{uuid.uuid4().hex[:10]}"
        self.variables: dict[str, str] = {
            "TREATYWIRE_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "TREATYWIRE_KAFKA_PREFIX": self.prefix,
            "TREATYWIRE_KAFKA_REPLICATION": "1",
            "TREATYWIRE_KAFKA_ARTICLE_PARTITIONS": str(partitions),
            "TREATYWIRE_ELASTICSEARCH_URLS": elasticsearch.url,
            "TREATYWIRE_ELASTICSEARCH_PREFIX": self.prefix,
            "TREATYWIRE_ELASTICSEARCH_REPLICAS": "0",
        }
        if elasticsearch.user and elasticsearch.password:
            self.variables["TREATYWIRE_ELASTICSEARCH_USER"] = elasticsearch.user
            self.variables["TREATYWIRE_ELASTICSEARCH_PASSWORD"] = elasticsearch.password
        if flink:
            self.variables["TREATYWIRE_FLINK_URL"] = flink.rest_url
            self.variables["TREATYWIRE_FLINK_JOB_SERVER"] = flink.job_server
            self.variables["TREATYWIRE_FLINK_WORKERS"] = flink.worker_pool
            self.variables["TREATYWIRE_FLINK_CHECKPOINT_SECONDS"] = "1"
        self._closing = ExitStack()

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def create(self) -> None:
        """Makes topics and indices."""
        for kind in ("topics", "index"):
            made = self.command(kind, "create")
            assert made.returncode == 0, made.stderr

    @property
    def settings(self) -> Settings:
        """What its processes read from their environment."""
        return load_settings({}, environment(self.folder) | self.variables)

    def open(self) -> ServedAdapters:
        """The adapters of this process; closed with the installation."""
        adapters = open_adapters(self.settings)
        assert isinstance(adapters, ServedAdapters)
        self._closing.callback(adapters.close)
        return adapters

    def command(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """The command line, run to its end."""
        return command(self.folder, *arguments, variables=self.variables | variables)

    def job(self, name: str, *arguments: str, **variables: str) -> Job:
        """A job, started; killed at the end of the test where it still runs."""
        process = treatywire(
            self.folder,
            "job",
            name,
            *arguments,
            variables=self.variables | variables,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        job = Job(process)
        self._closing.callback(job.kill)
        return job

    def jobs(self, *names: str) -> list[Job]:
        """Jobs that are at work."""
        started = [self.job(name) for name in names]
        return [job.ready() for job in started]

    def members(self, adapters: ServedAdapters, reader: str = "articles.v1.detect") -> int:
        """How many members a consumer group has that own partitions."""
        name = f"{self.prefix}.{reader}"
        try:
            (group,) = adapters.kafka.client.administrator().describe_groups([name]).values()
        except kafka_errors.RetriableError:  # the cluster is still making its topic of offsets
            return 0
        return sum(bool(_partitions(member)) for member in group["members"])


Install = Callable[..., Installation]


def _partitions(member: Mapping[str, Any]) -> list[Any]:
    assignment = member["member_assignment"] or {}
    return [place for topic in assignment.get("assigned_partitions", []) for place in topic["partitions"]]


def detected(adapters: ServedAdapters) -> bool:
    """Whether every article has been worked on, and what is new published."""
    return adapters.articles.reader("detect").lag() == 0 and not is_pending(adapters)


def begun(adapters: ServedAdapters) -> dict[int, str]:
    """What the group is at now, by partition, as it stands beside its offsets."""
    client = adapters.kafka.client
    topic = client.settings.articles
    committed = client.committed(f"{topic}.detect", topic, range(client.partitions(topic)))
    return {partition: note for partition, (_, note) in committed.items() if note}


def is_pending(adapters: ServedAdapters) -> bool:
    """Whether anything waits in an outbox, whosever it is to publish."""
    adapters.cluster.refresh(STATES)
    found = hits(adapters.cluster, STATES, {"exists": {"field": "pending"}}, [{"id": "asc"}], source=False)
    return next(iter(found), None) is not None


def found(adapters: Any) -> list[str]:
    """Every event in canonical form."""
    return canonicals(hit.event for hit in adapters.events.search(None, limit=10_000))


def canonicals(events: Iterable[EventView]) -> list[str]:
    """In an order of their own."""
    return sorted(repr(canonical(event)) for event in events)


def contents(adapters: ServedAdapters) -> list[tuple[str, Any]]:
    """Every document of the findings, with its version."""
    kept: list[tuple[str, Any]] = []
    for kind in (STATES, EVENTS):
        adapters.cluster.refresh(kind)
        documents = hits(adapters.cluster, kind, {"match_all": {}}, [{"id": "asc"}])
        kept += [(hit["_id"], hit["_source"]) for hit in documents]
    return kept


def told(adapters: Any) -> list[Development]:
    """The developments log."""
    entries = adapters.developments.after(0, 100_000)
    return [entry.record for entry in entries if isinstance(entry.record, Development)]


def check_told_once(adapters: Any, *, repeats: int = 0) -> None:
    """Each event was told as new, and no development twice but where publishing was broken off.

    Args:
        adapters: The installation's.
        repeats: How many entries may be repetitions.
    """
    ids = Counter(one.id for one in told(adapters))
    assert sum(ids.values()) - len(ids) <= repeats
    begun = {one.id: one for one in told(adapters) if one.change in (Change.NEW, Change.HISTORY)}
    for hit in adapters.events.search(None, limit=10_000):
        names = (hit.event.id, *hit.event.aliases)
        assert any(one.cell in names for one in begun.values()) or hit.event.articles == 0, hit.event
