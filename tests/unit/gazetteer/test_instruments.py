"""The registry of instruments: whole, without contradictions, and found by the names that news uses."""

from collections import Counter

import pytest

from pipelines.detection.english.gazetteer import (
    InstrumentName,
    generic_instruments,
    instrument_names,
    instrument_of,
    instruments,
)
from pipelines.detection.english.gazetteer.instruments import is_acronym, refuse_rival_names
from pipelines.detection.english.gazetteer.load import load_instruments
from schemas.vocabulary import InstrumentKind

SURE = {name.surface: name.id for name in instrument_names() if name.alone}
WEAK = {(name.surface, name.id) for name in instrument_names() if not name.alone}


@pytest.mark.parametrize(
    ("surface", "id"),
    [
        ("Abraham Accords", "abraham-accords"),
        ("Budapest Memorandum", "budapest-memorandum"),
        ("CETA", "ceta"),
        ("CPTPP", "cptpp"),
        ("Chemical Weapons Convention", "cwc"),
        ("Dayton Accords", "dayton"),
        ("Good Friday Agreement", "good-friday-agreement"),
        ("High Seas Treaty", "bbnj-agreement"),
        ("INF Treaty", "inf-treaty"),
        ("Indus Waters Treaty", "indus-waters-treaty"),
        ("Iran nuclear deal", "jcpoa"),
        ("Istanbul Convention", "istanbul-convention"),
        ("JCPOA", "jcpoa"),
        ("Kyoto Protocol", "kyoto-protocol"),
        ("Lisbon Treaty", "lisbon-treaty"),
        ("NAFTA", "nafta"),
        ("New START", "new-start"),
        ("Open Skies Treaty", "open-skies"),
        ("Ottawa Convention", "mine-ban-treaty"),
        ("Paris Agreement", "paris-agreement"),
        ("Prespa Agreement", "prespa-agreement"),
        ("Rome Statute", "rome-statute"),
        ("START II", "start-2"),
        ("TPP", "tpp"),
        ("Trans-Pacific Partnership", "tpp"),
        ("UNCLOS", "unclos"),
        ("USMCA", "usmca"),
    ],
)
def test_a_name_that_is_safe_alone_names_its_instrument(surface: str, id: str) -> None:
    """Short names, acronyms, nicknames and former names lead to one id."""
    assert SURE[surface] == id


@pytest.mark.parametrize(
    ("surface", "id"),
    [
        ("CAT", "uncat"),
        ("Dayton", "dayton"),
        ("Doha Agreement", "doha-agreement-taliban"),
        ("Lisbon", "lisbon-treaty"),
        ("Montreal Convention", "montreal-convention-1999"),
        ("Montreal Convention", "montreal-sabotage"),
        ("Oslo", "oslo-1"),
        ("START", "start-1"),
        ("Schengen", "schengen-agreement"),
        ("Vienna Convention", "vcdr"),
    ],
)
def test_a_name_that_may_mean_something_else_is_not_safe_alone(surface: str, id: str) -> None:
    """Cities, words and names shared by several instruments are weak."""
    assert (surface, id) in WEAK
    assert surface not in SURE


def test_ids_are_unique() -> None:
    """Stored events refer to them."""
    ids = [instrument.id for instrument in instruments()]
    assert len(set(ids)) == len(ids)


def test_parents_exist_and_no_chain_of_them_comes_back() -> None:
    """A protocol's parent may have a parent in turn."""
    for instrument in instruments():
        seen = {instrument.id}
        while instrument.parent is not None:
            instrument = instrument_of(instrument.parent)
            assert instrument.id not in seen
            seen.add(instrument.id)


def test_a_parent_is_not_younger_than_its_protocol() -> None:
    """But for the chapters that were signed first and then became the Sudan agreement of 2005."""
    for instrument in instruments():
        if instrument.parent not in {None, "sudan-cpa"} and instrument.year is not None:
            parent = instrument_of(instrument.parent or "").year
            assert parent is None or parent <= instrument.year, instrument.id


