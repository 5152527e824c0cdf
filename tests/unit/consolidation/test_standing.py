"""How events of a dossier stand to each other: plans and facts, contradictions, denials."""

import pytest

from schemas.event import EventView, Links
from schemas.mention import Actor
from schemas.vocabulary import Body, EventStatus, EventType, Modality, Role
from tests.unit.consolidation.newsroom import IRN, RUS, Newsroom, changes, mention, said

SIDES = (Actor("IRN", Role.SIGNATORY), Actor("RUS", Role.SIGNATORY))
PLAN = mention(EventType.SIGNATURE, modality=Modality.SCHEDULED, actors=SIDES, date="2025-05-23")
FACT = mention(EventType.SIGNATURE, actors=SIDES, date="2025-05-23")


def by_modality(room: Newsroom) -> dict[Modality, EventView]:
    """The events, of which each modality has one."""
    return {view.modality: view for view in room.events}


def test_a_fact_fulfils_the_plan() -> None:
    """Two events, linked; told of the plan with the fact's id."""
    room = Newsroom()
    room.hear(said("a", PLAN))
    told = room.hear(said("b", FACT, days=2))
    found = by_modality(room)
    plan, fact = found[Modality.SCHEDULED], found[Modality.OCCURRED]
    assert (plan.event_status, plan.links) == (EventStatus.FULFILLED, Links(fulfilled_by=(fact.id,)))
    assert (fact.event_status, fact.links) == (EventStatus.STANDING, Links(fulfils=(plan.id,)))
    assert changes(told) == [("fulfilled", fact.id), ("new", ""), ("status", "signed")]
    (fulfilled,) = (one for one in told if one.change == "fulfilled")
    assert (fulfilled.cell, fulfilled.event) == (plan.id, plan)


@pytest.mark.parametrize(
    ("modality", "planned", "happened", "days", "fulfilled"),
    [
        (Modality.SCHEDULED, "2025-05-23", "2025-05-22", 2.0, True),  # sooner than planned
        (Modality.SCHEDULED, "2025-05-23", "2025-06-20", 30.0, True),  # put off by less than a month
        (Modality.SCHEDULED, "2025-05-23", "2025-06-30", 40.0, False),
        (Modality.SCHEDULED, "2025-05-23", "2025-01-17", 2.0, False),  # before the plan was told
        (Modality.SCHEDULED, None, None, 2.0, True),
        (Modality.PROPOSED, None, "2025-11-01", 170.0, True),
        (Modality.CONDITIONAL, None, "2026-06-01", 380.0, False),
    ],
)
def test_a_fact_fulfils_only_a_plan_of_its_time(
    modality: Modality, planned: str | None, happened: str | None, days: float, fulfilled: bool
) -> None:
    """Not before the plan was reported, nor later than a month after its date, or a year after an undated one."""
    room = Newsroom()
    room.hear(said("a", mention(EventType.SIGNATURE, modality=modality, actors=SIDES, date=planned)))
    room.hear(said("b", mention(EventType.SIGNATURE, actors=SIDES, date=happened), days=days))
    assert bool(by_modality(room)[modality].links.fulfilled_by) is fulfilled


def test_only_the_first_fact_fulfils_a_plan() -> None:
    """Later rounds of talks are not what was announced."""
    room = Newsroom()
    room.hear(said("a", mention(EventType.NEGOTIATION, modality=Modality.SCHEDULED)))
    room.hear(said("b", mention(EventType.NEGOTIATION, date="2025-05-24"), days=3))
    room.hear(said("c", mention(EventType.NEGOTIATION, date="2025-05-28"), days=7))
    (plan,) = (view for view in room.events if view.modality is Modality.SCHEDULED)
    first = next(view for view in room.events if view.date == "2025-05-24")
    assert plan.links.fulfilled_by == (first.id,)


