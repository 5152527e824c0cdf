"""Who spoke for whom, and when."""

import itertools

import pytest

from pipelines.detection.english.gazetteer import Office, actor_names, in_office, leaders, leaders_named, masks


@pytest.mark.parametrize(
    ("surface", "day", "code", "office"),
    [
        ("Vladimir Putin", "2010-06-01", "RUS", Office.HEAD_OF_GOVERNMENT),
        ("Putin", "2022-02-24", "RUS", Office.HEAD_OF_STATE),
        ("Rutte", "2023", "NLD", Office.HEAD_OF_GOVERNMENT),
        ("Mark Rutte", "2025-06-24", "NATO", Office.SECRETARY_GENERAL),
        ("Guterres", "1999-05", "PRT", Office.HEAD_OF_GOVERNMENT),
        ("Guterres", "2020", "UN", Office.SECRETARY_GENERAL),
        ("Juncker", "2016-06-23", "EU", Office.COMMISSION_PRESIDENT),
        ("von der Leyen", "2021", "EU", Office.COMMISSION_PRESIDENT),
        ("Tusk", "2016", "EU", Office.COUNCIL_PRESIDENT),
        ("Mogherini", "2015-07-14", "EU", Office.HIGH_REPRESENTATIVE),
        ("Khamenei", "2015", "IRN", Office.SUPREME_LEADER),
        ("Gorbachev", "1987-12-08", "RUS", Office.PARTY_LEADER),
        ("Zarif", "2015", "IRN", Office.FOREIGN_MINISTER),
        ("Zelenskyy", "2024", "UKR", Office.HEAD_OF_STATE),
    ],
)
def test_a_leader_in_office_on_a_date(surface: str, day: str, code: str, office: Office) -> None:
    """One who served several codes counts for the one of that day."""
    assert (code, office) in {(leader.code, leader.office) for leader in in_office(surface, day)}


@pytest.mark.parametrize(
    ("surface", "day"),
    [("Donald Trump", "2023"), ("Merkel", "2022"), ("Thatcher", "1991-01-01"), ("Zelensky", "2019-05-19")],
)
def test_nobody_is_in_office_before_or_after_the_term(surface: str, day: str) -> None:
    """Not between two terms either."""
    assert leaders_named(surface)
    assert in_office(surface, day) == ()


def test_a_bound_known_to_the_day_counts_that_day() -> None:
    """A coarser date that holds the bound counts too."""
    assert in_office("Zelensky", "2019-05-20")
    assert in_office("Zelensky", "2019-05")


def test_leaders_are_named_by_spelling_and_safe_surname_with_the_latest_term_first() -> None:
    """A common surname names nobody without the given name."""
    assert [leader.first for leader in leaders_named("Trump")] == ["2025-01-20", "2017-01-20"]
    assert leaders_named("Recep Tayyip Erdoğan") == leaders_named("Tayyip Erdogan")
    assert leaders_named("Johnson") == ()
    assert leaders_named("Boris Johnson") != ()


def test_a_spelling_names_people_of_one_code() -> None:
    """Father and son of one state may share it."""
    for leader in leaders():
        for surface in leader.names:
            others = {found.code for found in leaders_named(surface) if found.name != leader.name}
            assert others <= {leader.code}, surface


def test_a_surname_that_is_safe_alone_means_people_of_one_code() -> None:
    """Father and son of one state may share it."""
    for leader in leaders():
        if leader.alone:
            for surname in leader.surnames:
                others = {found.code for found in leaders_named(surname) if found.name != leader.name}
                assert others <= {leader.code}, surname


def test_no_leader_takes_the_name_of_another_actor() -> None:
    """A rebel who led the state afterwards keeps both readings."""
    others = {name.surface for name in actor_names()} | {mask.surface for mask in masks()}
    mine = {surface for leader in leaders() for surface in (*leader.names, *(leader.surnames if leader.alone else ()))}
    assert mine & others == {"Prachanda", "Pushpa Kamal Dahal"}


def test_a_surname_is_part_of_the_full_name() -> None:
    """As written in one of its spellings."""
    for leader in leaders():
        for surname in leader.surnames:
            assert any(surname in name for name in leader.names), leader


def test_one_person_does_not_hold_an_office_twice_at_once() -> None:
    """A term ends before the next begins."""
    terms = sorted(leaders(), key=lambda leader: (leader.name, leader.code, leader.office, leader.first))
    for term, following in itertools.pairwise(terms):
        if (term.name, term.code, term.office) == (following.name, following.code, following.office):
            assert term.last is not None
            assert term.last[:4] <= following.first[:4]
