"""Articles as no feed should send them: each has its end, and the others go on."""

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from connectors.sqlite import Adapters, open_database
from schemas.article import Article
from schemas.codec import decode
from schemas.identifiers import content_hash
from schemas.vocabulary import Stage
from tests.articles import stream
from tests.process_tree import ROOT, command, environment

GOOD = list(stream(6, relevant=1.0, size=300))


def odd(number: int, text: str, title: str = "Odd") -> Article:
    """An article of this text."""
    return replace(GOOD[0], id=f"art-odd-{number}", title=title, text=text, content_hash=content_hash(title, text))


ODD = (
    odd(1, "Chile ratified the High Seas Treaty on Monday. " + "A long report goes on and on. " * 170_000),
    odd(2, "".join(map(chr, range(1, 32))) * 50 + " Peru signed an agreement on fisheries with Chile."),
    odd(3, "no sentence here " * 20_000),
    odd(4, "", title=""),
    odd(5, "\u202e\ufeff\ud7ff\U0010ffff\u0000" * 100, title="\u0000"),
    odd(6, "(" * 50_000),
)


def test_odd_articles_do_not_stop_the_others(tmp_path: Path) -> None:
    """5 MB, control characters, one endless line, nothing at all, brackets: none is lost, none is set aside."""
    adapters = Adapters(open_database(tmp_path / "treatywire.sqlite3"))
    adapters.articles.append([GOOD[1], *ODD, *GOOD[2:]])
    done = command(tmp_path, "job", "detect", "--until-idle")
    assert done.returncode == 0, done.stderr
    assert adapters.articles.reader("detect").position() == adapters.articles.end() == 11
    assert adapters.dead_letters.list() == []
    found = {hit.event.url for hit in adapters.events.search(None)}
    assert {article.url for article in GOOD[1:]} <= found
    ratified = adapters.events.search(None, sort="seen", limit=100)
    assert any(hit.event.type == "ratification" and "CHL" in hit.event.parties for hit in ratified)


@pytest.mark.timeout(180)
def test_a_deadly_article_is_set_aside_and_the_others_have_their_events(tmp_path: Path) -> None:
    """One makes the code raise, one kills the process: both end as dead letters with reason and bytes."""
    adapters = Adapters(open_database(tmp_path / "treatywire.sqlite3"))
    raises, kills = odd(7, "raise"), odd(8, "kill")
    adapters.articles.append([GOOD[1], raises, GOOD[2], kills, GOOD[3]])
    deaths = 0
    while adapters.articles.reader("detect").position() < adapters.articles.end():
        process = subprocess.run(
            [sys.executable, "-m", "tests.integration.deadly", str(tmp_path)],
            cwd=ROOT,
            env=environment(tmp_path),
            capture_output=True,
            check=False,
        )
        deaths += process.returncode == -9
        assert process.returncode in (0, -9), process.stderr
        assert deaths <= 5
    letters = {decode(letter.data, Article).id: letter for letter in adapters.dead_letters.list(Stage.ARTICLE)}
    assert set(letters) == {raises.id, kills.id}
    assert "RecursionError: the detector raises at this one" in letters[raises.id].reason
    assert letters[kills.id].reason == "killed the process 3 times"
    assert {hit.event.url for hit in adapters.events.search(None)} == {article.url for article in GOOD[1:4]}
    assert command(tmp_path, "replay", "--all").stdout == "2 sent again, 0 kept\n"
