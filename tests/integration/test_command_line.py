"""The command line over a database of its own: what it prints, and with which exit code it ends."""

import json
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

import samples
from app.cli import COMMANDS
from connectors.sqlite import Adapters, open_database
from schemas.dead_letter import dead_letter
from schemas.vocabulary import Stage
from tests.articles import BEGIN, stream
from tests.process_tree import command


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the sample feeds have been fetched and detected once."""
    folder = tmp_path_factory.mktemp("data")
    adapters = Adapters(open_database(folder / "treatywire.sqlite3"))
    for feed in samples.feeds():
        adapters.feeds.add(feed)
    for job in ("fetch", "detect"):
        done = command(folder, "job", job, "--until-idle")
        assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(tmp_path: Path, name: str) -> None:
    """`--help` works without any data and shows how to call it."""
    done = command(tmp_path, name, "--help")
    assert done.returncode == 0
    example = re.search(r"Example: (.*)", done.stdout)
    assert example
    assert re.search(rf"\btreatywire (--\w+ \S+ )?{name}\b", example[1])


def test_search_finds_events_of_the_samples(data: Path) -> None:
    """Both sides of a sample treaty, with the sentence that shows it."""
    done = command(data, "search", "party:KEN AND party:SOM AND type:signature AND modality:occurred")
    assert done.returncode == 0
    first, second = done.stdout.splitlines()[:2]
    assert "signature" in first
    assert "KEN SOM" in first
    assert "sign" in second.lower()


def test_search_prints_records_that_show_finds_again(data: Path) -> None:
    """`--json` gives whole records; `show` takes their ids, also shortened, and their dossiers'."""
    done = command(data, "search", "party:KEN", "--json", "--limit", "1")
    event = json.loads(done.stdout)
    for id_ in (event["id"], event["id"][:14], event["dossier"]):
        shown = command(data, "show", id_)
        assert shown.returncode == 0, shown.stderr
        assert event["dossier"] in shown.stdout
    assert json.loads(command(data, "show", event["id"], "--json").stdout) == event


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("search", "party:KEN AND type:withdrawal AND date:1950"), 1, "nothing found"),
        (("search", "party:("), 2, "query:"),
        (("search", "colour:red"), 2, "no field 'colour'"),
        (("search", "*", "--since", "tomorrow"), 2, "a duration such as 12h or 30d"),
        (("show", "evt-aaaaaaaa"), 1, "there is no event or dossier evt-aaaaaaaa"),
        (("serch", "x"), 2, "No such command"),
        (("subscriptions", "add", "--query", "party:KEN", "--webhook", "ftp://x"), 2, "not an http(s) address"),
        (("subscriptions", "add", "--query", "party:", "--webhook", "https://desk.example"), 2, "query:"),
        (("subscriptions", "remove", "sub-nothing"), 1, "there is no subscription sub-nothing"),
        (("subscriptions", "test"), 2, "either the ID"),
        (("feeds", "remove", "https://nothing.example/rss"), 1, "is not watched"),
        (("feeds", "add", "gopher://x.example"), 2, "gopher"),
        (("replay",), 1, "there are no such dead letters"),
        (("job", "sing"), 2, "'sing' is not one of"),
    ],
)
def test_what_cannot_be_done_says_so_with_its_exit_code(
    data: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    """1 is nothing found, 2 is misuse; the message goes to standard error."""
    done = command(data, *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr


def test_a_command_that_reads_asks_for_a_run_first(tmp_path: Path) -> None:
    """Without data there is nothing to search: misuse, with what to do."""
    done = command(tmp_path, "search", "*")
    assert done.returncode == 2
    assert "`treatywire run` collects it" in done.stderr


def test_a_database_that_is_none_is_refused(tmp_path: Path) -> None:
    """A file that somebody put there is neither read nor overwritten."""
    file = tmp_path / "treatywire.sqlite3"
    file.write_bytes(b"not a database at all" * 100)
    done = command(tmp_path, "search", "*")
    assert done.returncode == 2
    assert "treatywire.sqlite3" in done.stderr
    assert file.read_bytes() == b"not a database at all" * 100


def test_a_database_from_a_newer_version_is_refused(tmp_path: Path) -> None:
    """An older program does not touch what it cannot understand."""
    open_database(tmp_path / "treatywire.sqlite3").close()
    with sqlite3.connect(tmp_path / "treatywire.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    done = command(tmp_path, "search", "*")
    assert done.returncode == 2
    assert "999" in done.stderr


def test_detect_is_a_filter(tmp_path: Path) -> None:
    """One line out per article in, in order; malformed lines are told with their number and do not stop the others."""
    lines = '{"id": "a", "text": "Chile ratified the High Seas Treaty on Monday."}\nnonsense\n{"id": "b", "text": ""}\n'
    file = tmp_path / "articles.jsonl"
    file.write_text(lines, encoding="utf-8")
    done = command(tmp_path, "detect", str(file))
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["id"] for each in found] == ["a", "b"]
    assert [mention["type"] for mention in found[0]["mentions"]] == ["ratification"]
    assert found[1]["mentions"] == []
    assert done.returncode == 2
    assert f"{file} line 2: " in done.stderr


def test_explain_takes_json_lines_and_plain_text(tmp_path: Path) -> None:
    """It says of both what fired; a line that is neither ends it, by its number."""
    sentence = "Chile ratified the High Seas Treaty on Monday."
    plain, lines, bad = (tmp_path / name for name in ("article.txt", "articles.jsonl", "bad.jsonl"))
    plain.write_text(f"Chile ratifies\n\n{sentence}\n", encoding="utf-8")
    lines.write_text(json.dumps({"id": "a", "title": "Chile ratifies", "text": sentence}), encoding="utf-8")
    bad.write_text('{"id": "a", "text": ""}\n\n{"id": 1}\n', encoding="utf-8")
    of_plain, of_lines = (command(tmp_path, "explain", str(file)).stdout.splitlines() for file in (plain, lines))
    assert (of_plain[0], of_lines[0]) == (f"{plain}: Chile ratifies", "a: Chile ratifies")
    assert of_plain[1:] == of_lines[1:]
    assert any(line.strip().startswith("ratification / occurred: mention") for line in of_plain)
    of_bad = command(tmp_path, "explain", str(bad))
    assert of_bad.returncode == 2
    assert f"{bad} line 3: " in of_bad.stderr
    (tmp_path / "noise").write_bytes(b"\xf8\xff")
    assert "neither JSON lines nor text in UTF-8" in command(tmp_path, "explain", str(tmp_path / "noise")).stderr


def test_subscriptions_are_added_listed_and_removed(tmp_path: Path) -> None:
    """The secret is shown once, at the start, and never listed."""
    added = command(tmp_path, "subscriptions", "add", "--query", "party:KEN", "--webhook", "https://desk.example/hook")
    assert added.returncode == 0, added.stderr
    id_, secret = added.stdout.strip(), added.stderr.split()[1]
    assert secret.startswith("whsec_")
    listed = command(tmp_path, "subscriptions", "list", "--json")
    assert secret not in listed.stdout
    assert json.loads(listed.stdout)["query"] == "party:KEN"
    assert command(tmp_path, "subscriptions", "remove", id_[:10]).stdout == f"removed {id_}\n"
    assert command(tmp_path, "subscriptions", "list").returncode == 1


def test_a_private_webhook_is_refused_unless_allowed(tmp_path: Path) -> None:
    """The setting decides; tests and desks with a receiver on their own network turn it on."""
    from tests.process_tree import environment

    refused = environment(tmp_path)
    del refused["TREATYWIRE_ALLOW_PRIVATE_ADDRESSES"]
    arguments = ["subscriptions", "add", "--query", "*", "--webhook", "http://127.0.0.1:9/hook"]
    done = subprocess.run(
        [*command(tmp_path, "--version").args[:3], *arguments], env=refused, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "127.0.0.1" in done.stderr
    assert command(tmp_path, *arguments).returncode == 0


def test_feeds_travel_by_opml(tmp_path: Path) -> None:
    """What one desk exports another imports."""
    assert (
        command(tmp_path / "one", "feeds", "add", "https://news.example/rss", "--name", "News & Views").returncode == 0
    )
    exported = command(tmp_path / "one", "feeds", "export").stdout
    (tmp_path / "feeds.opml").write_text(exported, encoding="utf-8")
    assert (
        command(tmp_path / "two", "feeds", "import", str(tmp_path / "feeds.opml")).stdout
        == "1 added, 0 known already\n"
    )
    assert "https://news.example/rss  News & Views" in command(tmp_path / "two", "feeds", "list").stdout


def test_dead_letters_are_listed_and_sent_again(tmp_path: Path) -> None:
    """An article that was set aside is detected after `replay`; a whole feed is asked again, not replayed."""
    from schemas.codec import encode

    adapters = Adapters(open_database(tmp_path / "treatywire.sqlite3"))
    (article,) = stream(1, relevant=1.0)
    letter = dead_letter(Stage.ARTICLE, encode(article), source="articles log, offset 1", reason="a bug", now=BEGIN)
    feed = dead_letter(Stage.FEED, b"<html>", source="https://news.example/rss", reason="HTML", now=BEGIN)
    adapters.dead_letters.add([letter, feed])
    assert letter.id in command(tmp_path, "replay").stdout
    done = command(tmp_path, "replay", "--all")
    assert done.stdout == "1 sent again, 1 kept\n"
    assert f"kept {feed.id}: a whole feed is asked again" in done.stderr
    assert [each.id for each in adapters.dead_letters.list()] == [feed.id]
    assert command(tmp_path, "job", "detect", "--until-idle").returncode == 0
    assert adapters.events.count(None) == 1


def test_completion_scripts_are_printed(tmp_path: Path) -> None:
    """For the three shells that click knows."""
    for shell in ("bash", "fish", "zsh"):
        assert "_TREATYWIRE_COMPLETE" in command(tmp_path, "completion", shell).stdout


def test_light_commands_do_not_load_beam(tmp_path: Path) -> None:
    """Searching must not pay for the pipeline, nor for a network client."""
    heavy = ("apache_beam", "httpx", "feedparser", "lxml", "numpy", "rich", "structlog")
    code = (
        "import sys; from app.cli import cli; cli.main(['search', '*'], standalone_mode=False);"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    open_database(tmp_path / "treatywire.sqlite3").close()
    from tests.process_tree import environment

    done = subprocess.run(
        [*command(tmp_path, "--version").args[:1], "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "[]\n", done.stderr
