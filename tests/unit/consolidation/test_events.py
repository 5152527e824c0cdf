"""Which reports are one event, and what it shows."""

from datetime import timedelta

import pytest

from schemas.mention import Actor, Instrument, Span, Vote
from schemas.vocabulary import Body, EventType, InstrumentKind, Modality, Role
from tests.unit.consolidation.newsroom import IRN, RUS, START, Newsroom, at, changes, mention, said


def events_of(*dates: str | None, days: float = 0) -> int:
    """How many events reports of these dates make."""
    room = Newsroom()
    for number, date in enumerate(dates):
        room.hear(said(f"art-{number}", mention(date=date), days=days))
    return len(room.events)


@pytest.mark.parametrize(
    ("dates", "count"),
    [
        (("2025-05-21", "2025-05-21"), 1),
        (("2025-05-21", "2025-05-22"), 1),  # a time zone apart
        (("2025-05-21", "2025-05-23"), 2),
        (("2025-05-21", "2025-05"), 1),
        (("2025-05", "2025"), 1),
        (("2025-05", "2025-06"), 2),
        (("2025-05", "2025-05-10", "2025-05-20"), 2),  # the month goes to the first, the second day founds its own
        (("2025-05-19/2025-05-23", "2025-05-21"), 1),
        (("2025-05-19/2025-05-23", "2025-05-24"), 1),
        (("2025-05-19/2025-05-23", "2025-05-25"), 2),
        ((None, "2025-05-20"), 1),
        ((None, "2025-04-21"), 1),  # 30 days before the article
        ((None, "2025-04-20"), 2),  # older than what news tells without a date
        ((None, "2025-05-23"), 2),  # not yet, when the article was seen
        ((None, None), 1),
    ],
)
def test_dates_that_can_be_one_make_one_event(dates: tuple[str | None, ...], count: int) -> None:
    """Equal, one within the other, neighbouring days; a missing one stands for the days before the article."""
    assert events_of(*dates) == count


def test_a_day_that_does_not_exist_counts_as_its_month() -> None:
    """Rather than to stop the pipeline."""
    assert events_of("2025-02-30", "2025-02-10", days=-80) == 1


def test_an_event_keeps_its_id_and_a_more_precise_report_updates_it() -> None:
    """Body, vote and date are the most precise, names the best evidence's; ids of other cells are aliases."""
    room = Newsroom()
    room.hear(said("a", mention(date="2025-05", vote=Vote(192), confidence=0.9)))
    founding = room.only()
    whole = mention(date="2025-05-21", body=Body.LEGISLATURE, vote=Vote(192, None, None, 211), confidence=0.7)
    told = room.hear(said("b", whole, quote="192 of 211 lawmakers voted in favour.", days=1))
    view = room.only()
    assert view.id == founding.id
    assert len(view.aliases) == 1
    assert (view.date, view.body, view.vote) == ("2025-05-21", Body.LEGISLATURE, Vote(192, None, None, 211))
    assert (view.headline, view.quote.text, view.url) == ("Title of a", "a says so.", "https://example.org/a")
    assert (view.articles, view.outlets, view.outlet_names, view.languages) == (2, 2, ("a", "b"), ("en",))
    assert (view.first_seen, view.last_seen, view.news) == (START, at(1), True)
    assert view.confidence == pytest.approx(1 - 0.1 * 0.3)
    assert changes(told) == [
        ("corroborated", "2"),
        ("updated", "date 2025-05-21; body legislature; vote 192/-/-/211"),
    ]


def test_an_earlier_article_that_comes_late_founds_the_event_and_retires_its_old_id() -> None:
    """The id is the earliest cell's; the other becomes an alias, and nothing is told as new again."""
    room = Newsroom()
    room.hear(said("a", mention(date="2025-05-21"), days=1))
    before = room.only()
    told = room.hear(said("b", mention(date="2025-05"), days=0))
    after = room.only()
    assert after.id != before.id
    assert after.aliases == (before.id,)
    assert changes(told) == [("corroborated", "2")]


def test_bodies_that_differ_are_two_events_and_an_unknown_one_joins_the_first() -> None:
    """The Duma's vote is not the Federation Council's."""
    room = Newsroom()
    for number, body in enumerate((Body.LOWER_HOUSE, Body.UPPER_HOUSE, None)):
        room.hear(said(f"art-{number}", mention(actors=(RUS,), body=body, date="2025-05-21"), days=number / 10))
    assert [(view.body, view.articles) for view in sorted(room.events, key=lambda view: view.first_seen)] == [
        (Body.LOWER_HOUSE, 2),
        (Body.UPPER_HOUSE, 1),
    ]


def test_actors_join_where_one_set_holds_the_other() -> None:
    """Where both signed, each signed; the union is shown."""
    room = Newsroom()
    sides = ((IRN, RUS), (IRN,), (RUS,), ())
    for number, actors in enumerate(sides):
        room.hear(said(f"art-{number}", mention(actors=actors, date="2025-05-21"), days=number / 10))
    view = room.only()
    assert view.actors == (IRN, RUS)
    assert view.articles == 4


def test_disjoint_actors_are_two_events() -> None:
    """Each ratified by itself."""
    room = Newsroom()
    room.hear(
        said("a", mention(actors=(IRN,), date="2025-05-21")), said("b", mention(actors=(RUS,), date="2025-05-21"))
    )
    assert len(room.events) == 2


def test_modalities_are_never_one_event() -> None:
    """A plan is not a fact."""
    room = Newsroom()
    room.hear(*(said(modality, mention(modality=modality, date="2025-05-21")) for modality in Modality))
    assert len(room.events) == 5


