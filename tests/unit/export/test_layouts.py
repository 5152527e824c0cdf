"""The rows of each layout."""

import csv
import io
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.export import flat, gdelt, polecat
from app.export.layout import happened
from app.export.parquet import write_parquet
from app.export.sheet import guarded, unguarded, write_csv, write_tsv
from schemas.event import EventView
from schemas.mention import Actor, Vote
from schemas.ontology import coded
from schemas.vocabulary import Body, Role
from tests.unit.ontology.views import event
from tests.unit.query.strategies import views

SIGNED = event(
    "signature", "occurred", ("CHL", "signatory", "Santiago"), ("PER", "signatory", "Peru's foreign minister"),
    date="2026-05-20", url="https://wire.example/1", outlet_names=("Gazette", "Wire"), languages=("en",),
)  # fmt: skip
RATIFIED = event(
    "ratification", "occurred", ("PER", "ratifier"), body=Body.LEGISLATURE, date="2026-05", vote=Vote(80, 3)
)


def test_gdelt_has_a_line_for_each_dyad_in_58_columns() -> None:
    """As the codebook counts them; both ways for a signature."""
    assert len(gdelt.COLUMNS) == 58
    there, back = _dicts(gdelt.COLUMNS, gdelt.rows(SIGNED))
    assert there == {
        "GLOBALEVENTID": "evt-one-1", "SQLDATE": "20260520", "MonthYear": "202605", "Year": "2026",
        "Actor1Code": "CHL", "Actor1Name": "CHILE", "Actor1CountryCode": "CHL",
        "Actor2Code": "PER", "Actor2Name": "PERU", "Actor2CountryCode": "PER",
        "EventCode": "057", "EventBaseCode": "057", "EventRootCode": "05", "QuadClass": "1", "GoldsteinScale": "8.0",
        "NumMentions": "3", "NumSources": "2", "NumArticles": "3",
        "DATEADDED": "20260521", "SOURCEURL": "https://wire.example/1",
    }  # fmt: skip
    assert (back["GLOBALEVENTID"], back["Actor1Code"], back["Actor2Code"]) == ("evt-one-2", "PER", "CHL")


def test_gdelt_tells_the_organ_of_a_state_and_the_sort_of_a_group() -> None:
    """The source's organ only; groups keep the registry's code."""
    (row,) = _dicts(gdelt.COLUMNS, gdelt.rows(RATIFIED))
    assert (row["Actor1Code"], row["Actor1Type1Code"], row["Actor2Code"]) == ("PERLEG", "LEG", "CHL")
    assert (row["MonthYear"], row["Year"]) == ("202605", "2026")
    assert "SQLDATE" not in row
    accused = event("allegation", "occurred", ("EU", "accuser"), ("HEZBOLLAH", "accused"), parties=())
    (row,) = _dicts(gdelt.COLUMNS, gdelt.rows(accused))
    assert (row["Actor1Code"], row["Actor1KnownGroupCode"], row["Actor1Type1Code"]) == ("EU", "EU", "IGO")
    assert (row["Actor2Code"], row["Actor2Type1Code"]) == ("HEZBOLLAH", "REB")
    assert "Actor1CountryCode" not in row


def test_polecat_has_one_line_with_all_actors() -> None:
    """PLOVER keeps compound actors in one record."""
    assert len(polecat.COLUMNS) == 40
    (row,) = _dicts(polecat.COLUMNS, polecat.rows(SIGNED))
    version = row.pop("Version")
    assert version.startswith("treatywire ")
    assert row == {
        "Event ID": "evt-one", "Event Date": "2026-05-20", "Event Type": "AGREE", "Intensity": "2.5", "Quad Code": "1",
        "Contexts": "diplomatic", "Actor Name": "Chile; Peru", "Actor Country": "CHL; PER",
        "Actor Name Raw": "Santiago; Peru's foreign minister", "Source": "Gazette; Wire",
        "Publication Date": "2026-05-21", "Language": "en",
    }  # fmt: skip
    (row,) = _dicts(polecat.COLUMNS, polecat.rows(RATIFIED))
    assert (row["Actor Name"], row["Primary Actor Sector"], row["Recipient Name"]) == ("Peru", "LEG", "Chile")
    assert row["Contexts"] == "diplomatic; legislative"
    assert "Event Date" not in row


@pytest.mark.parametrize(
    ("modality", "date", "found"),
    [
        ("occurred", "2026-05-20", "2026-05-20"),
        ("occurred", "2026-05", "2026-05"),
        ("occurred", None, "2026-05-21"),
        ("negated", "2025", "2025"),
        ("scheduled", "2026-06-01", "2026-05-21"),
        ("conditional", "2027", "2026-05-21"),
        ("occurred", "2026-01/2026-06", "2026"),
        ("occurred", "2026-05-03/2026-06-03", "2026"),
        ("occurred", "2026-05-03/2026-05-09", "2026-05"),
        ("occurred", "2024/2025", ""),
    ],
)
def test_a_plan_takes_place_when_it_is_told_and_no_date_gets_finer(modality: str, date: str | None, found: str) -> None:
    """The date of a plan is not that of the intent; intervals keep what their ends share."""
    assert happened(event("signature", modality, date=date)) == found


