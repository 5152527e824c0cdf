"""Who does it to whom."""

from hypothesis import given

from schemas.event import EventView
from schemas.ontology import sides
from schemas.vocabulary import Body
from tests.unit.ontology.views import event
from tests.unit.query.strategies import views


def test_signatories_sign_with_each_other_both_ways() -> None:
    """CAMEO codes a reciprocal event twice."""
    acts = sides(event("signature", "occurred", ("CHL", "signatory"), ("PER", "signatory")))
    assert list(acts.dyads()) == [("CHL", "PER"), ("PER", "CHL")]


def test_who_acts_alone_acts_towards_the_other_parties() -> None:
    """A ratification is by one, of a treaty with others; mediators stand beside it."""
    acts = sides(event("ratification", "occurred", ("PER", "ratifier"), ("QAT", "mediator"), parties=("CHL", "PER")))
    assert (acts.sources, acts.targets) == (("PER",), ("CHL",))


def test_accusers_accuse_and_a_breach_told_by_the_writer_has_no_source() -> None:
    """Coding rule 9."""
    accused = ("RUS", "accused")
    assert list(sides(event("allegation", "occurred", ("USA", "accuser"), accused)).dyads()) == [("USA", "RUS")]
    assert list(sides(event("allegation", "occurred", accused)).dyads()) == [(None, "RUS")]


def test_a_ruling_is_the_courts_and_a_suit_the_claimants() -> None:
    """CAMEO 115 and 116 say so."""
    actors = (("ICJ", "court"), ("PER", "claimant"), ("CHL", "respondent"))
    assert list(sides(event("dispute", "occurred", *actors)).dyads()) == [("PER", "CHL")]
    assert list(sides(event("dispute", "occurred", *actors, body=Body.COURT)).dyads()) == [("ICJ", "CHL")]


def test_who_urges_urges_those_who_are_to_act() -> None:
    """Else the parties."""
    acts = sides(event("ratification", "proposed", ("EU", "proposer"), ("PER", "ratifier")))
    assert list(acts.dyads()) == [("EU", "PER")]
    assert list(sides(event("negotiation", "proposed", ("EU", "proposer"))).dyads()) == [("EU", "CHL"), ("EU", "PER")]


def test_a_mediator_is_the_source_of_talks_only() -> None:
    """CAMEO 045: the source is always the mediator; a deal is that of its parties."""
    actors = (("QAT", "mediator"), ("CHL", "negotiator"), ("PER", "negotiator"))
    assert list(sides(event("negotiation", "occurred", *actors)).dyads()) == [("QAT", "CHL"), ("QAT", "PER")]
    assert sides(event("adoption", "occurred", ("QAT", "mediator"))).sources == ("CHL", "PER")


def test_what_nobody_does_happens_between_the_parties() -> None:
    """An entry into force, or an event of which no side is known."""
    assert list(sides(event("entry_into_force")).dyads()) == [("CHL", "PER"), ("PER", "CHL")]
    assert list(sides(event("termination", parties=("PER",))).dyads()) == [("PER", None)]
    assert list(sides(event("termination", parties=())).dyads()) == [(None, None)]


@given(views())
def test_no_code_is_on_both_sides_and_every_event_has_a_dyad(view: EventView) -> None:
    """Nobody does anything to himself; no dyad comes twice."""
    acts = sides(view)
    dyads = list(acts.dyads())
    assert not set(acts.sources) & set(acts.targets)
    assert dyads
    assert len(set(dyads)) == len(dyads)
    assert all(source != target for source, target in dyads if source or target)
