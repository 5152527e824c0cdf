"""Adapters and engine with counters at them: what a job does is seen at its ports, and the job knows nothing of it."""

from typing import TYPE_CHECKING, Any, cast

from pipelines.jobs.adapters import Adapters
from pipelines.jobs.observe.counting import Counting
from pipelines.jobs.observe.metrics import Metrics
from pipelines.jobs.observe.tenure import Tenure
from pipelines.jobs.observe.watching import Watching

if TYPE_CHECKING:
    from pipelines.jobs.detect import Engine


def observed(adapters: Adapters, metrics: Metrics) -> Adapters:
    """The same adapters, each call that changes something timed and counted."""
    return cast(Adapters, _Observed(adapters, metrics))


def observed_engine(engine: "Engine", metrics: Metrics) -> "Engine":
    """The same engine, its batches timed and its mentions counted."""
    return cast("Engine", Watching(engine, "engine", metrics, {"run": Counting(metrics).detected}))


class _Observed:
    """Adapters whose ports are watched; whatever else they have is passed on."""

    def __init__(self, adapters: Adapters, metrics: Metrics) -> None:
        self._adapters = adapters
        counting, tenure = Counting(metrics), Tenure(metrics)

        def watched(port: str, **after: Any) -> Any:
            return Watching(getattr(adapters, port), port, metrics, after)

        self.articles = _Log(
            watched("articles", append=counting.appended_articles),
            lambda reader: Watching(reader, "articles", metrics, {"read": counting.read, "commit": counting.committed}),
        )
        self.developments = _Log(
            watched("developments", append=counting.appended_developments),
            lambda reader: Watching(reader, "developments", metrics, {"read": counting.nothing}),
        )
        self.dead_letters = watched("dead_letters", add=counting.added_letters)
        self.events = watched("events", save=counting.saved_states)
        self.subscriptions = watched("subscriptions", list=counting.nothing)
        self.ledger = watched("ledger", record=counting.recorded_alerts, update=counting.updated_alert)
        self.feeds = watched("feeds", save=counting.saved_feed)
        self.leases = watched("leases", acquire=tenure.acquired, check=counting.nothing, release=tenure.released)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapters, name)


class _Log:
    """A log whose readers are watched too."""

    def __init__(self, log: Any, watched_reader: Any) -> None:
        self._log, self._watched_reader = log, watched_reader

    def reader(self, name: str) -> Any:
        """The reader of this name, watched."""
        return self._watched_reader(self._log.reader(name))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)