def test_the_flat_view_has_every_fact_in_a_cell() -> None:
    """Null is empty, flags and times are readable."""
    row = dict(zip((column.name for column in flat.COLUMNS), next(flat.rows(RATIFIED)), strict=True))
    assert {name: row[name] for name in ("actors", "body", "date", "date_last", "news", "parties")} == {
        "actors": "PER:ratifier", "body": "legislature", "date": "2026-05", "date_last": "2026-05-31", "news": "true",
        "parties": "CHL; PER",
    }  # fmt: skip
    assert (row["vote_for"], row["vote_against"], row["vote_abstain"], row["claim"]) == ("80", "3", "", "")
    assert (row["first_seen"], row["cameo"], row["plover"]) == ("2026-05-21T23:30:00Z", "057", "SUPPORT")


def test_a_view_is_exported_as_it_was_coded_and_coded_where_it_was_not() -> None:
    """A view from before the ontology has the same row."""
    for layout in (gdelt, polecat, flat):
        assert list(layout.rows(coded(SIGNED))) == list(layout.rows(SIGNED))


@given(views().filter(lambda view: not _broken(view)))
def test_csv_gives_back_every_cell(view: EventView) -> None:
    """Whatever a text holds: quotes, line ends, commas, formulas."""
    out = io.BytesIO()
    names = [column.name for column in flat.COLUMNS]
    assert write_csv(out, names, flat.rows, [view, view]) == 2
    header, *rows = csv.reader(io.StringIO(out.getvalue().decode(), newline=""))
    assert header == names
    assert [tuple(map(unguarded, row)) for row in rows] == [*flat.rows(view), *flat.rows(view)]


@pytest.mark.parametrize("layout", [gdelt, polecat], ids=["gdelt", "polecat"])
@given(view=views().filter(lambda view: not _broken(view)))
def test_a_tab_separated_line_has_its_columns_whatever_a_text_holds(layout: Any, view: EventView) -> None:
    """No tab and no line end of a text gets through."""
    out = io.BytesIO()
    write_tsv(out, layout.COLUMNS, layout.rows, [view])
    lines = out.getvalue().decode().split("\n")
    assert lines.pop() == ""
    assert len(lines) == 1 + len(list(layout.rows(view)))
    assert {len(line.split("\t")) for line in lines} == {len(layout.COLUMNS)}


@given(st.lists(views().filter(lambda view: not _broken(view)), max_size=3))
def test_parquet_gives_back_every_value(found: list[EventView]) -> None:
    """Lists as lists, times as times, null as null; without events there is a table without rows."""
    out = io.BytesIO()
    assert write_parquet(out, found) == len(found)
    table = pq.read_table(io.BytesIO(out.getvalue()))
    assert table.schema.names == [column.name for column in flat.COLUMNS]
    assert [list(row.values()) for row in table.to_pylist()] == [flat.values(view) for view in found]


@pytest.mark.parametrize(
    "text", ["=1+1", "+49 30", "-cmd", "@SUM(A1)", "  =1", "\t=1", "＝1", "'quoted'", "-", '=HYPERLINK("x")']
)
def test_what_a_spreadsheet_could_run_is_marked_and_the_mark_comes_off(text: str) -> None:
    """The cell begins with an apostrophe, and reads back as it was."""
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@given(st.text())
def test_marks_come_off_any_text(text: str) -> None:
    """Also where it begins with an apostrophe of its own."""
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["-4.0", "0.5", "2026-05-21", "Peru", "", " "])
def test_numbers_and_harmless_texts_stay_as_they_are(text: str) -> None:
    """A scale below zero is no formula."""
    assert guarded(text) == text


def test_a_formula_in_an_article_reaches_no_layout_unmarked() -> None:
    """Headlines, outlets and names are the world's."""
    evil = event(
        "signature", "occurred", parties=("PER",), headline="=cmd|'/C calc'!A0", outlet_names=("@out",), claim="+1",
        url="=x", actors=(Actor("PER", Role.SIGNATORY, "=evil"),),
    )  # fmt: skip
    for layout, write in ((gdelt, write_tsv), (polecat, write_tsv), (flat, write_csv)):
        out = io.BytesIO()
        names = [getattr(column, "name", column) for column in layout.COLUMNS]
        write(out, names, layout.rows, [evil])
        for row in csv.reader(io.StringIO(out.getvalue().decode()), delimiter="\t" if write is write_tsv else ","):
            assert not [cell for cell in row if cell[:1] in ("=", "+", "@")]


def _dicts(columns: tuple[str, ...], rows: Any) -> list[dict[str, str]]:
    """Rows by column name, empty cells left out."""
    return [{name: cell for name, cell in zip(columns, row, strict=True) if cell} for row in rows]


def _broken(view: EventView) -> bool:
    """Half a surrogate pair, which no view that was decoded from JSON can hold."""
    return any(0xD800 <= ord(character) <= 0xDFFF for character in repr(view))