def test_a_plan_of_others_is_not_fulfilled() -> None:
    """Nor is one by another body."""
    room = Newsroom()
    room.hear(said("a", mention(modality=Modality.SCHEDULED, actors=(RUS,), body=Body.LOWER_HOUSE)))
    room.hear(said("b", mention(actors=(IRN,)), days=1))
    room.hear(said("c", mention(actors=(RUS,), body=Body.UPPER_HOUSE), days=1))
    (plan,) = (view for view in room.events if view.modality is Modality.SCHEDULED)
    assert plan.event_status is EventStatus.STANDING


def test_a_plan_and_a_fact_of_two_years_are_linked() -> None:
    """Over the border of aggregates: the plan's view is written again."""
    room = Newsroom()
    room.hear(said("a", mention(EventType.SIGNATURE, modality=Modality.SCHEDULED, date="2026-01-02"), days=215))
    room.hear(said("b", mention(EventType.SIGNATURE, date="2025-12-30"), days=225))
    found = by_modality(room)
    assert found[Modality.SCHEDULED].links.fulfilled_by == (found[Modality.OCCURRED].id,)
    assert found[Modality.SCHEDULED].event_status is EventStatus.FULFILLED


def test_a_plan_that_is_called_off_is_cancelled() -> None:
    """Though the sentence does not say for which day it was."""
    room = Newsroom()
    room.hear(said("a", PLAN))
    off = mention(EventType.SIGNATURE, modality=Modality.NEGATED, actors=SIDES)
    told = room.hear(said("b", off, days=1, quote="The signing was called off at the last minute."))
    found = by_modality(room)
    plan, end = found[Modality.SCHEDULED], found[Modality.NEGATED]
    assert (plan.event_status, plan.links) == (EventStatus.CANCELLED, Links(cancelled_by=(end.id,)))
    assert end.links == Links(cancels=(plan.id,))
    assert changes(told) == [("cancelled", end.id), ("new", "")]


@pytest.mark.parametrize(
    ("date", "quote", "cancelled"),
    [
        (None, "Iran has not yet signed the treaty.", False),
        ("2025-05-23", "The treaty was not signed on Friday.", True),
        ("2025-05-21", "The treaty has not been signed.", False),
        (None, "The ceremony was postponed indefinitely.", True),
    ],
)
def test_not_yet_is_no_cancellation(date: str | None, quote: str, cancelled: bool) -> None:
    """It has to be about the planned day, or said to be off."""
    room = Newsroom()
    room.hear(said("a", PLAN))
    room.hear(
        said("b", mention(EventType.SIGNATURE, modality=Modality.NEGATED, actors=SIDES, date=date), days=2, quote=quote)
    )
    assert (by_modality(room)[Modality.SCHEDULED].event_status is EventStatus.CANCELLED) is cancelled


def test_a_refusal_cancels_a_planned_ratification() -> None:
    """A rejection is another type."""
    room = Newsroom()
    room.hear(said("a", mention(modality=Modality.SCHEDULED, body=Body.LEGISLATURE)))
    refused = mention(EventType.REJECTION, actors=(Actor("IRN", Role.REJECTER),), body=Body.LEGISLATURE)
    room.hear(said("b", refused, days=1))
    plan = by_modality(room)[Modality.SCHEDULED]
    refusal = by_modality(room)[Modality.OCCURRED]
    assert plan.links == Links(cancelled_by=(refusal.id,))


def test_a_plan_that_came_about_after_all_is_fulfilled() -> None:
    """Whatever was said in between."""
    room = Newsroom()
    room.hear(said("a", PLAN))
    off = mention(EventType.SIGNATURE, modality=Modality.NEGATED, actors=SIDES)
    room.hear(said("b", off, days=1, quote="The signing was called off."))
    told = room.hear(said("c", FACT, days=2))
    assert by_modality(room)[Modality.SCHEDULED].event_status is EventStatus.FULFILLED
    assert ("fulfilled", by_modality(room)[Modality.OCCURRED].id) in changes(told)


