"""Order, repeats and batches of what is delivered change nothing."""

import random
from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.consolidation import consolidate, statements
from pipelines.consolidation.aggregate import aggregate_of, contribution, merge_aggregates
from pipelines.consolidation.consolidate import Outcome
from schemas.errors import Conflict
from schemas.event import Quote
from schemas.mention import Actor, Instrument, Mention, Span, Vote
from schemas.state import Aggregate, DossierState, Report, Statement
from schemas.vocabulary import Body, Change, EventType, InstrumentKind, Modality, Origin, Role
from tests.unit.consolidation.newsroom import IRN, NOW, RUS, TREATY, Newsroom, mention, said

NAMES = (
    TREATY,
    Instrument("comprehensive strategic partnership treaty", InstrumentKind.TREATY),
    Instrument("strategic partnership and energy treaty", InstrumentKind.TREATY),
    Instrument("energy strategic partnership and defence pact", InstrumentKind.PACT),
    Instrument("fisheries agreement", InstrumentKind.AGREEMENT),
    Instrument("agreement", InstrumentKind.AGREEMENT),
    Instrument("Caspian Convention", InstrumentKind.CONVENTION, "caspian"),
)
DATES = (None, "2025-05-21", "2025-05-22", "2025-05-23", "2025-05", "2025", "2024-11", "2025-06-10")
USA = Actor("USA", Role.ACCUSER, "Washington")


@st.composite
def mentions(draw: st.DrawFn) -> Mention:
    """Mentions that agree and disagree in all ways."""
    type_ = draw(
        st.sampled_from(
            [
                EventType.RATIFICATION,
                EventType.SIGNATURE,
                EventType.NEGOTIATION,
                EventType.ALLEGATION,
                EventType.DENIAL,
                EventType.REJECTION,
                EventType.TERMINATION,
            ]
        )
    )
    fields: dict[str, Any] = {
        "instrument": draw(st.sampled_from([*NAMES, None])),
        "modality": draw(st.sampled_from([Modality.OCCURRED, Modality.SCHEDULED, Modality.NEGATED])),
        "date": draw(st.sampled_from(DATES)),
        "confidence": draw(st.sampled_from([0.5, 0.8])),
        "evidence": (Span(draw(st.sampled_from([0, 50])), 60),),
        "parties": draw(st.sampled_from([("IRN", "RUS"), ("IRN",)])),
    }
    if type_ is EventType.RATIFICATION:
        fields["actors"] = draw(st.sampled_from([(), (IRN,), (RUS,), (IRN, RUS)]))
        fields["body"] = draw(st.sampled_from([None, Body.LEGISLATURE, Body.LOWER_HOUSE]))
        fields["vote"] = draw(st.sampled_from([None, Vote(192, None, None, 211), Vote(192)]))
    if type_ in (EventType.ALLEGATION, EventType.DENIAL):
        accused = Actor("IRN", Role.ACCUSED if type_ is EventType.ALLEGATION else Role.DENIER)
        fields["actors"] = draw(st.sampled_from([(accused,), (USA, accused), (Actor("IRN", Role.ACCUSER), USA)]))
        fields["claim"] = draw(st.sampled_from([None, "supplying drones to Russia", "enriching uranium"]))
    return mention(type_, **fields)


@st.composite
def newspapers(draw: st.DrawFn) -> list[Statement]:
    """All statements of a few articles in all their revisions, parted as the pipeline parts them."""
    found: list[Statement] = []
    for number in range(draw(st.integers(1, 6))):
        for revision in range(1, draw(st.integers(1, 3)) + 1):
            days = draw(st.sampled_from([0, 0.5, 3, 20, 60])) if revision == 1 else 1 + revision
            reported = draw(st.lists(mentions(), max_size=3))
            outlet = draw(st.sampled_from(["BBC", "TASS", "IRNA"]))
            whole = said(
                f"art-{number}",
                *reported,
                revision=revision,
                outlet=outlet,
                days=days,
                quote=draw(st.sampled_from(["It was called off.", "It was done."])),
                fingerprint=draw(st.sampled_from([0, 7, 2**63])),
            )
            if reported:
                found += statements(whole.source, whole.reports).values()
            elif revision > 1:
                found.append(whole)
    return found


