"""How events read in CAMEO and PLOVER."""

import pytest

from schemas.event import Cameo, EventView, Plover
from schemas.mention import Instrument
from schemas.ontology import coded
from schemas.vocabulary import Body, InstrumentKind
from tests.unit.consolidation.newsroom import Newsroom, mention, said
from tests.unit.ontology.views import CEASEFIRE, event

CODED = [
    # The event model's fixed points.
    (event("signature"), "057", "AGREE", None),
    (event("allegation"), "112", "ACCUSE", "allege"),
    (event("withdrawal", "occurred", ("PER", "withdrawer")), "160", "REJECT", None),
    (event("withdrawal", instrument=None, parties=("PER", "UNESCO")), "161", "RETREAT", None),
    (event("negotiation"), "046", "CONSULT", None),
    # What has not happened is an intent, a threat, an appeal or a refusal.
    (event("signature", "scheduled"), "032", "AGREE", None),
    (event("signature", "negated"), "120", "AGREE", None),
    (event("signature", "proposed", ("USA", "proposer"), ("PER", "signatory")), "022", "REQUEST", "assist"),
    (event("ratification", "proposed", ("PER", "ratifier")), "032", "AGREE", None),
    (event("withdrawal", "scheduled", ("PER", "withdrawer")), "1313", "THREATEN", "relations"),
    (event("suspension", "conditional"), "1313", "THREATEN", "relations"),
    (event("withdrawal", "negated"), "030", "REJECT", None),
    (event("withdrawal", "proposed"), "014", "REJECT", None),
    (event("dispute", "conditional", ("PER", "claimant")), "131", "THREATEN", None),
    # Talks.
    (event("negotiation", "scheduled"), "036", "AGREE", None),
    (event("negotiation", "occurred", ("QAT", "mediator")), "045", "CONSULT", None),
    (event("negotiation", "scheduled", ("QAT", "mediator")), "039", "AGREE", None),
    (event("negotiation", "proposed", ("QAT", "proposer")), "026", "REQUEST", "meet"),
    (event("negotiation", "proposed", ("PER", "proposer")), "036", "AGREE", None),
    (event("negotiation", "negated"), "164", "REJECT", "meet"),
    (event("adoption", "negated"), "164", "AGREE", None),
    # Consent, by who gives or refuses it.
    (event("ratification", body=Body.UPPER_HOUSE), "057", "SUPPORT", None),
    (event("ratification", body=Body.COMMITTEE), "051", "SUPPORT", None),
    (event("rejection"), "120", "REJECT", None),
    (event("rejection", body=Body.PEOPLE), "129", "REJECT", None),
    (event("rejection", instrument=CEASEFIRE), "1246", "REJECT", "yield"),
    (event("accession"), "057", "SUPPORT", None),
    (event("accession", "proposed", ("PER", "acceder"), instrument=None), "022", "REQUEST", "assist"),
    # Ceasefires: agreed on, kept, urged, broken.
    (event("adoption", instrument=CEASEFIRE), "0871", "CONCEDE", None),
    (event("signature", instrument=CEASEFIRE), "057", "AGREE", None),
    (event("entry_into_force", instrument=CEASEFIRE), "0871", "RETREAT", "ceasefire"),
    (event("adoption", "proposed", ("UN", "proposer"), instrument=CEASEFIRE), "0256", "REQUEST", "yield"),
    (event("adoption", "proposed", ("PER", "proposer"), instrument=CEASEFIRE), "0356", "AGREE", None),
    (event("allegation", instrument=CEASEFIRE), "1123", "ACCUSE", "allege"),
    (event("extension", "proposed", ("UN", "proposer"), instrument=CEASEFIRE), "0256", "REQUEST", "yield"),
    # Courts and ends.
    (event("dispute"), "115", "ACCUSE", "allege"),
    (event("dispute", body=Body.COURT), "116", "SANCTION", "convict"),
    (event("denial"), "016", "REJECT", None),
    (event("termination", "scheduled"), "010", "SANCTION", "discontinue"),
    (event("termination", "scheduled", ("PER", "terminator")), "1313", "THREATEN", "relations"),
]


@pytest.mark.parametrize(
    ("view", "cameo", "type_", "mode"), CODED, ids=[f"{view.type}-{view.modality}-{code}" for view, code, *_ in CODED]
)
def test_events_have_the_codes_of_the_tables(view: EventView, cameo: str, type_: str, mode: str | None) -> None:
    """The fixed points of the event model, and one event for each condition that matters."""
    found = coded(view)
    assert found.cameo is not None
    assert found.plover is not None
    assert (found.cameo.code, found.plover.type, found.plover.mode) == (cameo, type_, mode)


def test_contexts_tell_the_subject_the_organ_and_the_auxiliary_mode() -> None:
    """By the words of the instrument's name, whole and folded; what happened long ago is historical."""
    name = Instrument("Nuclear Trade Convention for Borderlands", InstrumentKind.CONVENTION)
    view = event("ratification", body=Body.LOWER_HOUSE, instrument=name, news=False)
    assert _contexts(view) == ("cbrn", "diplomatic", "economic", "legislative", "historical")
    assert _contexts(event("ratification", "negated")) == ("diplomatic", "negation")
    assert _contexts(event("allegation", instrument=CEASEFIRE)) == ("legal", "military")
    rights = Instrument("European Convention on Human Rights", InstrumentKind.CONVENTION)
    assert _contexts(event("signature", instrument=rights)) == ("diplomatic", "human_rights")
    assert _contexts(event("signature", "scheduled", news=False)) == ("diplomatic",)


def _contexts(view: EventView) -> tuple[str, ...]:
    plover = coded(view).plover
    assert plover is not None
    return plover.contexts


def test_a_consolidated_event_carries_its_codes_and_its_developments_do() -> None:
    """What webhooks and streams send; a more precise report recodes it."""
    room = Newsroom()
    (new,) = [told for told in room.hear(said("a", mention())) if told.change == "new"]
    assert new.event.cameo == Cameo("05", "057")
    assert new.event.plover == Plover("SUPPORT", None, ("diplomatic",))
    room.hear(said("b", mention(body=Body.LEGISLATURE)))
    assert room.only().plover == Plover("SUPPORT", None, ("diplomatic", "legislative"))
