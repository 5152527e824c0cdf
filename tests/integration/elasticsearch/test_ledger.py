"""The delivery ledger where two processes believe that a subscription is theirs."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from connectors import memory
from connectors.elasticsearch import Cluster, ElasticsearchSettings
from schemas.errors import Conflict
from schemas.subscription import AlertStatus, Attempt
from tests.integration.contract.records import MINUTE, NOON, alert
from tests.integration.elasticsearch.proxy import Proxy, Request, proxy_before
from tests.integration.elasticsearch.served import composed


@pytest.fixture
def proxy(settings: ElasticsearchSettings) -> Iterator[Proxy]:
    """Between the slow process and Elasticsearch."""
    with proxy_before(settings.urls) as proxy:
        yield proxy


DELIVERED = replace(alert(1), status=AlertStatus.DELIVERED, attempts=(Attempt(NOON, "204"),))
LATE = replace(alert(1), due=NOON + MINUTE, attempts=(Attempt(NOON, "timeout"),))


def test_a_try_that_is_recorded_between_a_look_and_a_write_stays(cluster: Cluster, proxy: Proxy) -> None:
    """The slow process has found nothing recorded, and its write is under way: it is not done."""
    ledger = composed(memory.Adapters(), cluster).ledger
    ledger.record([alert(1)])

    def overtake(request: Request) -> bool:
        if request.is_bulk:
            proxy.rule = lambda _: False
            ledger.update(DELIVERED)
        return False

    with Cluster(replace(cluster.settings, urls=proxy.url)) as slow:
        proxy.rule = overtake
        with pytest.raises(Conflict, match="another process has recorded try 1"):
            composed(memory.Adapters(), slow).ledger.update(LATE)
    assert list(ledger.list()) == [DELIVERED]


def test_an_answer_that_is_lost_is_no_conflict(cluster: Cluster, proxy: Proxy) -> None:
    """The write that is repeated finds its own."""
    ledger = composed(memory.Adapters(), cluster).ledger
    ledger.record([alert(1)])

    def lose(request: Request) -> bool:
        if request.is_bulk:
            proxy.rule = lambda _: False
            request.send()
            request.drop()
            return True
        return False

    with Cluster(replace(cluster.settings, urls=proxy.url)) as unlucky:
        proxy.rule = lose
        composed(memory.Adapters(), unlucky).ledger.update(DELIVERED)
    assert list(ledger.list()) == [DELIVERED]