def test_mutual_accusations_are_two_events() -> None:
    """The same two states on the same day, with their roles changed."""
    sides = [(Role.ACCUSER, Role.ACCUSED), (Role.ACCUSED, Role.ACCUSER)]
    room = Newsroom()
    for one, other in sides:
        actors = (Actor("IND", one), Actor("PAK", other))
        room.hear(said(f"art-{one}", mention(EventType.ALLEGATION, actors=actors, date="2025-05-10", claim="firing")))
    assert len(room.events) == 2


@pytest.mark.parametrize(
    ("claim", "count"), [("Iran supplies drones to Russia", 1), ("enriching uranium", 2), (None, 1)]
)
def test_allegations_are_one_where_their_claims_share_words(claim: str | None, count: int) -> None:
    """By the same accuser, or an unknown one, on one day."""
    accused = Actor("IRN", Role.ACCUSED)
    room = Newsroom()
    first = mention(
        EventType.ALLEGATION, actors=(Actor("USA", Role.ACCUSER), accused), date="2025-05-21", claim="supplying drones"
    )
    room.hear(said("a", first))
    room.hear(said("b", mention(EventType.ALLEGATION, actors=(accused,), date="2025-05-21", claim=claim), days=0.1))
    assert len(room.events) == count


def test_talks_of_two_months_are_two_events() -> None:
    """Types that recur are kept by month."""
    room = Newsroom()
    room.hear(said("a", mention(EventType.NEGOTIATION)), said("b", mention(EventType.NEGOTIATION), days=20))
    assert len(room.events) == 2


def test_two_mentions_of_one_article_in_one_cell_count_once_and_the_more_confident_is_kept() -> None:
    """Of equally confident ones, the one that begins earlier in the text."""
    room = Newsroom()
    vague = mention(date="2025-05-21", confidence=0.5, vote=Vote(1), evidence=(Span(0, 5),))
    sure = mention(date="2025-05-21", confidence=0.9, vote=Vote(2), evidence=(Span(90, 95),))
    first = mention(date="2025-05-21", confidence=0.9, vote=Vote(3), evidence=(Span(50, 55),))
    room.hear(said("a", vague, sure, first))
    view = room.only()
    assert (view.articles, view.confidence, view.vote) == (1, 0.9, Vote(3))


@pytest.mark.parametrize(
    ("date", "news"), [("2025-04-21", True), ("2025-04-20", False), ("2025-04", True), ("2025-01", False), (None, True)]
)
def test_what_happened_more_than_thirty_days_before_its_first_report_is_history(date: str | None, news: bool) -> None:
    """By the end of its date; what has none is news."""
    room = Newsroom()
    told = room.hear(said("a", mention(EventType.NEGOTIATION, date=date)))
    assert room.only().news is news
    assert ("new" if news else "history", "") in changes(told)


def test_a_status_that_history_brings_is_kept_and_not_told() -> None:
    """A first article on an old treaty makes no news of its signature."""
    room = Newsroom()
    told = room.hear(said("a", mention(EventType.SIGNATURE, date="1999-01-10")))
    assert changes(told) == [("history", "")]
    assert room.dossiers[0].status == "signed"


def test_the_registry_link_and_the_fullest_name_are_shown() -> None:
    """In the view that of the best evidence with an id; in the dossier the fullest."""
    short = Instrument("New START", InstrumentKind.TREATY, "new-start")
    full = Instrument("New Strategic Arms Reduction Treaty", InstrumentKind.TREATY, "new-start")
    room = Newsroom()
    room.hear(said("a", mention(instrument=short, confidence=0.9)), said("b", mention(instrument=full)))
    assert room.only().instrument == short
    assert room.dossiers[0].instrument == full


def test_a_development_tells_how_late_it_is() -> None:
    """From the last report to when it was found out."""
    room = Newsroom()
    told = room.hear(said("a", mention()), now=START + timedelta(hours=1))
    assert {development.late_by for development in told} == {3600.0}


def test_a_cell_that_an_earlier_event_takes_is_missing_from_the_later_one() -> None:
    """A report of the month went with the only day known, until an earlier article tells of an earlier day."""
    room = Newsroom()
    room.hear(said("later", mention(date="2025-05-20"), days=1))
    room.hear(said("vague", mention(date="2025-05"), days=2))
    assert room.only().articles == 2
    told = room.hear(said("early", mention(date="2025-05-10"), days=0))
    assert [(view.date, view.outlet_names) for view in room.events] == [
        ("2025-05-10", ("early", "vague")),
        ("2025-05-20", ("later",)),
    ]
    assert [change for change, _ in changes(told) if change != "status"] == ["corroborated", "new"]


def test_a_revised_claim_brings_allegations_together() -> None:
    """What is alleged is what the latest revision of the earliest report says."""
    accused = Actor("IRN", Role.ACCUSED)
    both = (Actor("USA", Role.ACCUSER), accused)
    first = mention(EventType.ALLEGATION, actors=both, date="2025-05-21", claim="supplying drones")
    room = Newsroom()
    room.hear(said("a", first))
    room.hear(said("b", mention(EventType.ALLEGATION, actors=(accused,), date="2025-05-21", claim="enriching uranium")))
    assert len(room.events) == 2
    mended = mention(EventType.ALLEGATION, actors=both, date="2025-05-21", claim="enriching uranium far too much")
    room.hear(said("a", mended, revision=2))
    assert room.only().articles == 2
