"""Which treaty a mention is about."""

import pytest

from pipelines.consolidation.dossier import dossier_of
from pipelines.consolidation.names import content_words, one_instrument
from schemas.mention import Actor, Instrument
from schemas.vocabulary import EventType, InstrumentKind, Role
from tests.unit.consolidation.newsroom import START, Newsroom, mention, said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("20-year strategic partnership treaty", ("partnership", "strategic")),
        ("comprehensive strategic partnership treaty", ("partnership", "strategic")),
        ("new three to five-year textile pact", ("textile",)),
        ("2015 nuclear deal", ("nuclear",)),
        ("five-day-old cease-fire", ("ceasefire",)),
        ("the agreement", ()),
        ("EC's own Treaty", ("ec",)),
        ("Protocol 14 to the Convention", ("14", "protocol")),
        ("Traité de l’Élysée", ("de", "elysee", "traite")),
        ("accords on co-operation in defense", ("cooperation", "defence")),
        ("Indus Waters Treaty", ("indus", "water")),
        ("U.S.-Japanese semiconductors agreement", ("japanese", "semiconductor", "us")),
    ],
)
def test_a_name_keeps_the_words_that_tell_it_from_others(name: str, words: tuple[str, ...]) -> None:
    """Without articles, durations, years, praise and the word for its kind; folded and in the singular."""
    assert content_words(name) == words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("strategic partnership treaty", "strategic partnership and energy treaty", True),
        ("semiconductor pact", "U.S.-Japanese semiconductors agreement", True),
        ("trade pact", "free trade pact", False),
        ("Multi-Fibre Agreement", "Multi-Fibre Agreement protocol", False),
        ("extradition protocol 14", "extradition protocol 15", False),
        ("peace treaty", "peace ceasefire", False),
        ("fisheries agreement", "extradition treaty", False),
        ("agreement", "fisheries agreement", False),
    ],
)
def test_names_between_the_same_parties_are_one_where_one_holds_the_other(one: str, other: str, same: bool) -> None:
    """Two words in common, or one that is no mere field; and nothing besides that makes another instrument of it."""
    assert one_instrument(content_words(one), content_words(other)) is same
    assert one_instrument(content_words(other), content_words(one)) is same


def test_a_registry_id_is_the_dossier_whatever_the_article_calls_it() -> None:
    """Name and parties do not matter then."""
    one = mention(instrument=Instrument("New START", InstrumentKind.TREATY, "new-start"), parties=("RUS", "USA"))
    other = mention(instrument=Instrument("the arms pact", InstrumentKind.PACT, "new-start"), parties=())
    assert dossier_of(one, START).id == dossier_of(other, START).id == "new-start"
    assert dossier_of(one, START).kin is None


def test_the_order_of_parties_does_not_matter() -> None:
    """They are a set."""
    assert dossier_of(mention(), START).id == dossier_of(mention(parties=("RUS", "IRN")), START).id


def test_other_parties_make_another_dossier() -> None:
    """Of the same name."""
    assert dossier_of(mention(), START).id != dossier_of(mention(parties=("CHN", "RUS")), START).id


def test_without_a_name_subject_and_sides_make_an_unnamed_dossier() -> None:
    """As does a name that says nothing."""
    bare = mention(instrument=None, subject="nuclear")
    key = dossier_of(bare, START)
    assert (key.instrument, key.subject, key.parties, key.words) == (None, "nuclear", ("IRN", "RUS"), ())
    named = mention(instrument=Instrument("the agreement", InstrumentKind.AGREEMENT), subject="nuclear")
    assert dossier_of(named, START).id == key.id
    assert dossier_of(mention(instrument=None, subject="trade"), START).id != key.id


def test_actors_stand_for_parties_that_are_not_told_but_mediators_do_not() -> None:
    """So that talks of nobody in particular do not heap up in one dossier."""
    actors = (Actor("USA", Role.NEGOTIATOR), Actor("OMN", Role.MEDIATOR), Actor("IRN", Role.NEGOTIATOR))
    key = dossier_of(mention(EventType.NEGOTIATION, instrument=None, parties=(), actors=actors), START)
    assert key.parties == ("IRN", "USA")


def test_a_proper_name_without_parties_is_one_dossier_whoever_acts() -> None:
    """A mere field ("a peace deal") goes by who acts."""
    moon = Instrument("Moon Agreement", InstrumentKind.AGREEMENT)
    peace = Instrument("peace deal", InstrumentKind.DEAL)
    austria, chile = Actor("AUT", Role.RATIFIER), Actor("CHL", Role.RATIFIER)
    ids = [
        dossier_of(mention(instrument=name, parties=(), actors=(actor,)), START).id
        for name in (moon, peace)
        for actor in (austria, chile)
    ]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_what_has_neither_name_nor_sides_is_kept_apart_by_month() -> None:
    """No dossier grows with the world."""
    nobody = mention(instrument=None, parties=(), actors=())
    june = START.replace(month=6)
    assert dossier_of(nobody, START).id == dossier_of(nobody, START.replace(day=1)).id != dossier_of(nobody, june).id


def test_dossiers_of_nested_names_are_one_under_the_least_id() -> None:
    """Their reports are read together, and the alias tells under which id it goes."""
    longer = Instrument("strategic partnership and defence treaty", InstrumentKind.TREATY)
    room = Newsroom()
    room.hear(said("a", mention(date="2025-05-21")))
    told = room.hear(said("b", mention(instrument=longer, date="2025-05-21")))
    view = room.only()
    assert (view.articles, view.outlet_names) == (2, ("a", "b"))
    (dossier,) = room.dossiers
    other = dossier_of(mention(instrument=longer), START).id
    first = dossier_of(mention(), START).id
    assert (dossier.id, dossier.aliases) == (min(first, other), (max(first, other),))
    assert view.dossier == dossier.id
    assert dossier.instrument == longer
    assert [development.change.value for development in told] == ["corroborated"]


def test_a_name_that_joins_two_dossiers_moves_all_their_events_under_one() -> None:
    """Whichever id is least; the views of both are written again."""
    apart = [
        Instrument("strategic partnership and defence treaty", InstrumentKind.TREATY),
        Instrument("strategic partnership and energy treaty", InstrumentKind.TREATY),
    ]
    room = Newsroom()
    room.hear(said("a", mention(instrument=apart[0], date="2025-05-21")))
    room.hear(said("b", mention(EventType.SIGNATURE, instrument=apart[1], date="2025-05-20")))
    assert len(room.dossiers) == 2
    room.hear(said("c", mention(EventType.TERMINATION, date="2025-05-22")))
    (dossier,) = room.dossiers
    assert {view.dossier for view in room.events} == {dossier.id}
    assert len(dossier.aliases) == 2
    assert [view.dossier_status for view in room.events] == ["terminated"] * 3
