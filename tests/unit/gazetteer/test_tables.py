"""Every table: in order, without repetition, with codes that exist, and refused with file and line where malformed."""

from collections.abc import Callable
from importlib import import_module, resources

import msgspec
import pytest

from pipelines.detection.english import gazetteer
from pipelines.detection.english.gazetteer.table import NotWhen, Row, parse
from tests.unit.gazetteer.iso3166 import ALPHA_3

FOLDER = resources.files("pipelines.detection.english.gazetteer")
KEYS = {  # table → how many of its first columns tell its rows apart, in the order of the file
    "armed_groups.tsv": 1,
    "bodies.tsv": 1,
    "courts.tsv": 1,
    "generic_instruments.tsv": 1,
    "instruments.tsv": 1,
    "leaders.tsv": 5,
    "legislatures.tsv": 2,
    "masks.tsv": 1,
    "organisations.tsv": 1,
    "states.tsv": 1,
    "territories.tsv": 2,
}


def lines(table: str) -> list[list[str]]:
    """The cells of a table's lines, the header's first."""
    return [line.split("\t") for line in FOLDER.joinpath(table).read_text(encoding="utf-8").splitlines()]


def test_every_table_is_tested_here() -> None:
    """A new table needs an entry in `KEYS`."""
    assert {file.name for file in FOLDER.iterdir() if file.name.endswith(".tsv")} == set(KEYS)


@pytest.mark.parametrize("table", KEYS)
def test_a_table_is_sorted_and_has_no_row_twice(table: str) -> None:
    """In ascending order of code points."""
    keys = [tuple(row[: KEYS[table]]) for row in lines(table)[1:]]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("table", KEYS)
def test_a_table_ends_with_a_newline_and_has_no_empty_line(table: str) -> None:
    """So that a new row makes a diff of one line."""
    text = FOLDER.joinpath(table).read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert "" not in text[:-1].split("\n")
    assert "\r" not in text


def test_the_states_are_those_of_iso_3166_and_two_more() -> None:
    """Kosovo and the former Netherlands Antilles have no code there."""
    assert len(ALPHA_3) == 249
    assert {state.code for state in gazetteer.states()} == ALPHA_3 | {"XKX", "ANT"}


def test_there_are_enough_organisations_leaders_and_instruments() -> None:
    """What a treaty desk would miss otherwise."""
    assert len(gazetteer.organisations()) >= 60
    assert len(gazetteer.leaders()) >= 500
    assert len({leader.code for leader in gazetteer.leaders()}) >= 80
    assert len(gazetteer.instruments()) >= 500


def test_an_actor_has_one_code_and_a_code_stands_in_one_table() -> None:
    """A territory may act under its state's code; every other code belongs to one table."""
    tables = ("states.tsv", "organisations.tsv", "courts.tsv", "armed_groups.tsv")
    codes = [row[0] for table in tables for row in lines(table)[1:]]
    assert len(codes) == len(set(codes))
    own = {place.code for place in gazetteer.territories() if place.kind == "territory"}
    assert own.isdisjoint(codes)


def test_organs_belong_to_known_codes() -> None:
    """A legislature has a state or an organisation."""
    assert {organ.code for organ in gazetteer.legislatures()} <= gazetteer.known_codes()


def test_bodies_are_written_in_lower_case_because_they_are_compared_so() -> None:
    """Folded as the text is."""
    assert all(word.surface == word.surface.casefold() for word in gazetteer.body_words())


@pytest.mark.parametrize(
    "load",
    [
        gazetteer.actor_names,
        gazetteer.armed_groups,
        gazetteer.body_words,
        gazetteer.courts,
        gazetteer.generic_instruments,
        gazetteer.instrument_names,
        gazetteer.instruments,
        gazetteer.leaders,
        gazetteer.legislatures,
        gazetteer.masks,
        gazetteer.organisations,
        gazetteer.states,
        gazetteer.territories,
    ],
    ids=lambda load: load.__name__,
)
def test_records_are_frozen_and_hashable(load: Callable[[], tuple[msgspec.Struct, ...]]) -> None:
    """And none is given twice."""
    records = load()
    assert isinstance(records, tuple)
    assert len(set(records)) == len(records)
    field = records[0].__struct_fields__[0]
    with pytest.raises(AttributeError):
        setattr(records[0], field, "other")


COLUMNS = ("code", "names", "not_when", "alone")


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        ("code\tnames\nA\tB\n", 1, "the header must be code names not_when alone"),
        ("code\tnames\tnot_when\talone\nA\tB\tC\n", 2, "4 cells wanted, found 3"),
        ("code\tnames\tnot_when\talone\nA\tB\t\tyes\nA\t B\t\tyes\n", 3, "begins or ends with a blank"),
    ],
)
def test_a_malformed_line_is_refused_with_file_and_line(text: str, line: int, wrong: str) -> None:
    """Header, number of cells, blanks at a cell's ends."""
    with pytest.raises(ValueError, match=rf"^t\.tsv:{line}: .*{wrong}"):
        parse("t.tsv", text, COLUMNS)


