"""The same faults on a few hundred articles, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import Struct

from deploy.local import Elasticsearch, Flink
from tests.chaos.experiment import experiment
from tests.chaos.faults import Fault, fill_disk
from tests.chaos.feeds import Feeds, feeds_of
from tests.chaos.outcome import Events, undisturbed
from tests.chaos.scene import QUERIES
from tests.chaos.servers import Servers, frail_servers

ARTICLES, EACH, PACE_S = 300, 10, 6.0
LIMIT_S = 150.0


class Short(Struct, frozen=True):
    """Servers to strike, and what is found while nothing does."""

    servers: Servers
    feeds: Feeds
    expected: Events

    def check(self, folder: Path, fault: Fault) -> None:
        """Fails where the fault loses or changes anything, or has a webhook sent again that was not under way."""
        if fault.strike is fill_disk and self.servers.no_disk:
            pytest.skip(self.servers.no_disk)  # a right that we have not, and no server that is missing
        try:
            result = experiment(
                folder,
                self.servers,
                self.feeds,
                self.expected,
                fault,
                lasts=fault.shortly,
                pace=PACE_S,
                limit=LIMIT_S,
            )
        except BaseException:
            self.servers.heal()
            raise
        assert (result.missing, result.outcome.wrongs()) == ("", {})
        assert result.outcome.alerts > 0
        assert result.outcome.repeated <= len(QUERIES)  # one try at a time for each subscription


@contextmanager
def short(folder: Path, elasticsearch: Elasticsearch, flink: Flink | None = None) -> Iterator[Short]:
    """For the faults of one module of tests."""
    (folder / "undisturbed").mkdir()
    with feeds_of(ARTICLES, EACH) as feeds, frail_servers(folder, elasticsearch, flink) as servers:
        expected = undisturbed(folder / "undisturbed", feeds)
        assert len(expected) > 20
        yield Short(servers, feeds, expected)