def told_once(room: Newsroom) -> None:
    """Fails where an event was told as new more than once, or anything twice."""
    ids = [development.id for development in room.told]
    assert len(ids) == len(set(ids))
    begun = [one for one in room.told if one.change in (Change.NEW, Change.HISTORY)]
    for view in room.events:
        assert sum(one.cell in (view.id, *view.aliases) for one in begun) == 1 or view.articles == 0


@settings(max_examples=150, deadline=None)
@given(newspapers(), st.randoms(use_true_random=False), st.integers(1, 5))
def test_any_order_repetition_and_batching_gives_the_same_states_events_and_dossiers(
    delivered: list[Statement], chance: random.Random, batch: int
) -> None:
    """Delivered at once, and delivered shuffled, partly twice and in small batches."""
    at_once, in_pieces = Newsroom(), Newsroom()
    at_once.hear(*delivered)
    again = delivered + chance.sample(delivered, len(delivered) // 2)
    chance.shuffle(again)
    for start in range(0, len(again), batch):
        in_pieces.hear(*again[start : start + batch])
    assert in_pieces.picture() == at_once.picture()
    told_once(at_once)
    told_once(in_pieces)


@settings(max_examples=100, deadline=None)
@given(newspapers(), st.randoms(use_true_random=False), st.integers(2, 4))
def test_writers_that_overtake_each_other_come_to_the_same(
    delivered: list[Statement], chance: random.Random, writers: int
) -> None:
    """Several processes load the same states, then save one after the other; who finds a conflict does it again."""
    at_once, raced = Newsroom(), Newsroom()
    at_once.hear(*delivered)
    shuffled = chance.sample(delivered, len(delivered))
    for start in range(0, len(shuffled), writers):
        statements_ = shuffled[start : start + writers]
        outcomes = [consolidate([one], raced.load, now=NOW, origin=Origin.LIVE) for one in statements_]
        for one, outcome in zip(statements_, outcomes, strict=True):
            try:
                raced.save(outcome)
            except Conflict:
                raced.hear(one)
    assert raced.picture() == at_once.picture()
    told_once(raced)


@settings(max_examples=100, deadline=None)
@given(newspapers())
def test_what_was_heard_before_changes_no_state_and_tells_nothing(delivered: list[Statement]) -> None:
    """The same batch again: no state is saved, no development made, and the views are as they were."""
    room = Newsroom()
    room.hear(*delivered)
    before, states = room.picture(), dict(room.states)
    assert room.hear(*delivered) == []
    assert (room.picture(), room.states) == (before, states)


def broken_off(outcome: Outcome, chance: random.Random) -> Outcome:
    """What a store without transactions has of an outcome when it dies: in its order, the last step in part."""

    def some(things: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(chance.sample(things, chance.randint(0, len(things))))

    others = [state for state in outcome.states if not isinstance(state, DossierState)]
    dossiers = [state for state in outcome.states if isinstance(state, DossierState)]
    leading = [dossier for dossier in dossiers if not dossier.alias_of]
    aliases = [dossier for dossier in dossiers if dossier.alias_of]
    step = chance.randrange(5)
    return Outcome(
        (
            *(others if step > 0 else some(others)),
            *(leading if step > 3 else some(leading) if step == 3 else ()),
            *(some(aliases) if step > 3 else ()),
        ),
        outcome.views if step > 2 else some(outcome.views) if step == 2 else (),
        outcome.retired if step > 1 else some(outcome.retired) if step == 1 else (),
    )


@settings(max_examples=300, deadline=None)
@given(newspapers(), st.randoms(use_true_random=False))
def test_a_write_that_broke_off_is_repaired_by_hearing_the_same_again(
    delivered: list[Statement], chance: random.Random
) -> None:
    """Whatever of states, views and dossiers was written: doing it again gives the picture of an undisturbed run."""
    undisturbed, room = Newsroom(), Newsroom()
    for statement in delivered:
        undisturbed.hear(statement)
        for _ in range(chance.randint(0, 2)):
            room.save(broken_off(consolidate([statement], room.load, now=NOW, origin=Origin.LIVE), chance))
        room.hear(statement, afresh=True)
        assert room.picture() == undisturbed.picture()
    assert sorted(one.id for one in room.told) == sorted(one.id for one in undisturbed.told)


@settings(max_examples=300, deadline=None)
@given(newspapers(), st.randoms(use_true_random=False), st.integers(2, 4))
def test_writes_that_broke_off_are_repaired_though_others_wrote_meanwhile(
    delivered: list[Statement], chance: random.Random, writers: int
) -> None:
    """Some die in mid-save, others work on what they left; at last what the dead had in hand is heard again, afresh."""
    at_once, room = Newsroom(), Newsroom()
    at_once.hear(*delivered)
    shuffled = chance.sample(delivered, len(delivered))
    left: list[Statement] = []
    for statement in shuffled:
        if chance.randrange(writers):
            room.hear(statement)
        else:
            room.save(broken_off(consolidate([statement], room.load, now=NOW, origin=Origin.LIVE), chance))
            left.append(statement)
    for statement in left:
        room.hear(statement, afresh=True)
    assert room.picture() == at_once.picture()


@settings(max_examples=100, deadline=None)
@given(newspapers())
def test_every_view_is_of_an_event_and_every_event_has_a_view(delivered: list[Statement]) -> None:
    """Views, and the briefs of the dossiers, tell of the same events, of which no two have an id in common."""
    room = Newsroom()
    for statement in delivered:
        room.hear(statement)
    briefs = {brief.id: brief for dossier in room.dossiers for its in dossier.events.values() for brief in its}
    assert briefs.keys() == room.views.keys()
    names = [id_ for view in room.events for id_ in (view.id, *view.aliases)]
    assert len(names) == len(set(names))
    by_id = {dossier.id: dossier for dossier in room.dossiers}
    for view in room.events:
        assert (view.event_status, view.links) == (briefs[view.id].status, briefs[view.id].links)
        assert view.dossier_status == by_id[view.dossier].status


KEY = aggregate_of(mention(date="2025-05-21"), said("x").source.seen)


@st.composite
def parts(draw: st.DrawFn) -> Aggregate:
    """What one revision of one article adds to an aggregate."""
    bodies = draw(st.lists(st.sampled_from([None, Body.LEGISLATURE]), min_size=1, max_size=2))
    confidence = draw(st.sampled_from([0.4, 0.8]))
    quote = Quote(draw(st.sampled_from(["So.", "Thus."])))
    reports = [Report(mention(date="2025-05-21", body=body, confidence=confidence), quote) for body in bodies]
    article = f"art-{draw(st.integers(0, 90))}"
    outlet, days = f"o{draw(st.integers(0, 200))}", draw(st.integers(0, 9))
    source = said(article, revision=draw(st.integers(1, 4)), outlet=outlet, days=days).source
    return contribution(KEY, source, reports)


def merged(parts_: Sequence[Aggregate]) -> tuple[Any, Any]:
    """Cells and revisions of all parts, in their order."""
    whole = merge_all(parts_)
    return whole.cells, whole.revised


@settings(max_examples=100, deadline=None)
@given(st.lists(parts(), min_size=1, max_size=120), st.randoms(use_true_random=False))
def test_merging_aggregates_is_commutative_associative_and_idempotent(
    found: list[Aggregate], chance: random.Random
) -> None:
    """Also where there are more articles than a cell keeps."""
    shuffled = found + chance.sample(found, len(found) // 2)
    chance.shuffle(shuffled)
    middle = chance.randint(0, len(found))
    left, right = found[:middle], found[middle:]
    whole = merged(found)
    assert merged(shuffled) == whole
    if left and right:
        halves = [merge_all(left), merge_all(right)]
        assert merged(halves) == whole == merged(halves[::-1])


def merge_all(parts_: Sequence[Aggregate]) -> Aggregate:
    """All parts in one aggregate."""
    whole = parts_[0]
    for part in parts_[1:]:
        whole = merge_aggregates(whole, part)
    return whole
