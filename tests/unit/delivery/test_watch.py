"""Looking on at the developments log."""

from connectors.memory import Adapters
from pipelines.jobs.watch import BATCH, Watch
from schemas.query.parse import parse
from schemas.vocabulary import Change, Origin
from tests.unit.delivery.records import a_development


def a_watch(adapters: Adapters, query: str = "party:IRN", offset: int = 0) -> Watch:
    """A watch as the command line begins it."""
    return Watch(adapters.developments, parse(query, for_developments=True), offset)


def test_a_watch_shows_each_matching_development_once_in_order() -> None:
    """What does not match is passed over; what comes later comes later."""
    adapters = Adapters()
    watch = a_watch(adapters)
    assert watch.poll() == []
    adapters.developments.append([a_development(1), a_development(2, party="FRA"), a_development(3)])
    assert watch.poll() == [a_development(1), a_development(3)]
    assert watch.poll() == []
    adapters.developments.append([a_development(4)])
    assert watch.poll() == [a_development(4)]


def test_a_watch_begins_where_it_is_told() -> None:
    """At the end of the log: only what is yet to come."""
    adapters = Adapters()
    adapters.developments.append([a_development(1)])
    watch = a_watch(adapters, offset=adapters.developments.end())
    adapters.developments.append([a_development(2)])
    assert watch.poll() == [a_development(2)]


def test_a_watch_shows_what_a_subscription_would_be_sent() -> None:
    """No history, corroboration or old archives, unless the query asks for such changes."""
    adapters = Adapters()
    corroborated = a_development(3, change=Change.CORROBORATED)
    adapters.developments.append(
        [a_development(1, origin=Origin.BACKFILL), a_development(2, change=Change.HISTORY, news=False), corroborated]
    )
    assert a_watch(adapters).poll() == []
    assert a_watch(adapters, "party:IRN AND change:corroborated").poll() == [corroborated]


def test_a_watch_finds_the_one_that_matches_behind_many_that_do_not() -> None:
    """One call goes on to the first match or the end."""
    adapters = Adapters()
    adapters.developments.append([a_development(n, party="FRA") for n in range(1, 2 * BATCH)])
    adapters.developments.append([a_development(2 * BATCH)])
    assert a_watch(adapters).poll() == [a_development(2 * BATCH)]
