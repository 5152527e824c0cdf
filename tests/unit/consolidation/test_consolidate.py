"""What a caller may rely on when saving."""

from collections.abc import Iterable, Mapping

import pytest

from pipelines.consolidation import aggregate_of, canonical, consolidate, statements
from schemas.errors import Conflict
from schemas.mention import Instrument
from schemas.state import Aggregate, DossierState, KinState, State
from schemas.vocabulary import EventType, InstrumentKind, Modality, Origin
from tests.unit.consolidation.newsroom import NOW, START, Newsroom, mention, said

LONGER = Instrument("strategic partnership and defence treaty", InstrumentKind.TREATY)


def test_statements_are_what_an_article_says_to_each_aggregate() -> None:
    """By aggregate id; reports of one aggregate stay together."""
    whole = said("a", mention(), mention(EventType.SIGNATURE), mention(modality=Modality.NEGATED))
    parted = statements(whole.source, whole.reports)
    first, second, third = whole.reports
    assert {id_: one.reports for id_, one in parted.items()} == {
        aggregate_of(first.mention, START).id: (first, third),
        aggregate_of(second.mention, START).id: (second,),
    }
    assert statements(whole.source, ()) == {}


@pytest.mark.parametrize(
    ("type_", "date", "period"),
    [
        (EventType.RATIFICATION, "2024-11-30", "2024"),
        (EventType.RATIFICATION, None, "2025"),
        (EventType.NEGOTIATION, "2024-11-30/2024-12-02", "2024-11"),
        (EventType.NEGOTIATION, "2024", "2024"),
        (EventType.DISPUTE, None, "2025-05"),
    ],
)
def test_an_aggregate_is_a_year_or_for_what_recurs_a_month(type_: EventType, date: str | None, period: str) -> None:
    """Of the happening, else of the article."""
    assert aggregate_of(mention(type_, date=date), START).period == period


def test_a_new_event_saves_article_aggregate_dossier_and_kin() -> None:
    """Each at version 0, with what is to be told in the outboxes."""
    outcome = consolidate([said("a", mention())], _nothing, now=NOW, origin=Origin.BACKFILL)
    assert sorted((type(state).__name__, state.version) for state in outcome.states) == [
        ("Aggregate", 0),
        ("ArticleState", 0),
        ("DossierState", 0),
        ("KinState", 0),
    ]
    boxes = [one for state in outcome.states if isinstance(state, Aggregate | DossierState) for one in state.outbox]
    assert {(one.change.value, one.origin, one.recorded) for one in boxes} == {
        ("new", Origin.BACKFILL, NOW),
        ("status", Origin.BACKFILL, NOW),
    }
    assert all(one.event == outcome.views[0] for one in boxes)


def test_what_is_unpublished_stays_in_the_outbox() -> None:
    """Until the store takes it out."""
    room = Newsroom()
    first = consolidate([said("a", mention())], room.load, now=NOW, origin=Origin.LIVE)
    kept = {state.id: state for state in first.states}
    second = consolidate([said("b", mention())], lambda ids: _of(kept, ids), now=NOW, origin=Origin.LIVE)
    (aggregate,) = (state for state in second.states if isinstance(state, Aggregate))
    assert [one.change.value for one in aggregate.outbox] == ["new", "corroborated"]


def test_the_revision_of_a_view_grows_with_each_change() -> None:
    """Also where only the dossier's status changes it."""
    room = Newsroom()
    revisions = []
    for number, type_ in enumerate((EventType.NEGOTIATION, EventType.SIGNATURE, EventType.TERMINATION)):
        room.hear(said(f"art-{number}", mention(type_), days=number))
        (talks,) = (view for view in room.events if view.type is EventType.NEGOTIATION)
        revisions.append((talks.revision, talks.dossier_status))
    assert revisions == [(2, "negotiated"), (4, "signed"), (6, "terminated")]


def test_a_repeated_statement_gives_the_views_again_and_no_state() -> None:
    """So that a write that broke off before the views is repaired."""
    room = Newsroom()
    room.hear(said("a", mention()))
    outcome = consolidate([said("a", mention())], room.load, now=NOW, origin=Origin.LIVE)
    assert outcome.states == ()
    assert outcome.views == (room.only(),)


def test_whoever_was_overtaken_conflicts_and_comes_to_the_same_when_it_calls_again() -> None:
    """Two processes hear of one event, one under an alias; both loaded before either saved."""
    one, other = said("a", mention(date="2025-05-21")), said("b", mention(instrument=LONGER, date="2025-05-21"))
    room, undisturbed = Newsroom(), Newsroom()
    undisturbed.hear(one, other)
    first = consolidate([one], room.load, now=NOW, origin=Origin.LIVE)
    second = consolidate([other], room.load, now=NOW, origin=Origin.LIVE)
    room.save(first)
    with pytest.raises(Conflict):
        room.save(second)
    room.hear(other)
    assert room.picture() == undisturbed.picture()


def test_every_aggregate_that_a_view_depends_on_is_saved_with_it() -> None:
    """That of an alias, too, to which nobody spoke: else two writers would not notice each other."""
    room = Newsroom()
    room.hear(said("a", mention(date="2025-05-21")), said("b", mention(instrument=LONGER, date="2025-05-21")))
    outcome = consolidate([said("c", mention(date="2025-05-21"))], room.load, now=NOW, origin=Origin.LIVE)
    assert sum(isinstance(state, Aggregate) for state in outcome.states) == 2


def test_a_view_given_again_is_not_written_over_what_another_saved_meanwhile() -> None:
    """A repetition changes no state, but its views follow from some: an event that was joined away must stay away."""
    room, undisturbed = Newsroom(), Newsroom()
    lone, joining = said("a", mention(date="2025")), said("b", mention(date="2025-05-21"))
    undisturbed.hear(lone, joining)
    room.hear(lone)
    again = consolidate([lone], room.load, now=NOW, origin=Origin.LIVE)
    room.hear(joining)
    assert room.picture() == undisturbed.picture()
    assert (again.states, len(again.views)) == ((), 1)
    with pytest.raises(Conflict):
        room.save(again)
    room.hear(lone)
    assert room.picture() == undisturbed.picture()


def test_one_more_mention_does_not_touch_the_dossier_where_its_briefs_stay() -> None:
    """Only article and aggregate are written."""
    room = Newsroom()
    room.hear(said("a", mention()))
    outcome = consolidate([said("b", mention())], room.load, now=NOW, origin=Origin.LIVE)
    assert not any(isinstance(state, DossierState | KinState) for state in outcome.states)


def test_a_foreign_state_under_an_id_is_an_error() -> None:
    """Not something to merge with."""
    room = Newsroom()
    room.hear(said("a", mention()))
    dossier = room.dossiers[0]
    broken = dict.fromkeys(room.states, dossier)
    with pytest.raises(TypeError, match="is of kind DossierState"):
        consolidate([said("a", mention())], lambda ids: _of(broken, ids), now=NOW, origin=Origin.LIVE)


def test_canonical_leaves_out_the_revision_alone() -> None:
    """Everything else is compared."""
    room = Newsroom()
    room.hear(said("a", mention()))
    shown = canonical(room.only())
    assert "revision" not in shown
    assert {"id", "aliases", "dossier", "links", "first_seen", "outlets", "quote"} <= shown.keys()


def _of(states: Mapping[str, State], ids: Iterable[str]) -> dict[str, State]:
    return {id_: states[id_] for id_ in ids if id_ in states}


def _nothing(_: Iterable[str]) -> dict[str, State]:
    return {}
