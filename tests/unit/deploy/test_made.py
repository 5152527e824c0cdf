"""What of `deploy/` follows from the code follows from this code; and its documents name what there is."""

import json
import re
from pathlib import Path

import pytest

from deploy.making import FOLDER, made
from deploy.making.sizing import BEGIN, END, SHOWN, latest, table

RESULTS = FOLDER.parent / "tests" / "bench" / "results"


def without_sizing(text: str) -> str:
    """The text without the table of measurements, which may be behind the last benchmark."""
    return text.split(BEGIN, 1)[0] + text.split(END, 1)[1] if BEGIN in text else text


@pytest.mark.parametrize("path", made())
def test_a_made_file_is_as_the_code_makes_it(path: Path) -> None:
    """Else: `make deploy-files`."""
    assert without_sizing((FOLDER / path).read_text()) == without_sizing(made()[path])


def test_the_sizing_table_holds_measured_figures_only() -> None:
    """Each row is a recorded benchmark, word by word."""
    rows = (FOLDER / "README.md").read_text().split(BEGIN, 1)[1].split(END, 1)[0].strip().splitlines()
    records = [json.loads(line) for path in RESULTS.glob("*.jsonl") for line in path.read_text().splitlines()]
    measured = {
        row for record in records if record["benchmark"].startswith(SHOWN) for row in table([record]).splitlines()
    }
    assert set(rows) <= measured
    assert len(rows) > 2


def test_of_each_benchmark_the_last_result_counts(tmp_path: Path) -> None:
    """In the order of the file; others are not shown."""
    lines = [{"benchmark": "served.rate", "articles/s": 1}, {"benchmark": "served.rate", "articles/s": 2}]
    lines.append({"benchmark": "search.date", "p50": 3})
    (tmp_path / "one.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert latest(tmp_path) == [{"benchmark": "served.rate", "articles/s": 2}]


@pytest.mark.parametrize("name", ["README.md", "runbook.md"])
def test_a_document_links_to_what_there_is(name: str) -> None:
    """Every link of it is a file."""
    links = re.findall(r"\]\(([^)#]+)\)", (FOLDER / name).read_text())
    assert links
    assert [link for link in links if not (FOLDER / link).exists()] == []