def test_a_retracted_fact_leaves_the_plan_standing() -> None:
    """Links are derived from what stands."""
    room = Newsroom()
    room.hear(said("a", PLAN))
    room.hear(said("b", FACT, days=2))
    room.hear(said("b", revision=2, days=2))
    found = by_modality(room)
    assert (found[Modality.SCHEDULED].event_status, found[Modality.SCHEDULED].links) == (EventStatus.STANDING, Links())
    assert found[Modality.OCCURRED].event_status is EventStatus.RETRACTED


def test_a_step_that_later_is_said_not_to_have_been_taken_is_contradicted() -> None:
    """Both events say so; the fact's subscribers hear."""
    room = Newsroom()
    room.hear(said("a", mention(date="2025-05-21", body=Body.LEGISLATURE)))
    not_so = mention(modality=Modality.NEGATED, date="2025-05-24", body=Body.LEGISLATURE)
    told = room.hear(said("b", not_so, days=3))
    found = by_modality(room)
    fact, denial = found[Modality.OCCURRED], found[Modality.NEGATED]
    assert (fact.event_status, fact.links) == (EventStatus.CONTRADICTED, Links(contradicts=(denial.id,)))
    assert (denial.event_status, denial.links) == (EventStatus.CONTRADICTED, Links(contradicts=(fact.id,)))
    assert changes(told) == [("contradicted", denial.id), ("new", "")]
    assert next(one for one in told if one.change == "contradicted").cell == fact.id


@pytest.mark.parametrize(
    ("type_", "actors", "body", "date"),
    [
        (EventType.RATIFICATION, (IRN,), None, "2025-05-10"),  # not yet, then
        (EventType.RATIFICATION, (RUS,), None, "2025-05-24"),  # somebody else
        (EventType.RATIFICATION, (IRN,), Body.UPPER_HOUSE, "2025-05-24"),  # another stage
        (EventType.NEGOTIATION, (IRN,), None, "2025-05-28"),  # another round
    ],
)
def test_what_can_both_be_true_contradicts_nothing(
    type_: EventType, actors: tuple[Actor, ...], body: Body | None, date: str
) -> None:
    """Another time, actor, body or occasion."""
    room = Newsroom()
    room.hear(said("a", mention(type_, actors=(IRN,), date="2025-05-21")))
    room.hear(said("b", mention(type_, modality=Modality.NEGATED, actors=actors, body=body, date=date), days=3))
    assert {view.event_status for view in room.events} == {EventStatus.STANDING}


def test_a_denial_by_the_accused_contradicts_the_allegation() -> None:
    """The denial itself stands."""
    room = Newsroom()
    accused = (Actor("USA", Role.ACCUSER), Actor("IRN", Role.ACCUSED))
    room.hear(said("a", mention(EventType.ALLEGATION, actors=accused, claim="supplying drones to Russia")))
    denied = mention(EventType.DENIAL, actors=(Actor("IRN", Role.DENIER),), claim="sending Russia drones")
    told = room.hear(said("b", denied, days=1))
    allegation, denial = room.events
    assert (allegation.event_status, allegation.links) == (EventStatus.CONTRADICTED, Links(denied_by=(denial.id,)))
    assert (denial.event_status, denial.links) == (EventStatus.STANDING, Links(denies=(allegation.id,)))
    assert changes(told) == [("contradicted", denial.id), ("new", "")]


@pytest.mark.parametrize(
    ("denier", "claim", "days"), [("RUS", "supplying drones", 1), ("IRN", "enriching uranium", 1), ("IRN", None, 100)]
)
def test_a_denial_of_something_else_denies_nothing(denier: str, claim: str | None, days: float) -> None:
    """By somebody else, of another claim, or long after."""
    room = Newsroom()
    accused = (Actor("USA", Role.ACCUSER), Actor("IRN", Role.ACCUSED))
    room.hear(said("a", mention(EventType.ALLEGATION, actors=accused, claim="supplying drones")))
    room.hear(said("b", mention(EventType.DENIAL, actors=(Actor(denier, Role.DENIER),), claim=claim), days=days))
    assert {view.links for view in room.events} == {Links()}
