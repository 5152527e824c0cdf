"""The whole topic heard again: as after a loss of the index, or of the group's offsets."""

from datetime import UTC, datetime

import pytest

from pipelines.jobs.served import ServedAdapters
from schemas.subscription import Subscription
from tests.articles import stream
from tests.integration.served.installation import Installation, contents, found
from tests.unit.delivery.records import SECRET

ARTICLES = list(stream(300, relevant=0.3, size=600))


def run(installation: Installation, name: str) -> None:
    """A job, to the end of what there is to do."""
    job = installation.job(name, "--until-idle")
    assert job.ended() == 0, job.log


def forget(adapters: ServedAdapters) -> None:
    """How far the workers have come: the next one begins at the first article that is still there."""
    group = f"{adapters.kafka.settings.articles}.detect"
    adapters.kafka.client.administrator().delete_groups([group])
    assert adapters.articles.reader("detect").lag() == len(ARTICLES)


@pytest.mark.timeout(240)
def test_a_replay_gives_the_same_index_and_a_second_one_changes_nothing(installation: Installation) -> None:
    """Into an empty index: the same events and dossiers. Into the full one: no document changes, nobody hears of it."""
    adapters = installation.open()
    adapters.subscriptions.add(
        Subscription(
            id="all",
            query="*",
            webhook="https://example.org/hook",
            secret=SECRET,
            created=datetime.now(UTC),
            position=0,
        )
    )
    adapters.articles.append(ARTICLES)
    run(installation, "detect")
    run(installation, "alert")
    before = contents(adapters), adapters.developments.end(), adapters.ledger.list(limit=10_000)
    assert all(before)

    forget(adapters)
    run(installation, "detect")
    run(installation, "alert")
    assert (contents(adapters), adapters.developments.end(), adapters.ledger.list(limit=10_000)) == before

    forget(adapters)
    installation.variables["TREATYWIRE_ELASTICSEARCH_PREFIX"] = f"{installation.prefix}-fresh"
    installation.create()
    fresh = installation.open()
    assert found(fresh) == []
    run(installation, "detect")
    assert found(fresh) == found(adapters)
    assert [name for name, _ in contents(fresh)] == [name for name, _ in before[0]]
