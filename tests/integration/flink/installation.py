"""One installation of the program on the servers, and what must come of the same articles anywhere."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from connectors import memory
from connectors.elasticsearch import Cluster, index
from connectors.flink import FlinkCluster, Job
from connectors.kafka import KafkaAdapters
from connectors.kafka import create as create_topics
from pipelines.consolidation import canonical, canonical_dossier
from pipelines.detection import detector_for
from pipelines.jobs import distributed
from pipelines.jobs.adapters import open_adapters
from pipelines.jobs.cluster import READER, cluster_of, job_name
from pipelines.jobs.consolidating import Consolidating
from pipelines.jobs.served import ServedAdapters
from pipelines.transforms.detect_for_dossiers import DetectForDossierFn
from schemas.article import Article
from schemas.development import Development
from schemas.ports import Entry, EventStore
from schemas.settings import Settings
from schemas.vocabulary import Change, EventStatus, Origin
from tests.process_tree import ROOT, environment
from tests.waiting import until

WORK_S = 120.0
"""How long articles may take to come through, on a machine that others use, with restarts in between."""


def create(settings: Settings) -> None:
    """Makes the topics and indices that these settings name."""
    assert settings.kafka
    assert settings.elasticsearch
    with closing(KafkaAdapters(settings.kafka)) as adapters:
        create_topics(adapters.client, timedelta(days=90))
    with Cluster(settings.elasticsearch) as cluster:
        index.create(cluster)


class Installation:
    """Topics, indices and jobs of one test."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        adapters = open_adapters(settings)
        assert isinstance(adapters, ServedAdapters)
        self.adapters = adapters
        self.cluster: FlinkCluster = cluster_of(settings)
        self.name = job_name(settings, READER)

    def __enter__(self) -> "Installation":
        return self

    def __exit__(self, *_: object) -> None:
        for job in self.running():
            self.cluster.cancel(job.id)
        self.adapters.close()

    def environment(self, data: Path) -> dict[str, str]:
        """What a process of ours needs to be of this installation."""
        tables = {
            name: msgspec.to_builtins(getattr(self.settings, name)) for name in ("elasticsearch", "flink", "kafka")
        }
        return environment(data) | {
            f"TREATYWIRE_{table}_{key}".upper(): str(value)
            for table, values in tables.items()
            for key, value in values.items()
            if value is not None
        }

    def treatywire(self, data: Path, *arguments: str) -> "subprocess.Popen[str]":
        """The command line, started."""
        return subprocess.Popen(
            [sys.executable, "-m", "app", *arguments], env=self.environment(data), cwd=ROOT, text=True, process_group=0
        )

    def command(self, data: Path, *arguments: str) -> str:
        """What the command line prints, run to its end; fails the test where it does not end well."""
        done = subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            env=self.environment(data),
            cwd=ROOT,
            text=True,
            capture_output=True,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def articles(self) -> list[Article]:
        """All that the articles log holds."""
        log, found = self.adapters.kafka.article_partitions, list[Article]()
        for partition, end in self.adapters.kafka.client.ends(self.adapters.kafka.settings.articles).items():
            at = 0
            while at < end:
                portion = log.read(partition, at, 1000)
                found += [entry.record for entry in portion.entries if isinstance(entry.record, Article)]
                at = portion.next
        return found

    def running(self) -> Sequence[Job]:
        """Its jobs that have not ended."""
        return [job for job in self.cluster.jobs() if job.name.startswith(self.name) and not job.ended]

    def start(self, savepoint: str | None = None) -> Job:
        """Starts the detect job."""
        return distributed.start_detect(self.settings, savepoint=savepoint).job

    def append(self, articles: Sequence[Article]) -> None:
        """Into the articles log."""
        self.adapters.articles.append(articles)

    def await_all(self, expected: "Expected") -> None:
        """Waits until the findings are the expected ones and each event was told; else fails with both."""
        try:
            until(lambda: self._settled(expected), WORK_S, every=0.5)
        finally:
            found = findings(self.adapters.events)
            assert found.keys() == expected.events.keys()
            assert found == expected.events
            assert dossiers(self.adapters.events, found) == expected.dossiers
            # What else is told depends on the order in which things become known.
            assert self.untold(found) == []

    def _settled(self, expected: "Expected") -> bool:
        if self.adapters.developments.end() < len(expected.events):
            return False
        return self.untold(expected.events) == [] and findings(self.adapters.events) == expected.events

    def untold(self, events: dict[str, dict[str, Any]]) -> list[str]:
        """The events of which no development says that they, or one that they turned out to be, are known.

        Without those that were taken back: such a one is told only if it was known before.
        """
        told = {one.event.id for one in self.developments() if one.change in (Change.NEW, Change.HISTORY)}
        return [
            id_
            for id_, event in events.items()
            if event["event_status"] != EventStatus.RETRACTED and told.isdisjoint({id_, *event["aliases"]})
        ]

    def developments(self) -> list[Development]:
        """All that the log holds, in order."""
        log, found = self.adapters.developments, list[Entry[Development]]()
        while entries := log.after(found[-1].offset if found else 0, 10_000):
            found += entries
        return [entry.record for entry in found if isinstance(entry.record, Development)]

    def repeated(self) -> int:
        """How many entries of the log have an id that an earlier one has."""
        ids = [one.id for one in self.developments()]
        return len(ids) - len(set(ids))


class Expected:
    """What an undisturbed run over the same articles finds: the same code, in memory, in one process, one by one."""

    def __init__(self, articles: Sequence[Article]) -> None:
        adapters = memory.Adapters()
        clock = datetime.now(UTC)
        work = Consolidating(
            adapters.events, adapters.developments, adapters.dead_letters, origin=Origin.LIVE, clock=lambda: clock
        )
        detect = DetectForDossierFn(detector_for)
        for article in articles:
            work.consolidate([heard for _, heard in detect.process(article)])
        self.events = findings(adapters.events)
        self.dossiers = dossiers(adapters.events, self.events)


def findings(store: EventStore) -> dict[str, dict[str, Any]]:
    """Every event as `canonical` has it, by id."""
    return {hit.event.id: canonical(hit.event) for hit in store.search(None, limit=10_000)}


def dossiers(store: EventStore, events: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The dossiers of these events, by id."""
    found = {}
    for name in {str(event["dossier"]) for event in events.values()}:
        dossier = store.dossier(name)
        assert dossier is not None
        found[name] = canonical_dossier(dossier)
    return found
