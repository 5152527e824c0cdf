"""Elasticsearch that is overloaded, slow, away, foreign, or refuses a document."""

import json
import socket
import threading
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from connectors import memory
from connectors.elasticsearch import Cluster, ElasticsearchSettings, projections, search
from connectors.elasticsearch.bulk import Write, bulk
from connectors.elasticsearch.documents import get
from connectors.elasticsearch.indices import EVENTS, LEASES
from connectors.elasticsearch.patience import Patience
from schemas.codec import decode
from schemas.errors import BadRecord, Misconfigured, Unavailable
from schemas.event import EventView
from schemas.ports import Position
from schemas.vocabulary import Stage
from tests.integration.contract.records import aggregate, alert, development, dossier, letter, view
from tests.integration.elasticsearch.proxy import Proxy, Request, proxy_before
from tests.integration.elasticsearch.served import composed

BUSY = {"error": {"type": "es_rejected_execution_exception", "reason": "the queue is full"}, "status": 429}


@pytest.fixture
def proxy(settings: ElasticsearchSettings) -> Iterator[Proxy]:
    """Between us and Elasticsearch."""
    with proxy_before(settings.urls) as proxy:
        yield proxy


@pytest.fixture
def through(proxy: Proxy, cluster: Cluster) -> Iterator[Cluster]:
    """A connection by way of the proxy, to empty indices."""
    settings = replace(cluster.settings, urls=proxy.url, timeout_seconds=20.0)
    with Cluster(settings, patience=Patience(seconds=2)) as cluster:
        yield cluster


def _times(count: int, status: int, body: object) -> "_Failing":
    return _Failing(count, status, body)


class _Failing:
    """Answers the first so many requests with an error."""

    def __init__(self, count: int, status: int, body: object) -> None:
        self.left, self.status, self.body = count, status, body

    def __call__(self, request: Request) -> bool:
        self.left -= 1
        if self.left >= 0:
            request.answer(self.status, self.body)
        return self.left >= 0


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_request_that_is_refused_for_the_moment_is_sent_again(proxy: Proxy, through: Cluster, status: int) -> None:
    """Writes and searches alike."""
    proxy.rule = _times(2, status, BUSY)
    projections.save(through, [view("evt-aaaa")])
    proxy.rule = _times(2, status, BUSY)
    assert [hit.event for hit in search.search(through, None, since=None, sort="date", limit=9, offset=0)] == [
        view("evt-aaaa")
    ]


def test_only_the_items_that_were_refused_for_the_moment_are_sent_again(proxy: Proxy, through: Cluster) -> None:
    """The others are written once."""
    sent: list[int] = []

    def refuse_half(request: Request) -> bool:
        if not request.is_bulk:
            return False
        items = request.items()
        sent.append(len(items))
        if len(items) < 2:
            return False
        taken = items[::2]
        status, _, body = request.send(b"\n".join(line for item in taken for line in item) + b"\n")
        assert status == 200
        results = json.loads(body)["items"]
        busy = {"index": {"status": 429 if len(sent) % 2 else 503, "error": BUSY["error"]}}
        answers = [results.pop(0) if number % 2 == 0 else busy for number in range(len(items))]
        request.answer(200, {"items": answers})
        return True

    proxy.rule = refuse_half
    views = [view(f"evt-{number:04}") for number in range(8)]
    projections.save(through, views)
    assert sent == [8, 4, 2, 1]
    stored = get(through, EVENTS, [one.id for one in views])
    assert [decode(stored[one.id].source["data"], EventView) for one in views] == views


def test_what_is_refused_for_too_long_is_unavailable_and_may_be_done_again(proxy: Proxy, through: Cluster) -> None:
    """Each try comes after a longer pause, not at once."""
    proxy.rule = _times(10_000, 429, BUSY)
    with pytest.raises(Unavailable, match="queue is full"):
        projections.save(through, [view("evt-aaaa")])
    assert 3 <= len(proxy.seen) <= 10
    proxy.rule = lambda _: False
    projections.save(through, [view("evt-aaaa")])
    assert search.count(through, None, since=None) == 1


def test_items_that_are_refused_for_too_long_are_unavailable(proxy: Proxy, through: Cluster) -> None:
    """Named by Elasticsearch's reason."""

    def busy(request: Request) -> bool:
        request.answer(200, {"items": [{"index": {"status": 429, "error": BUSY["error"]}} for _ in request.items()]})
        return True

    proxy.rule = busy
    with pytest.raises(Unavailable, match="2 documents: 429: the queue is full"):
        projections.save(through, [view("evt-aaaa"), view("evt-bbbb")])


def test_a_write_whose_answer_is_lost_is_written_once(proxy: Proxy, through: Cluster) -> None:
    """The repetition meets what it wrote itself: a view's equal revision, an alert that is there already."""
    lost = iter([True, False, True])

    def lose(request: Request) -> bool:
        if not request.is_bulk or not next(lost, False):
            return False
        request.send()
        request.drop()
        return True

    proxy.rule = lose
    projections.save(through, [view("evt-aaaa")])
    assert search.count(through, None, since=None) == 1
    ports = composed(memory.Adapters(), through)
    ports.ledger.record([alert(1)], Position("alert", 3))
    assert list(ports.ledger.list()) == [alert(1)]
    assert ports.developments.reader("alert").position() == 3