def row(**cells: str) -> Row:
    """A row of one line with these cells."""
    return Row("t.tsv", 7, cells)


@pytest.mark.parametrize(
    ("read", "cells", "wrong"),
    [
        (lambda given: given.required("code"), {"code": ""}, "code is empty"),
        (lambda given: given.flag("alone"), {"alone": "maybe"}, "yes or no"),
        (lambda given: given.names("names"), {"names": "A|B"}, "separate aliases by"),
        (lambda given: given.names("names"), {"names": "A | A"}, "an alias is repeated"),
        (lambda given: given.not_when(frozenset({"A"})), {"not_when": "A = beside: B"}, "write 'Surface = before"),
        (lambda given: given.not_when(frozenset({"A"})), {"not_when": "C = before: B"}, "'C' is no name of this row"),
        (lambda given: given.not_when(frozenset({"A"})), {"not_when": "A = before: B, B"}, "empty or repeated word"),
    ],
)
def test_a_malformed_cell_is_refused_with_file_and_line(
    read: Callable[[Row], object], cells: dict[str, str], wrong: str
) -> None:
    """The message says what would be right."""
    with pytest.raises(ValueError, match=rf"^t\.tsv:7: .*{wrong}"):
        read(row(**cells))


def test_not_when_rules_belong_to_the_surface_before_them() -> None:
    """Until another surface is named."""
    rules = row(not_when="A = before: X, Y Z; after: V; B = after: W").not_when(frozenset({"A", "B"}))
    assert rules == {"A": NotWhen(("X", "Y Z"), ("V",)), "B": NotWhen((), ("W",))}


LEADER = {"name": "Jo Roe", "surname": "Roe", "code": "FRA", "office": "head of state", "from": "1999", "alone": "yes"}
INSTRUMENT = {"id": "a-treaty", "title": "A Treaty", "kind": "treaty"}


@pytest.mark.parametrize(
    ("loader", "cells", "wrong"),
    [
        ("leaders.leaders", LEADER | {"code": "QQQ"}, "'QQQ' is no code"),
        ("leaders.leaders", LEADER | {"office": "king"}, "office: 'king'"),
        ("leaders.leaders", LEADER | {"from": "May 1999"}, "a year or a day"),
        ("leaders.leaders", LEADER | {"from": "1999-13-01"}, "a year or a day"),
        ("leaders.leaders", LEADER | {"to": "1998"}, "1998 is before 1999"),
        ("leaders.leaders", LEADER | {"surname": ""}, "there is no surname"),
        ("leaders.leaders", LEADER | {"name": ""}, "name is empty"),
        ("instruments.instruments", INSTRUMENT | {"id": "A Treaty"}, "lower case with dashes"),
        ("instruments.instruments", INSTRUMENT | {"kind": "act"}, "kind: 'act'"),
        ("instruments.instruments", INSTRUMENT | {"year": "95"}, "four figures"),
        ("instruments.instruments", INSTRUMENT | {"parent": "none"}, "no other id"),
        ("instruments.instruments", INSTRUMENT | {"parent": "a-treaty"}, "no other id"),
        ("instruments.instruments", INSTRUMENT | {"number": "17"}, "such as 'UNTS"),
        ("instruments.instruments", INSTRUMENT | {"parties": "QQQ"}, "'QQQ' is no code"),
        ("instruments.instruments", INSTRUMENT | {"title": ""}, "title is empty"),
        ("instruments.generic_instruments", {"phrase": "a deal", "kind": "act"}, "kind: 'act'"),
        ("legislatures.body_words", {"surface": "moot", "body": "moot"}, "body: 'moot'"),
        ("actors.masks", {"surface": "New Mexico"}, "what is empty"),
        ("actors.organisations", {"code": "X", "name": "X", "kind": "club"}, "kind: 'club'"),
    ],
)
def test_a_loader_refuses_a_malformed_row_with_file_and_line(
    loader: str, cells: dict[str, str], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codes, dates, kinds, ids and parents are checked as the table is read."""
    gazetteer.known_codes()  # kept before its tables are replaced
    module_name, _, function = loader.partition(".")
    module = import_module(f"pipelines.detection.english.gazetteer.{module_name}")

    def malformed(_file: str, *columns: str) -> tuple[Row, ...]:
        lines = ("\t".join(columns), "\t".join(cells.get(column, "") for column in columns))
        return parse("t.tsv", "\n".join(lines), columns)

    monkeypatch.setattr(module, "rows", malformed)
    with pytest.raises(ValueError, match=rf"^t\.tsv:2: .*{wrong}"):
        getattr(module, function).__wrapped__()  # past the cache
