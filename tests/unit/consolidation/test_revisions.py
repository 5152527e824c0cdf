"""What an article says in its latest revision stands for it."""

from itertools import permutations

from pipelines.consolidation import consolidate
from schemas.event import EventView
from schemas.mention import Vote
from schemas.state import Aggregate, ArticleState
from schemas.vocabulary import Body, EventStatus, EventType, Origin
from tests.unit.consolidation.newsroom import NOW, Newsroom, changes, mention, said

RATIFIED = mention(date="2025-05-21")
SIGNED = mention(EventType.SIGNATURE, date="2025-05-20")


def of_type(room: Newsroom, type_: EventType) -> EventView:
    """The only event of this type."""
    (view,) = (view for view in room.events if view.type is type_)
    return view


def test_what_a_revision_no_longer_says_is_retracted() -> None:
    """In an aggregate to which it does not speak at all any longer."""
    room = Newsroom()
    room.hear(said("a", RATIFIED, SIGNED))
    told = room.hear(said("a", SIGNED, revision=2))
    ratified, signed = of_type(room, EventType.RATIFICATION), of_type(room, EventType.SIGNATURE)
    assert (ratified.event_status, ratified.articles, ratified.outlets, ratified.outlet_names) == (
        EventStatus.RETRACTED,
        0,
        0,
        (),
    )
    assert (ratified.confidence, ratified.quote.text) == (0.0, "a says so.")
    assert (signed.event_status, signed.articles) == (EventStatus.STANDING, 1)
    assert changes(told) == [("retracted", "1"), ("status", "signed")]
    assert room.dossiers[0].status == "signed"


def test_a_revision_without_any_mention_takes_everything_back() -> None:
    """It comes as a statement without reports."""
    room = Newsroom()
    room.hear(said("a", RATIFIED, SIGNED))
    assert changes(room.hear(said("a", revision=2))) == [("retracted", "1"), ("retracted", "1")]
    assert {view.event_status for view in room.events} == {EventStatus.RETRACTED}
    assert room.dossiers[0].status is None


def test_an_event_that_others_still_report_stands() -> None:
    """It only counts one article less."""
    room = Newsroom()
    room.hear(said("a", RATIFIED), said("b", RATIFIED))
    assert changes(room.hear(said("a", revision=2))) == []
    assert (room.only().articles, room.only().outlet_names) == (1, ("b",))


def test_a_revision_corrects_within_an_event() -> None:
    """The old date and tally are gone; the event and its id stay."""
    room = Newsroom()
    room.hear(said("a", mention(date="2025-05-20", vote=Vote(190))))
    before = room.only()
    room.hear(said("a", mention(date="2025-05-21", vote=Vote(192)), revision=2))
    after = room.only()
    assert (after.id, after.date, after.vote, after.articles) == (before.id, "2025-05-21", Vote(192), 1)


def test_a_revision_that_says_something_else_retracts_one_event_and_founds_another() -> None:
    """Not the legislature, the head of state."""
    room = Newsroom()
    room.hear(said("a", mention(date="2025-05-21", body=Body.LEGISLATURE)))
    told = room.hear(said("a", mention(date="2025-05-21", body=Body.HEAD_OF_STATE), revision=2))
    assert changes(told) == [("new", ""), ("retracted", "1"), ("status", "ratified")][:2] + [
        one for one in changes(told) if one[0] == "status"
    ]
    assert sorted(view.event_status for view in room.events) == ["retracted", "standing"]


def test_revisions_may_come_in_any_order() -> None:
    """Also where a later one speaks to other aggregates than an earlier one."""
    revisions = [said("a", RATIFIED, SIGNED), said("a", SIGNED, revision=2), said("a", revision=3)]
    pictures = []
    for order in permutations(revisions):
        room = Newsroom()
        for statement in order:
            room.hear(statement)
        pictures.append(room.picture())
    assert all(picture == pictures[0] for picture in pictures)


def test_what_was_taken_back_before_it_came_is_never_told() -> None:
    """The view is there, retracted, so that every order gives the same."""
    room = Newsroom()
    room.hear(said("a", revision=2))
    assert room.hear(said("a", RATIFIED)) == []
    assert room.only().event_status is EventStatus.RETRACTED


def test_an_event_that_is_reported_again_is_updated_not_new() -> None:
    """Retracted, restored, retracted: each time told."""
    room = Newsroom()
    told = room.hear(said("a", RATIFIED))
    for revision in (2, 3, 4):
        told += room.hear(said("a", *([RATIFIED] if revision == 3 else []), revision=revision))
    assert [(one.change.value, one.value) for one in told if one.change != "status"] == [
        ("new", ""),
        ("retracted", "1"),
        ("updated", "restored 2"),
        ("retracted", "3"),
    ]
    assert len({one.id for one in told}) == len(told)


def test_where_an_article_spoke_is_remembered() -> None:
    """All aggregates of all revisions, and the latest revision."""
    room = Newsroom()
    room.hear(said("a", RATIFIED))
    room.hear(said("a", SIGNED, revision=2))
    state = room.states["article:a"]
    assert isinstance(state, ArticleState)
    assert (state.revision, len(state.aggregates)) == (2, 2)
    assert all(aggregate.revised == {"a": 2} for aggregate in room.states.values() if isinstance(aggregate, Aggregate))


def test_a_revised_article_that_never_said_anything_leaves_only_its_own_state() -> None:
    """No aggregate, dossier or view."""
    room = Newsroom()
    outcome = consolidate([said("a", revision=2)], room.load, now=NOW, origin=Origin.LIVE)
    assert [type(state) for state in outcome.states] == [ArticleState]
    assert (outcome.views, outcome.retired) == ((), ())
