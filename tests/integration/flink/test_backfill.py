"""An archive is worked through in batch."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from pipelines.jobs.upgrade import LEASE
from schemas.codec import encode
from schemas.ports import Standing
from schemas.vocabulary import Origin, Stage
from tests.articles import stream
from tests.integration.flink.conftest import Install
from tests.integration.flink.installation import Expected
from tests.process_tree import command


@pytest.mark.timeout(280)
def test_a_backfill_finds_the_events_of_an_archive_and_alerts_nobody(install: Install, tmp_path: Path) -> None:
    """The findings of the articles, whole records or only what an archive knows; bad lines set aside; twice is once."""
    installed = install(article_partitions=2)
    articles = list(stream(400, relevant=0.3, size=800))
    files = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    files[0].write_bytes(b"".join(encode(article) + b"\n" for article in articles[:200]))
    names = ("url", "outlet", "title", "text", "published", "fetched", "language")
    short = [{name: getattr(article, name) for name in names} for article in articles[200:]]
    bad = [b"{", b'{"outlet": "x", "url": "https://x.example/1", "title": "undated"}', b"[1]"]
    files[1].write_bytes(b"\n\n".join([*map(msgspec.json.encode, short), *bad]))
    said = installed.command(tmp_path, "backfill", *map(str, files))
    assert said.startswith(f"{len(articles) + len(bad)} lines, {len(articles)} articles, ")
    assert said.endswith(f", {len(bad)} lines set aside")
    expected = Expected(articles)
    installed.await_all(expected)
    assert {one.origin for one in installed.developments()} == {Origin.BACKFILL}
    letters = installed.adapters.dead_letters.list()
    assert sorted(letter.data.strip() for letter in letters) == sorted(bad)
    assert {letter.stage for letter in letters} == {Stage.RECORD}
    told = len(installed.developments())
    installed.command(tmp_path, "backfill", *map(str, files))
    installed.await_all(expected)
    assert len(installed.developments()) == told
    partitions = installed.adapters.kafka.article_partitions
    assert [partitions.standing("detect", each) for each in range(2)] == [Standing(0), Standing(0)]


@pytest.mark.timeout(120)
def test_a_backfill_is_refused_while_an_upgrade_is_at_work(install: Install, tmp_path: Path) -> None:
    """It would write into the generation that is about to go."""
    installed = install(article_partitions=1)
    archive = tmp_path / "archive.jsonl"
    archive.write_bytes(encode(next(iter(stream(1)))) + b"\n")
    leases = installed.adapters.leases
    lease = leases.acquire(LEASE, "somebody upgrades", timedelta(minutes=5), datetime.now(UTC))
    assert lease is not None
    refused = command(tmp_path, "backfill", str(archive), variables=installed.environment(tmp_path))
    assert refused.returncode == 2
    assert "`treatywire upgrade` is at work" in refused.stderr
    assert not installed.running()
    leases.release(lease)
    assert installed.command(tmp_path, "backfill", str(archive)).startswith("1 lines, 1 articles")
    assert leases.acquire(LEASE, "somebody upgrades", timedelta(minutes=5), datetime.now(UTC)) is not None
