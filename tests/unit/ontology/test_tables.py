"""The tables hold together: every event has one row, every code is declared and used, every row has its bases."""

import re
from itertools import product

import pytest
from hypothesis import given

from schemas.event import EventView
from schemas.ontology import cameo_codes, coded, plover_modes
from schemas.ontology.coding import coding_of
from schemas.ontology.conditions import condition
from schemas.ontology.tables import AUXILIARY, Coding, codings, topics
from schemas.vocabulary import EventType, Modality
from tests.unit.query.strategies import views

ALL = [coding for group in codings().values() for coding in group]
CONTEXTS = frozenset(
    """asylum cbrn corruption crime cyber diplomatic disasters economic election environment executive gender health
    human_rights human_security illegal_drugs inequality intelligence legal legislative lgbt migration military
    misinformation natural_resource peacekeeping political_institutions pro_autocracy pro_democracy religion_ethnicity
    reparations repression rights_freedoms technology territory terrorism trafficking""".split()
)
"""The general contexts of the PLOVER manual."""


def test_every_type_and_modality_has_a_row_that_always_holds_and_it_is_the_last() -> None:
    """So that no event is without codes, and no row is out of reach."""
    assert set(codings()) == set(product(EventType, Modality))
    for group in codings().values():
        assert [bool(coding.when) for coding in group] == [True] * (len(group) - 1) + [False]
        assert len({coding.when for coding in group}) == len(group)


def test_rows_are_sorted_by_type_and_modality() -> None:
    """A reader finds a row by its place."""
    assert list(codings()) == sorted(codings())
    assert [topic.context for topic in topics()] == sorted(topic.context for topic in topics())


def test_every_code_is_declared_and_used() -> None:
    """The lists of codes are those of the rows."""
    assert {coding.cameo.code for coding in ALL} == set(cameo_codes())
    assert {(coding.plover.type, coding.plover.mode) for coding in ALL} == set(plover_modes())
    assert list(cameo_codes()) == sorted(cameo_codes())
    assert list(plover_modes()) == sorted(plover_modes())


@pytest.mark.parametrize("coding", ALL, ids=lambda coding: f"{coding.type}-{coding.modality}-{coding.when}")
def test_every_row_names_its_bases(coding: Coding) -> None:
    """The section and code of the CAMEO manual, the chapter of the PLOVER manual or the event model; no empty claim."""
    section, code = re.fullmatch(r"CAMEO 1\.1b3 §2\.(\d+), (\d+): \S.*", coding.cameo_basis).groups()  # type: ignore[union-attr]
    assert code == coding.cameo.code
    assert int(section) == int(code[:2]), "sections 2.1 to 2.20 are the roots 01 to 20"
    if coding.plover_basis.startswith("event model, "):
        assert "fixed by the event model" in coding.judgement
    else:
        assert re.match(r"PLOVER 2\.0 [A-Z]+(,|:| )", coding.plover_basis)
    assert set(coding.contexts) <= CONTEXTS | AUXILIARY
    for auxiliary in AUXILIARY & set(coding.contexts):
        assert auxiliary in coding.plover_basis


def test_topics_are_contexts_of_the_manual() -> None:
    """Every context is one of the manual's, and no row finds two."""
    assert {topic.context for topic in topics()} <= CONTEXTS
    assert len({(topic.context, topic.when) for topic in topics()}) == len(topics())


@given(views())
def test_every_event_is_coded_by_the_first_row_that_holds(view: EventView) -> None:
    """Whatever it is about; coding twice changes nothing."""
    first = coding_of(view)
    group = codings()[view.type, view.modality]
    assert not any(coding.holds(view) for coding in group[: group.index(first)])
    once = coded(view)
    assert once.cameo is not None
    assert once.plover is not None
    assert once.cameo.code.startswith(once.cameo.root)
    assert len(set(once.plover.contexts)) == len(once.plover.contexts)
    assert coded(once) == once


@pytest.mark.parametrize("text", ["colour=red", "role=", "body=parliament", "kind", "role=proposer & ", "outsiders"])
def test_a_condition_that_cannot_be_understood_is_an_error(text: str) -> None:
    """A typing mistake in a table does not make a row that never holds."""
    with pytest.raises(ValueError, match=r"when: |is not a valid"):
        condition(text)
