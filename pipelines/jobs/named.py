"""Jobs by name, made from settings and adapters."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pipelines.jobs.adapters import Adapters
from pipelines.jobs.loop import Step
from schemas.article import Article
from schemas.errors import Misconfigured
from schemas.ports import Entry, Lease, Reader
from schemas.settings import Settings

if TYPE_CHECKING:
    from pipelines.jobs.detect import Engine
    from pipelines.jobs.observe import Metrics

LEASE = timedelta(seconds=10)
WITHOUT_LEASE = timedelta(seconds=1)
LOOK_AT_FEEDS = timedelta(seconds=1)
"""How soon a feed that was added is noticed."""
KEEP_DEAD_LETTERS = timedelta(days=30)
EXPIRE_EVERY = timedelta(hours=1)


class Job:
    """A step to loop over, what to give back at the end, and whether there is nothing left that others do not do."""

    def __init__(
        self, step: Step, close: Callable[[], None] = lambda: None, idle: Callable[[], bool] = lambda: True
    ) -> None:
        self.step, self.close, self.idle = step, close, idle


def build(name: str, settings: Settings, adapters: Adapters, holder: str, metrics: "Metrics") -> Job:
    """The job of this name.

    Args:
        name: ``fetch``, ``detect``, ``alert`` or ``deliver``.
        settings: In force.
        adapters: To work on.
        holder: Under which name it holds leases; the same name again takes up its own.
        metrics: What the engine's work is counted in; that of the adapters is counted by them.

    Raises:
        Misconfigured: There is no such job.
    """
    if name == "fetch":
        return _fetch(settings, adapters, holder)
    if name == "detect":
        return _shared_or_exclusive(name, _detect(adapters, metrics), adapters.articles.reader(name), adapters, holder)
    if name == "alert":
        return _shared_or_exclusive(name, _alert(adapters), adapters.developments.reader(name), adapters, holder)
    if name == "deliver":
        return _deliver(settings, adapters, holder)
    raise Misconfigured(f"job {name}: there are fetch, detect, alert and deliver")


def _fetch(settings: Settings, adapters: Adapters, holder: str) -> Job:
    from connectors.feeds.fetcher import FeedFetcher
    from pipelines.jobs.fetch import FetchJob

    fetcher = FeedFetcher(allow_private=settings.allow_private_addresses)
    job = FetchJob(adapters.feeds, adapters.articles, adapters.dead_letters, adapters.leases, fetcher, holder)
    swept: list[datetime] = []

    def step(now: datetime) -> timedelta:
        if not swept or now - swept[-1] >= EXPIRE_EVERY:
            swept[:] = [now]
            adapters.articles.expire(now - settings.keep_articles)
            adapters.dead_letters.expire(now - KEEP_DEAD_LETTERS)
        job.step(now)
        due = job.next_due(now)
        return LOOK_AT_FEEDS if due is None else min(max(due - now, timedelta()), LOOK_AT_FEEDS)

    return Job(step, job.close)


def _alert(adapters: Adapters) -> Step:
    from pipelines.jobs.alert import AlertJob

    job = AlertJob(
        adapters.developments.reader("alert"), adapters.subscriptions, adapters.ledger, adapters.dead_letters
    )
    return job.step


def _deliver(settings: Settings, adapters: Adapters, holder: str) -> Job:
    from connectors.delivery.webhook import WebhookChannel
    from pipelines.jobs.deliver import DeliverJob

    channel = WebhookChannel(allow_private=settings.allow_private_addresses)
    job = DeliverJob(adapters.ledger, adapters.subscriptions, channel, adapters.leases, holder)
    return Job(job.step, lambda: job.close(datetime.now(UTC)))


def _detect(adapters: Adapters, metrics: "Metrics") -> Step:
    # Beam costs seconds to import: only this job pays.
    from pipelines.detection import detector_for
    from pipelines.detection.version import detector_version
    from pipelines.jobs.detect import DetectJob
    from pipelines.jobs.observe import observed_engine
    from pipelines.jobs.standing_still import StandingStill
    from pipelines.transforms.micro_batch import MicroBatchEngine

    version = detector_version()
    engine = MicroBatchEngine(detector_for)
    warm_up(engine)
    job = DetectJob(
        observed_engine(engine, metrics),
        adapters.articles.reader("detect"),
        adapters.events,
        adapters.developments,
        clock=lambda: datetime.now(UTC),
    )
    return StandingStill(job.step, adapters.generations, version)


def warm_up(engine: "Engine") -> None:
    """Has an engine load all that it loads at first use.

    Otherwise the first article after a start would be at work for a second, and be blamed for deaths that others cause.
    """
    now = datetime.now(UTC)
    text = "Chile ratified a treaty."
    article = Article(id="warm-up", revision=1, content_hash="", outlet="", fetched=now, text=text, language="en")
    engine.run([Entry(1, article)])


def _shared_or_exclusive(name: str, step: Step, reader: Reader[object], adapters: Adapters, holder: str) -> Job:
    """A job of one reader. Where its processes cannot share the entries, whoever holds a lease works, others wait.

    The lease saves double work; that double work does no harm is the business of idempotent writes.
    """

    def idle() -> bool:
        return reader.lag() == 0

    if adapters.readers_share:
        return Job(step, idle=idle)
    held: list[Lease] = []

    def when_held(now: datetime) -> timedelta:
        lease = adapters.leases.acquire(f"job:{name}", holder, LEASE, now)
        if lease is None:
            return WITHOUT_LEASE
        held[:] = [lease]
        return step(now)

    def close() -> None:
        for lease in held:
            adapters.leases.release(lease)

    return Job(when_held, close, idle)
