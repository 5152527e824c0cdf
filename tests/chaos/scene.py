"""An installation at work while a fault strikes: feeds, all jobs, subscribers."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipelines.jobs.cluster import READER, cluster_of, job_name
from pipelines.jobs.served import ServedAdapters
from schemas.errors import Unavailable
from schemas.identifiers import content_id
from schemas.subscription import AlertStatus, Subscription
from tests.chaos.feeds import Feeds
from tests.chaos.servers import Servers, Way
from tests.integration.served.installation import Installation, Job, begun, is_pending
from tests.process_tree import Receiver, receiver
from tests.waiting import until

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
QUERIES = ("*", "party:CHL OR party:KEN OR party:PER")
PARTITIONS = 4
START_S = 120


class Scene:
    """What a fault may lay hands on, and what is looked at afterwards. This process reaches all servers directly."""

    def __init__(self, installation: Installation, servers: Servers, hook: Receiver, way: Way) -> None:
        self.installation, self.servers, self.flink, self.hook = installation, servers, servers.flink, hook
        self.adapters: ServedAdapters = installation.open()
        self.jobs: dict[str, list[Job]] = {}
        """The processes of ours that run, by name."""
        self.gone: list[Job] = []
        """Those that were killed."""
        self._variables = servers.variables(way)

    def start(self, *names: str) -> None:
        """Starts jobs, and waits until they are at work."""
        started = [(name, self.installation.job(name, **self._variables)) for name in names]
        for name, job in started:
            self.jobs.setdefault(name, []).append(job.ready())

    def submit(self) -> None:
        """Has Flink detect."""
        done = self.installation.command("submit", **self._variables)
        assert done.returncode == 0, done.stderr

    def kill(self, name: str) -> None:
        """Ends one process of this name by SIGKILL."""
        job = self.jobs[name].pop(0)
        job.kill()
        self.gone.append(job)

    @property
    def log(self) -> str:
        """What our processes have logged, those that were killed first."""
        named = [("killed", job) for job in self.gone]
        named += [(name, job) for name, jobs in self.jobs.items() for job in jobs]
        return "".join(f"{name}: {line}" for name, job in named for line in job.lines)

    def is_at_work(self) -> bool:
        """Whether a detect worker has begun articles that it has not finished."""
        return bool(begun(self.adapters))

    def subscribe(self) -> None:
        """Those who are to hear of it."""
        for query in QUERIES:
            self.adapters.subscriptions.add(
                Subscription(
                    id=content_id("sub", query),
                    query=query,
                    webhook=self.hook.url,
                    secret=SECRET,
                    created=datetime.now(UTC),
                    position=0,
                )
            )

    def missing(self) -> str:
        """What has not come through yet; empty once all has. While nobody answers, who does not."""
        adapters = self.adapters
        try:
            if unread := sum(not state.polled for _, state in adapters.feeds.list()):
                return f"{unread} feeds are not read"
            if lag := adapters.articles.reader(READER).lag():
                return f"{lag} articles are not worked on"
            if is_pending(adapters):
                return "an outbox is not published"
            if lag := adapters.developments.reader("alert").lag():
                return f"{lag} developments are not matched"
            statuses = Counter(alert.status for alert in adapters.ledger.list(limit=100_000))
            if statuses.total() > statuses[AlertStatus.DELIVERED]:
                return f"alerts are not delivered: {dict(statuses)}"
        except Unavailable as error:
            return str(error)
        return ""

    def withdraw(self) -> None:
        """Ends the job on Flink."""
        cluster = cluster_of(self.installation.settings)
        for job in cluster.jobs():
            if job.name == job_name(self.installation.settings, READER) and not job.ended:
                cluster.cancel(job.id)


@contextmanager
def scene(folder: Path, servers: Servers, feeds: Feeds, way: Way = Way.DIRECT) -> Iterator[Scene]:
    """An installation with all its jobs at work, whose feeds are not due yet."""
    with ExitStack() as stack:
        installation = stack.enter_context(
            Installation(folder, servers.kafka, servers.elasticsearch, PARTITIONS, servers.flink)
        )
        installation.create()
        made = Scene(installation, servers, stack.enter_context(receiver()), way)
        made.subscribe()
        feeds.add(made.adapters.feeds)
        if servers.flink is None:
            made.start("detect", "detect", "alert", "deliver", "fetch")
            until(lambda: installation.members(made.adapters) == 2, START_S)
        else:
            made.start("alert", "deliver", "fetch")
            stack.callback(made.withdraw)
            made.submit()
        yield made