def test_every_kind_of_instrument_is_in_use() -> None:
    """The vocabulary has no kind that the registry lacks."""
    assert {instrument.kind for instrument in instruments()} == set(InstrumentKind)


def test_parties_are_sorted_and_given_for_small_instruments_alone() -> None:
    """Big multilateral instruments leave them to the article."""
    for instrument in instruments():
        assert list(instrument.parties) == sorted(set(instrument.parties)), instrument.id
        assert len(instrument.parties) <= 8, instrument.id


def test_numbers_are_not_shared_but_by_a_protocol_and_its_parent() -> None:
    """A treaty series numbers each instrument once."""
    shared = Counter(instrument.number for instrument in instruments() if instrument.number)
    for instrument in instruments():
        if instrument.number and shared[instrument.number] > 1:
            family = {instrument.id, instrument.parent} | {
                other.id for other in instruments() if other.parent == instrument.id
            }
            assert {other.id for other in instruments() if other.number == instrument.number} <= family


def test_no_surface_is_sure_of_two_instruments_in_whatever_case() -> None:
    """As a matcher compares them: the case of words does not count."""
    refuse_rival_names(instrument_names())
    with pytest.raises(ValueError, match="'paris accord' is a sure name of both a and b"):
        refuse_rival_names([InstrumentName("Paris Accord", "a", True), InstrumentName("paris accord", "b", True)])


def test_an_acronym_and_a_word_of_the_same_letters_do_not_meet() -> None:
    """Acronyms are compared as written."""
    refuse_rival_names([InstrumentName("TRIPS", "a", True), InstrumentName("Trips", "b", True)])
    assert is_acronym("MARPOL 73/78")
    assert not is_acronym("AfCFTA")
    assert not is_acronym("2015")


def test_a_sure_name_of_one_is_no_weak_name_of_the_same() -> None:
    """A row does not contradict itself."""
    assert set(SURE.items()).isdisjoint(WEAK)


def test_names_are_sorted_with_the_sure_reading_first() -> None:
    """By surface, then sure before weak, then id."""
    keys = [(name.surface, not name.alone, name.id) for name in instrument_names()]
    assert keys == sorted(set(keys))


def test_what_a_matcher_is_given_parts_names_by_how_they_are_compared() -> None:
    """Names, acronyms and weak names stand apart, and parties are codes."""
    given = {instrument.id: instrument for instrument in load_instruments()}
    assert list(given) == sorted(given)
    assert given["start-1"].acronyms == ("START I", "START 1")
    assert given["start-1"].weak == ("START Treaty", "START")
    assert given["start-1"].names[0] == given["start-1"].title
    assert "Strategic Arms Reduction Treaty" in given["start-1"].names
    assert given["jcpoa"].parties == ("CHN", "DEU", "EU", "FRA", "GBR", "IRN", "RUS", "USA")
    assert given["jcpoa"].kind == "plan"
    assert given["paris-agreement"].parties == ()
    assert given["paris-agreement"].year == 2015


def test_generic_phrases_have_kind_and_subject() -> None:
    """An unnamed extradition treaty is a treaty on extradition."""
    found = {generic.phrase: generic for generic in generic_instruments()}
    assert (found["extradition treaty"].kind, found["extradition treaty"].subject) == ("treaty", "extradition")
    assert found["bilateral investment treaty"].subject == "investment"
    assert found["ceasefire deal"].kind is InstrumentKind.CEASEFIRE
    assert not found["BIT"].alone
    assert found["memorandum of understanding"].subject is None
    assert all(is_acronym(phrase) or phrase == phrase.casefold() for phrase in found)


def test_no_generic_phrase_is_a_sure_name_of_one_instrument() -> None:
    """A phrase for any instrument of a sort names none."""
    sure = {surface if is_acronym(surface) else surface.casefold() for surface in SURE}
    assert [generic.phrase for generic in generic_instruments() if generic.phrase in sure] == []
