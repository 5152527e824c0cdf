"""How far a treaty has come."""

from collections.abc import Sequence

import pytest

from schemas.mention import Actor, Instrument, Mention
from schemas.state import DossierState
from schemas.vocabulary import Body, EventType, InstrumentKind, Modality, Role
from tests.unit.consolidation.newsroom import IRN, RUS, Newsroom, changes, mention, said

SIGNED = mention(EventType.SIGNATURE, date="2025-01-17")
DUMA = mention(actors=(RUS,), body=Body.LOWER_HOUSE, date="2025-04-08")
COUNCIL = mention(actors=(RUS,), body=Body.UPPER_HOUSE, date="2025-04-16")
MAJLIS = mention(actors=(IRN,), body=Body.LEGISLATURE, date="2025-05-21")
FORCE = mention(EventType.ENTRY_INTO_FORCE, date="2025-10-02")
SUSPENDED = mention(EventType.SUSPENSION, actors=(Actor("RUS", Role.SUSPENDER),), date="2025-11-01")
WITHDREW = mention(EventType.WITHDRAWAL, actors=(Actor("IRN", Role.WITHDRAWER),), date="2025-11-02")
ENDED = mention(EventType.TERMINATION, date="2025-11-03")
TALKS = mention(EventType.NEGOTIATION, date="2024-10-01")
NEW_TALKS = mention(EventType.NEGOTIATION, date="2025-11-10")
AGAIN = mention(EventType.SIGNATURE, date="2025-11-20")


def dossier(mentions: Sequence[Mention]) -> DossierState:
    """The only dossier, when one article each has told of these, the latest first."""
    room = Newsroom()
    for number, one in enumerate(reversed(mentions)):
        room.hear(said(f"art-{number}", one, days=200))
    (found,) = room.dossiers
    return found


@pytest.mark.parametrize(
    ("mentions", "status", "stages"),
    [
        ([TALKS], "negotiated", {"IRN": "negotiated", "RUS": "negotiated"}),
        ([TALKS, SIGNED], "signed", {"IRN": "signed", "RUS": "signed"}),
        ([SIGNED, DUMA], "signed", {"IRN": "signed", "RUS": "approved"}),
        ([SIGNED, DUMA, COUNCIL], "ratified", {"IRN": "signed", "RUS": "ratified"}),
        ([SIGNED, DUMA, MAJLIS], "ratified", {"IRN": "ratified", "RUS": "approved"}),
        ([SIGNED, MAJLIS, FORCE], "in_force", {"IRN": "ratified", "RUS": "signed"}),
        ([SIGNED, MAJLIS, SUSPENDED], "suspended", {"IRN": "ratified", "RUS": "suspended"}),
        ([SIGNED, MAJLIS, WITHDREW], "withdrawn_from", {"IRN": "withdrawn", "RUS": "signed"}),
        ([SIGNED, FORCE, ENDED], "terminated", {"IRN": "signed", "RUS": "signed"}),
        ([SIGNED, ENDED, NEW_TALKS], "terminated", {"IRN": "signed", "RUS": "signed"}),
        ([SIGNED, ENDED, AGAIN], "signed", {"IRN": "signed", "RUS": "signed"}),
        ([mention(EventType.SIGNATURE, modality=Modality.SCHEDULED)], None, {}),
        ([mention(EventType.ACCESSION, actors=(Actor("BLR", Role.ACCEDER),))], None, {"BLR": "acceded"}),
    ],
)
def test_a_status_is_what_the_events_have_brought_in_the_order_in_which_they_happened(
    mentions: list[Mention], status: str | None, stages: dict[str, str]
) -> None:
    """However late each is told of; plans count for nothing."""
    found = dossier(mentions)
    assert (found.status, found.stages) == (status, stages)


def test_withdrawal_of_one_of_many_is_a_stage_and_no_status() -> None:
    """The treaty goes on without it."""
    treaty = Instrument("Treaty on Open Skies", InstrumentKind.TREATY, "open-skies")
    many = mention(EventType.ENTRY_INTO_FORCE, instrument=treaty, parties=("CAN", "RUS", "USA"), date="2002-01-01")
    left = mention(
        EventType.WITHDRAWAL,
        instrument=treaty,
        parties=("USA",),
        actors=(Actor("USA", Role.WITHDRAWER),),
        date="2020-11-22",
    )
    found = dossier([many, left])
    assert (found.id, found.status, found.stages) == ("open-skies", "in_force", {"USA": "withdrawn"})
    assert found.parties == ("CAN", "RUS", "USA")


def test_an_unnamed_dossier_has_no_status() -> None:
    """It is only a bundle of events between the same sides."""
    found = dossier([mention(EventType.SIGNATURE, instrument=None, subject="trade")])
    assert (found.unnamed, found.subject, found.status, found.stages) == (True, "trade", None, {})


def test_a_new_status_is_written_to_all_views_of_the_dossier_and_told_with_its_cause() -> None:
    """In aggregates that nobody spoke to as well."""
    room = Newsroom()
    room.hear(said("a", SIGNED, DUMA, days=0))
    assert {view.dossier_status for view in room.events} == {"signed"}
    told = room.hear(said("b", MAJLIS, days=1))
    assert {view.dossier_status for view in room.events} == {"ratified"}
    assert changes(told) == [("new", ""), ("status", "ratified")]
    (status,) = (one for one in told if one.change == "status")
    assert (status.event.type, status.event.dossier_status, status.event.date) == (
        "ratification",
        "ratified",
        "2025-05-21",
    )


def test_a_status_falls_back_when_its_cause_is_retracted() -> None:
    """And is not told twice when the cause comes back."""
    room = Newsroom()
    told = room.hear(said("a", mention(EventType.SIGNATURE, date="2025-05-20")), said("b", MAJLIS))
    assert room.dossiers[0].status == "ratified"
    told += room.hear(said("b", revision=2))
    assert room.dossiers[0].status == "signed"
    told += room.hear(said("b", MAJLIS, revision=3))
    assert room.dossiers[0].status == "ratified"
    assert [one.value for one in told if one.change == "status"] == ["ratified", "signed"]
