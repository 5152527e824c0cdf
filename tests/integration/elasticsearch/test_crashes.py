"""Whatever is killed at whatever moment, what comes out is what would have come out."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from msgspec.structs import replace

from connectors import memory
from connectors.elasticsearch import Cluster, ElasticsearchSettings
from connectors.elasticsearch.indices import GENERATIONAL
from connectors.elasticsearch.patience import Patience
from pipelines.consolidation import consolidate
from schemas.errors import Conflict, Unavailable
from schemas.ports import Position
from schemas.state import Statement
from schemas.vocabulary import Change, EventType, Modality, Origin
from tests.integration.elasticsearch.proxy import Proxy, Request, proxy_before
from tests.integration.elasticsearch.served import Composed, composed, emptied
from tests.unit.consolidation.newsroom import NOW, Newsroom, mention, said

BATCHES: list[list[Statement]] = [
    [said("art-a", mention(date="2025-05-21")), said("art-b", mention(date="2025-06-02"), days=12)],
    [said("art-c", mention(EventType.SIGNATURE, date="2025-05-20"), days=1)],
    # Brings the two ratifications together, so that one of them is retired.
    [said("art-d", mention(date="2025-05"), days=2), said("art-e", mention(), days=3)],
    [said("art-f", mention(modality=Modality.NEGATED, date="2025-05-21"), days=4)],
]


class _Broken:
    """Lets so many requests through, does something with the next, and answers none any more, as after a kill."""

    def __init__(self, left: int, last: Callable[[Request], None]) -> None:
        self.left, self.last = left, last

    def __call__(self, request: Request) -> bool:
        self.left -= 1
        if self.left == -1:
            self.last(request)
        if self.left < 0:
            request.drop()
        return self.left < 0


def _arrived(request: Request) -> None:
    """The request has arrived, and its answer has not."""
    request.send()


def _half(request: Request) -> None:
    """Of the documents that were to be written, every other one was."""
    if request.is_bulk:
        items = request.items()[::2]
        request.send(b"\n".join(line for item in items for line in item) + b"\n")


@pytest.fixture
def proxy(settings: ElasticsearchSettings) -> Iterator[Proxy]:
    """Between a process and Elasticsearch."""
    with proxy_before(settings.urls) as proxy:
        yield proxy


def _consolidate(ports: Composed, batch: list[Statement], offset: int) -> None:
    """One batch, as the detect job does it."""
    while True:
        outcome = consolidate(batch, ports.events.load, now=NOW, origin=Origin.LIVE)
        try:
            ports.events.save(outcome.states, outcome.views, outcome.retired, position=Position("detect", offset))
        except Conflict:
            continue
        return


def _publish(ports: Composed) -> None:
    entries = ports.events.unpublished(100)
    ports.developments.append([one for _, one in entries])
    ports.events.mark_published([(state, one.id) for state, one in entries])


def _picture(ports: Composed, expected: Newsroom) -> tuple[object, set[str]]:
    """All that two runs must agree in: states, views, and what was told."""
    room = Newsroom()
    room.states = {
        name: replace(state, outbox=()) if hasattr(state, "outbox") else state
        for name, state in ports.events.load(expected.states).items()
    }
    room.views = {hit.event.id: hit.event for hit in ports.events.search(None, limit=1000)}
    told = {entry.record.id for entry in ports.developments.after(0, 1000)}  # type: ignore[union-attr] # all are readable
    return room.picture(), told


@pytest.mark.parametrize("last", [_arrived, _half], ids=["written", "half-written"])
def test_a_process_killed_between_any_two_requests_is_made_good_by_the_next(
    cluster: Cluster, proxy: Proxy, last: Callable[[Request], None]
) -> None:
    """At every request: states, events and developments are those of an undisturbed run."""
    undisturbed = Newsroom()
    for batch in BATCHES:
        undisturbed.hear(*batch)
    through = replace(cluster.settings, urls=proxy.url)
    for batch_number in (2, 3):  # one that retires an event, and one by which another event stands differently
        crash_at = 0
        while True:
            emptied(cluster, GENERATIONAL)
            logs = memory.Adapters()
            proxy.rule = lambda _: False
            with Cluster(through, patience=Patience(seconds=0)) as victim:
                dying = composed(logs, victim)
                for offset, batch in enumerate(BATCHES[:batch_number], 1):
                    _consolidate(dying, batch, offset)
                    _publish(dying)
                proxy.rule = broken = _Broken(crash_at, last)
                try:
                    _consolidate(dying, BATCHES[batch_number], batch_number + 1)
                    _publish(dying)
                except Unavailable:
                    pass
                survived = broken.left >= 0
            with Cluster(cluster.settings) as successor:
                next_one = composed(logs, successor)
                _publish(next_one)
                for offset in range(logs.articles.reader("detect").position(), len(BATCHES)):
                    _consolidate(next_one, BATCHES[offset], offset + 1)
                    _publish(next_one)
                picture, told = _picture(next_one, undisturbed)
                assert picture == undisturbed.picture(), (batch_number, crash_at)
                assert told == {one.id for one in undisturbed.told}, (batch_number, crash_at)
                assert list(next_one.events.unpublished(9)) == []
            if survived:
                break
            crash_at += 1
        assert crash_at >= 5


def test_a_writer_that_comes_late_does_not_bring_back_what_was_retired(cluster: Cluster, proxy: Proxy) -> None:
    """It wrote its states, was held up before its views, and another one merged the two events meanwhile."""
    undisturbed = Newsroom()
    undisturbed.hear(*BATCHES[0])
    undisturbed.hear(*BATCHES[2])
    logs = memory.Adapters()
    bulks = iter(range(100))

    def hold_up(request: Request) -> bool:
        if request.is_bulk and next(bulks) == 1:
            proxy.rule = lambda _: False
            with Cluster(cluster.settings) as other:
                _consolidate(composed(memory.Adapters(), other), BATCHES[2], 2)
        return False

    proxy.rule = hold_up
    with Cluster(replace(cluster.settings, urls=proxy.url)) as slow:
        ports = composed(logs, slow)
        _consolidate(ports, BATCHES[0], 1)
        assert next(bulks) > 1
        assert _picture(ports, undisturbed)[0] == undisturbed.picture()


def test_writers_at_once_come_to_what_one_comes_to(cluster: Cluster) -> None:
    """Three, over one dossier, each with articles of its own and some of the others': conflicts are merged again."""
    days = ("2025-05-21", "2025-05", None, "2025-06-02")
    articles = [
        said(f"art-{number}", mention(kind, date=days[number % 4]), days=number % 9)
        for number in range(36)
        for kind in (EventType.RATIFICATION, EventType.SIGNATURE)
    ]
    undisturbed = Newsroom()
    undisturbed.hear(*articles)
    logs = memory.Adapters()

    def work(first: int) -> None:
        with Cluster(cluster.settings) as own:
            ports = composed(logs, own)
            for start in range(first, len(articles), 6):
                _consolidate(ports, articles[start : start + 4], start)
                _publish(ports)

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, (0, 2, 4)))
    with Cluster(cluster.settings) as reading:
        ports = composed(logs, reading)
        assert _picture(ports, undisturbed)[0] == undisturbed.picture()
        assert list(ports.events.unpublished(9)) == []
        news = [one.record.change for one in ports.developments.after(0, 1000)]  # type: ignore[union-attr] # all are readable
        assert news.count(Change.NEW) >= len(undisturbed.views)