def test_a_view_that_elasticsearch_never_takes_becomes_a_letter(cluster: Cluster) -> None:
    """It carries the document and the reason; all else of the save is written."""
    ports = composed(memory.Adapters(), cluster)
    bad = view("evt-bad1", aliases=("evt-" + "x" * 40_000,))
    ports.events.save([aggregate("agg-1")], [view("evt-good"), bad], failed=[letter(1)], position=Position("detect", 7))
    assert [hit.event.id for hit in ports.events.search(None)] == ["evt-good"]
    letters = {one.id: one for one in ports.dead_letters.list()}
    del letters[letter(1).id]
    (found,) = letters.values()
    assert found.stage is Stage.RECORD
    assert "evt-bad1" in found.source
    assert "immense term" in found.reason
    assert found.whole
    assert b"Parliament ratifies the treaty" in found.data
    assert ports.articles.reader("detect").position() == 7


def test_a_state_that_elasticsearch_never_takes_is_a_bad_record(cluster: Cluster) -> None:
    """The job halves its batch until one article is left, which goes to dead letters; the position has not moved."""
    ports = composed(memory.Adapters(), cluster)
    with pytest.raises(BadRecord, match=r"dos-bad.*immense term"):
        ports.events.save([dossier("dos-bad", aliases=("x" * 40_000,))], [], position=Position("detect", 7))
    assert ports.articles.reader("detect").position() == 0


def test_a_document_that_the_index_does_not_declare_is_refused_by_itself(cluster: Cluster) -> None:
    """A strict mapping: nothing is added to an index by accident, and the others are written."""
    good = b'{"name": "a", "holder": "b", "token": 1, "until": 2}'
    outcome = bulk(cluster, [Write(LEASES, "bad", b'{"nme": "a"}'), Write(LEASES, "good", good)])
    assert [refused.write.name for refused in outcome.refused] == ["bad"]
    assert "nme" in outcome.refused[0].reason
    assert set(get(cluster, LEASES, ["bad", "good"])) == {"good"}


def test_what_is_too_large_for_one_request_is_halved(proxy: Proxy, through: Cluster) -> None:
    """413: down to the single document, which is refused then."""

    def limit(request: Request) -> bool:
        if len(request.body) < 3000:
            return False
        request.answer(413, {"error": {"type": "too_large", "reason": "too large"}})
        return True

    proxy.rule = limit
    views = [view(f"evt-{number:04}") for number in range(8)]
    refused = projections.save(through, [*views, view("evt-large", headline="x" * 4000)])
    assert [one.write.name for one in refused] == ["evt-large"]
    assert search.count(through, None, since=None) == 8


def test_a_server_that_is_away_is_unavailable(settings: ElasticsearchSettings) -> None:
    """Nobody listens there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
        with Cluster(replace(settings, urls=nobody), patience=Patience(seconds=0.3)) as cluster:
            for call in (lambda: search.count(cluster, None, since=None), lambda: get(cluster, EVENTS, ["evt-aaaa"])):
                with pytest.raises(Unavailable, match=nobody):
                    call()


def test_a_server_that_stalls_is_unavailable(proxy: Proxy, cluster: Cluster) -> None:
    """Once a request has taken `timeout_seconds`; when it answers again, so do we."""
    go_on = threading.Event()

    def stall(_: Request) -> bool:
        go_on.wait(30)
        return False

    proxy.rule = stall
    settings = replace(cluster.settings, urls=proxy.url, timeout_seconds=0.2)
    with Cluster(settings, patience=Patience(seconds=0)) as through:
        with pytest.raises(Unavailable, match="Timeout"):
            projections.save(through, [view("evt-aaaa")])
        go_on.set()
    with Cluster(replace(settings, timeout_seconds=20.0)) as through:
        projections.save(through, [view("evt-aaaa")])
        assert search.count(through, None, since=None) == 1


def test_another_server_in_its_place_is_misconfigured(proxy: Proxy, through: Cluster) -> None:
    """Whatever it answers."""

    def greet(request: Request) -> bool:
        request.answer(200, b"<html>Welcome</html>", {"content-type": "text/html"})
        return True

    proxy.rule = greet
    with pytest.raises(Misconfigured, match="no Elasticsearch"):
        search.count(through, None, since=None)


def test_the_loss_of_the_connection_while_outboxes_are_marked_loses_no_development(
    proxy: Proxy, through: Cluster
) -> None:
    """They come again: at least once."""
    ports = composed(memory.Adapters(), through)
    ports.events.save([aggregate("agg-1", outbox=(development(1), development(2)))], [])

    def lose(request: Request) -> bool:
        if request.is_bulk:
            request.drop()
        return request.is_bulk

    proxy.rule = lose
    with pytest.raises(Unavailable):
        ports.events.mark_published([("agg-1", development(1).id)])
    proxy.rule = lambda _: False
    assert [one.id for _, one in ports.events.unpublished(9)] == [development(1).id, development(2).id]
    ports.events.mark_published([("agg-1", development(1).id)])
    assert [one.id for _, one in ports.events.unpublished(9)] == [development(2).id]
