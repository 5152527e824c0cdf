"""What is counted after each call of a port; the parameters are those of the call, after its result."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pipelines.jobs.observe.metrics import Metrics
from pipelines.transforms.rejected import Rejected
from schemas.article import Article
from schemas.dead_letter import DeadLetter
from schemas.development import Development
from schemas.event import EventView
from schemas.feed import FeedState
from schemas.ports import Entry, Position, Unreadable
from schemas.state import State, Statement
from schemas.subscription import Alert, AlertStatus

_OUTCOMES = {AlertStatus.DELIVERED: "delivered", AlertStatus.DUE: "again", AlertStatus.FAILED: "given_up"}


class Counting:
    """Counts, and keeps of the articles at work when they were fetched."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._at_work: dict[int, datetime | None] = {}
        """Offset → time of fetching, of what was read last and is not yet done."""

    def nothing(self, *_: object, **__: object) -> None:
        """Only the time is of interest."""

    def appended_articles(self, _: None, articles: Sequence[Article], *, again: bool = False) -> None:
        """`ArticleLog.append`."""
        del again
        self._metrics.fetched.inc(len(articles))
        self._metrics.progress.set_to_current_time()

    def read(self, entries: Sequence[Entry[Article]], limit: int) -> None:
        """`Reader.read` of articles."""
        del limit
        self._metrics.read.inc(len(entries))
        self._at_work = {
            entry.offset: None if isinstance(entry.record, Unreadable) else entry.record.fetched for entry in entries
        }

    def committed(self, _: None, offset: int) -> None:
        """`Reader.commit` of articles, and every other way in which that position moves."""
        now = datetime.now(UTC)
        for done in [place for place in self._at_work if place <= offset]:
            fetched = self._at_work.pop(done)
            self._metrics.done.inc()
            if fetched is not None:
                self._metrics.searchable.observe(max(0.0, (now - fetched).total_seconds()))
        self._metrics.progress.set_to_current_time()

    def detected(self, result: tuple[list[tuple[str, Statement]], list[Rejected]], batch: object) -> None:
        """`Engine.run`."""
        del batch
        for _, statement in result[0]:
            for report in statement.reports:
                self._metrics.mentions.labels(report.mention.type.value, report.mention.modality.value).inc()

    def saved_states(
        self,
        _: None,
        states: Sequence[State],
        views: Sequence[EventView],
        retired: Iterable[str] = (),
        failed: Sequence[DeadLetter] = (),
        position: Position | None = None,
        basis: Sequence[State] = (),
    ) -> None:
        """`EventStore.save`."""
        del states, views, retired, basis
        self._letters(failed)
        if position is not None:
            self.committed(None, position.offset)

    def appended_developments(self, _: None, developments: Sequence[Development]) -> None:
        """`DevelopmentLog.append`."""
        for one in developments:
            self._metrics.developments.labels(one.event.type.value, one.change.value, one.origin.value).inc()
        self._metrics.progress.set_to_current_time()

    def added_letters(self, _: None, letters: Sequence[DeadLetter]) -> None:
        """`DeadLetters.add`."""
        self._letters(letters)

    def recorded_alerts(self, _: None, alerts: Sequence[Alert], position: Position | None = None) -> None:
        """`Ledger.record`."""
        del position
        self._metrics.alerts.inc(len(alerts))
        self._metrics.progress.set_to_current_time()

    def updated_alert(self, _: None, alert: Alert) -> None:
        """`Ledger.update`."""
        self._metrics.deliveries.labels(_OUTCOMES[alert.status]).inc()
        if alert.status is AlertStatus.DELIVERED:
            took = alert.attempts[-1].at - alert.development.recorded
            self._metrics.delivered.observe(max(0.0, took.total_seconds()))
        self._metrics.progress.set_to_current_time()

    def saved_feed(self, _: None, state: FeedState, hashes: object = ()) -> None:
        """`Feeds.save`."""
        del hashes
        self._metrics.polls.labels("ok" if state.error is None else "failed").inc()
        self._metrics.progress.set_to_current_time()

    def _letters(self, letters: Sequence[DeadLetter]) -> None:
        for letter in letters:
            self._metrics.letters.labels(letter.stage.value).inc()
