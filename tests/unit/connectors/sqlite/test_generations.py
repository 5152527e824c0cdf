"""Generations as tables: what is SQLite's own of them."""

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.sqlite import Adapters, open_database
from connectors.sqlite.generation_tables import TABLES, prefixed
from pipelines.jobs.detect import DetectJob
from schemas.errors import FencedOff
from schemas.query.parse import parse
from tests.integration.contract.records import aggregate, article, view
from tests.unit.jobs.toy_engine import ToyEngine

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def adapters(tmp_path: Path) -> Adapters:
    """On an empty file."""
    return Adapters(open_database(tmp_path / "treatywire.sqlite3"))


def _switched(adapters: Adapters, *events: str) -> None:
    generation = adapters.generations.begin("new")
    adapters.generations.findings(generation).save([aggregate("agg-1")], [view(name) for name in events])
    adapters.generations.switch("upgrade", "detect")
    adapters.generations.finish()


def _schema(adapters: Adapters) -> list[str]:
    rows = adapters.database.connection().execute(
        f"SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ({','.join('?' * len(TABLES))}) ORDER BY 1", TABLES
    )
    return sorted(f"{name} {sql}".replace('"', "") for name, sql in rows)


def test_tables_stay_as_they_are_made_through_any_number_of_generations(adapters: Adapters) -> None:
    """Indexes too, whose names carry the generation's number; nothing is left of those that were dropped."""
    made = _schema(adapters)
    for number in range(2, 5):
        _switched(adapters, "evt-aaaa")
        now = [line.replace(f"g{number}_", "") for line in _schema(adapters)]
        assert sorted(now) == made
    names = {row[0] for row in adapters.database.connection().execute("SELECT name FROM sqlite_schema")}
    assert not any(prefixed(number, table) in names for number in range(1, 6) for table in TABLES)
    assert adapters.database.connection().execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_connections_that_were_open_before_a_switch_search_the_new_generation(adapters: Adapters) -> None:
    """By words and by codes, in each order."""
    adapters.events.save([], [view("evt-aaaa")])
    with open_database(adapters.database.path) as other:
        events = Adapters(other).events
        query = parse("parliament type:ratification")
        assert [hit.event.id for hit in events.search(query, sort="score")] == ["evt-aaaa"]
        _switched(adapters, "evt-bbbb")
        for sort in ("score", "date", "seen"):
            assert [hit.event.id for hit in events.search(query, sort=sort)] == ["evt-bbbb"]


def test_who_reads_at_one_moment_does_not_see_the_switch(adapters: Adapters) -> None:
    """And does not hold it up."""
    adapters.events.save([], [view("evt-aaaa")])
    with open_database(adapters.database.path) as other, other.read() as connection:
        assert connection.execute("SELECT id FROM events").fetchall() == [("evt-aaaa",)]
        _switched(adapters, "evt-bbbb")
        assert connection.execute("SELECT id FROM events").fetchall() == [("evt-aaaa",)]


@pytest.mark.parametrize("end", ["abandon", "switch"])
def test_who_goes_on_with_a_generation_that_is_gone_writes_nothing(adapters: Adapters, end: str) -> None:
    """As an upgrade that was paused while another one took over; not even dead letters for what it cannot save."""
    generation = adapters.generations.begin("new")
    with open_database(adapters.database.path) as other:
        late = Adapters(other).generations.findings(generation)
        late.save([aggregate("agg-1")], [view("evt-aaaa")])
        adapters.articles.append([article(1, text="signed CHL PER")])
        if end == "abandon":
            adapters.generations.abandon()
        else:
            adapters.generations.switch("upgrade", "detect")
        reader = adapters.articles.reader("upgrade-2")
        job = DetectJob(ToyEngine({}), reader, late, adapters.developments, name="upgrade-2", clock=lambda: NOW)
        with pytest.raises(FencedOff):
            job.step(NOW)
        with pytest.raises(FencedOff):
            late.save([], [view("evt-bbbb")])
    assert adapters.dead_letters.list() == []
    assert adapters.events.event("evt-bbbb") is None


def test_adapters_of_generations_can_be_sent_to_another_process(adapters: Adapters) -> None:
    """Those of one that does not serve cannot: they would become those of the one that does."""
    generation = adapters.generations.begin("new")
    again = pickle.loads(pickle.dumps(adapters.generations))
    assert again.building() == generation
    with pytest.raises(TypeError, match="generation"):
        pickle.dumps(again.findings(generation))
