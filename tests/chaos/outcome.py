"""What came of a fault, compared with a run that nobody disturbed."""

from collections import Counter
from pathlib import Path

from msgspec import Struct

from connectors.sqlite import Adapters as Embedded
from connectors.sqlite import open_database
from pipelines.consolidation import canonical
from pipelines.jobs.adapters import Adapters
from pipelines.matching import Audience
from schemas.article import Article
from schemas.development import Development
from schemas.subscription import Alert, AlertStatus
from schemas.vocabulary import Change
from tests.chaos.feeds import Feeds
from tests.chaos.scene import Scene
from tests.integration.served.installation import is_pending, told
from tests.process_tree import command, development_of
from tests.waiting import until

Events = dict[str, str]
"""Each event in canonical form, by id."""
RECORDED_S = 2.0
"""Before a fault: how long ago a try may have ended whose outcome was not yet recorded."""


class Outcome(Struct, frozen=True, kw_only=True):
    """How far the two differ; what is 0 or False in all is as it must be, but for `doubled` and `repeated`."""

    articles_lost: int
    """Of the feeds, and never in the log."""
    events_lost: int
    events_differing: int
    """In canonical form, or made up."""
    untold: int
    """Events without a development that tells of them, and whatever waits in an outbox."""
    alerts_lost: int
    """That follow from the developments log, and were not delivered, or delivered as another."""
    alerts_made_up: int
    """Delivered, and do not follow from it."""
    repeated_without_cause: int
    """Webhooks sent again although no try was in flight when the fault struck, or while it lasted."""
    dead_letters: int
    raised: int
    """Tracebacks in the logs of our processes."""
    articles_doubled: int
    """Entries of the articles log beyond the first of the same article, revision and text."""
    doubled: int
    """Entries of the developments log beyond the first of the same id."""
    repeated: int
    """Webhooks beyond the first of the same id."""
    articles: int
    events: int
    developments: int
    alerts: int

    @property
    def lost(self) -> int:
        """All that is missing."""
        return self.articles_lost + self.events_lost + self.untold + self.alerts_lost

    def wrongs(self) -> dict[str, int]:
        """What must not be."""
        must_not = (
            "articles_lost",
            "events_lost",
            "events_differing",
            "untold",
            "alerts_lost",
            "alerts_made_up",
            "repeated_without_cause",
            "dead_letters",
            "raised",
        )
        return {name: value for name in must_not if (value := getattr(self, name))}


def undisturbed(folder: Path, feeds: Feeds) -> Events:
    """What the embedded program finds in the same feeds, with nobody in its way."""
    adapters = Embedded(open_database(folder / "treatywire.sqlite3"))
    feeds.add(adapters.feeds)
    feeds.begin(adapters.feeds)
    feeds.go_on(adapters.feeds, 0)
    command(folder, "job", "fetch", "--until-idle")
    until(lambda: all(state.polled for _, state in adapters.feeds.list()))
    command(folder, "job", "detect", "--until-idle")
    return events_of(adapters)


def events_of(adapters: Adapters) -> Events:
    """All of them."""
    return {hit.event.id: repr(canonical(hit.event)) for hit in adapters.events.search(None, limit=10_000)}


def outcome(scene: Scene, feeds: Feeds, expected: Events, struck: float, healed: float) -> Outcome:
    """What there is now.

    Args:
        scene: Caught up.
        feeds: Of the articles.
        expected: Of the run that nobody disturbed.
        struck: When the fault began (`time.time`).
        healed: When it had ended.
    """
    adapters = scene.adapters
    articles = Counter((one.id, one.revision, one.content_hash) for one in _articles(scene))
    found, developments = events_of(adapters), told(adapters)
    alerts = {alert.id: alert for alert in adapters.ledger.list(limit=100_000)}
    due = _due(scene, developments)
    known = {one.cell for one in developments if one.change in (Change.NEW, Change.HISTORY)}
    names = {hit.event.id: (hit.event.id, *hit.event.aliases) for hit in adapters.events.search(None, limit=10_000)}
    came: dict[str, list[float]] = {}
    wrong = 0
    for delivery in scene.hook.deliveries:
        came.setdefault(delivery.id, []).append(delivery.at)
        wrong += delivery.id not in due or development_of(delivery).id != due[delivery.id].development.id
    in_flight = (struck - RECORDED_S, healed + RECORDED_S)
    return Outcome(
        articles_lost=len(feeds.articles - {id_ for id_, _, _ in articles}),
        events_lost=len(expected.keys() - found.keys()),
        events_differing=sum(expected.get(name) != event for name, event in found.items()),
        untold=sum(known.isdisjoint(each) for each in names.values()) + is_pending(adapters),
        alerts_lost=sum(
            name not in came or name not in alerts or alerts[name].status is not AlertStatus.DELIVERED for name in due
        ),
        alerts_made_up=wrong + len(alerts.keys() - due.keys()),
        repeated_without_cause=sum(
            not in_flight[0] <= earlier <= in_flight[1] for times in came.values() for earlier in times[:-1]
        ),
        dead_letters=sum(adapters.dead_letters.count().values()),
        raised=scene.log.count("Traceback"),
        articles_doubled=articles.total() - len(articles),
        doubled=len(developments) - len({one.id for one in developments}),
        repeated=len(scene.hook.deliveries) - len(came),
        articles=len({id_ for id_, _, _ in articles}),
        events=len(found),
        developments=len({one.id for one in developments}),
        alerts=len(alerts),
    )


def _articles(scene: Scene) -> list[Article]:
    kafka, found = scene.adapters.kafka, list[Article]()
    for partition, end in kafka.client.ends(kafka.settings.articles).items():
        at = 0
        while at < end:
            portion = kafka.article_partitions.read(partition, at, 1000)
            found += [entry.record for entry in portion.entries if isinstance(entry.record, Article)]
            at = portion.next
    return found


def _due(scene: Scene, developments: list[Development]) -> dict[str, Alert]:
    """The alerts that follow from the developments log, by id."""
    subscriptions = scene.adapters.subscriptions.list()
    audience = Audience(subscriptions)
    return {
        alert.id: alert
        for offset, development in enumerate(developments, 1)
        for alert in audience.alerts(development, offset=offset, now=subscriptions[0].created)
    }
