"""What a worker of a cluster opens: from the settings that came with the job, once for its process."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from msgspec import Struct
from msgspec.structs import replace

from pipelines.detection.version import detector_version
from pipelines.jobs.adapters import open_adapters
from pipelines.jobs.consolidating import Consolidating, patiently
from pipelines.transforms.once import once
from schemas.article import Article
from schemas.errors import Misconfigured
from schemas.ports import Generation, Generations, Partitions
from schemas.settings import Settings
from schemas.vocabulary import Origin

if TYPE_CHECKING:
    from pipelines.jobs.served import ServedAdapters

LOOK_EVERY = timedelta(seconds=1)
SWEEP_EVERY = timedelta(seconds=15)


class OpenLog(Struct, frozen=True):
    """Opens the articles log by its partitions."""

    settings: Settings

    def __call__(self) -> "ArticlePartitions":
        """The log."""
        adapters = patiently(lambda: served(self.settings))
        return ArticlePartitions(adapters.kafka.article_partitions, adapters.generations)


class ArticlePartitions:
    """The articles log by its partitions, whose readers stand still before another generation serves.

    The first look notes which detector writes into the generation that serves, and says where it is another's.

    Args:
        partitions: The log.
        generations: Of the findings.
        clock: UTC.
    """

    def __init__(
        self,
        partitions: Partitions[Article],
        generations: Generations,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.count, self.read = partitions.count, partitions.read
        self.standing, self.stand = partitions.standing, partitions.stand
        self._generations, self._clock = generations, clock
        self._lock = threading.Lock()
        self._looked: datetime | None = None
        self._held = False
        self._number: int | None = None

    def held(self) -> bool:
        """Whether nothing should be begun now; looked up once a second.

        Raises:
            Unavailable: The store does not answer.
        """
        with self._lock:
            now = self._clock()
            if self._looked is None or now - self._looked >= LOOK_EVERY:
                serving = self._generations.serving()
                self._held = serving.held_until is not None and serving.held_until > now
                if self._number != serving.number:
                    self._note(serving)
                self._looked = now
            return self._held

    def _note(self, serving: Generation) -> None:
        ours = detector_version()
        if serving.detectors and serving.detectors != (ours,):
            structlog.get_logger(job="detect").warning(
                "the index was made by another version of the detector; `treatywire upgrade` brings it up to date,"
                " and `treatywire submit --upgrade` this job"
            )
        self._generations.wrote(ours)
        self._number = serving.number


class OpenConsolidator(Struct, frozen=True):
    """Opens what makes effects durable."""

    settings: Settings
    origin: Origin

    def __call__(self) -> Consolidating:
        """It, over the adapters of this process; every few seconds it publishes what dead workers have left."""
        adapters = patiently(lambda: served(self.settings))
        work = Consolidating(adapters.events, adapters.developments, adapters.dead_letters, origin=self.origin)
        threading.Thread(target=_sweep, args=(work,), daemon=True, name="sweep").start()
        return work


def _sweep(work: Consolidating) -> None:
    while not threading.Event().wait(SWEEP_EVERY.total_seconds()):
        try:
            work.sweep()
        except Exception as error:  # the thread that works on articles meets it, too, and does something about it
            structlog.get_logger(job="detect").warning("outboxes could not be swept", reason=str(error))


def for_workers(settings: Settings) -> Settings:
    """What of the settings goes with a job: no secret that workers have no use for."""
    return replace(settings, webhook_secret=None)


def served(settings: Settings) -> "ServedAdapters":
    """The adapters of this process.

    Raises:
        Misconfigured: The settings name no servers that several machines could share, or one of them refuses us.
        Unavailable: A server does not answer.
    """
    if settings.kafka is None or settings.elasticsearch is None:
        raise Misconfigured("a cluster takes kafka and elasticsearch: set kafka.bootstrap and elasticsearch.urls")
    adapters: ServedAdapters = once(open_adapters, settings)  # type: ignore[assignment]  # by the settings
    return adapters
