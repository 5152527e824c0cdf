"""The detector as others call it."""

import datetime

import pytest

from pipelines.detection import detector_for
from schemas.vocabulary import EventType, Role

_WHEN = datetime.datetime(2025, 5, 23, 12, tzinfo=datetime.UTC)


def test_only_english_has_a_detector() -> None:
    """Only english has a detector."""
    assert detector_for("en") is detector_for("en-GB") is detector_for(None)
    assert detector_for("fr") is None


def test_a_mention_holds_body_vote_date_and_evidence() -> None:
    """A mention holds body vote date and evidence."""
    detect = detector_for("en")
    assert detect is not None
    text = "Latvia's parliament ratified a tax treaty with Kenya on Thursday, with 62 of 98 lawmakers voting in favour."
    (mention,) = detect("", text, _WHEN)
    assert (mention.type, mention.modality, mention.body, mention.date) == (
        "ratification",
        "occurred",
        "legislature",
        "2025-05-22",
    )
    assert mention.vote is not None
    assert (mention.vote.for_, mention.vote.total) == (62, 98)
    assert mention.parties == ("KEN", "LVA")
    assert mention.subject == "finance"
    assert text[mention.evidence[0].start : mention.evidence[0].end].startswith("Latvia's parliament ratified")


@pytest.mark.parametrize(
    "text",
    [
        "Chad denied the claim, two days after Sudan accused it of violating the border treaty.",
        "Chad recalled its envoy. Sudan had accused it of violating the border treaty.",
        "Chad, which Sudan accuses of violating the border treaty, recalled its envoy.",
        "Chad denied that it had broken the border treaty, a day after Sudan accused it of diverting a river.",
    ],
)
def test_who_is_accused_may_stand_elsewhere(text: str) -> None:
    """In a pronoun, or before a relative clause; who denies is no accuser."""
    detect = detector_for("en")
    assert detect is not None
    allegations = [mention for mention in detect("", text, None) if mention.type is EventType.ALLEGATION]
    assert [[(actor.code, actor.role) for actor in mention.actors] for mention in allegations] == [
        [("SDN", Role.ACCUSER), ("TCD", Role.ACCUSED)]
    ]


def test_without_a_publication_date_relative_dates_stay_null() -> None:
    """Without a publication date relative dates stay null."""
    detect = detector_for("en")
    assert detect is not None
    (mention,) = detect("", "Peru and Chile signed a border treaty on Thursday.", None)
    assert mention.date is None
    (mention,) = detect("", "Peru and Chile signed a border treaty on 3 May 1929.", None)
    assert mention.date == "1929-05-03"


def test_text_in_another_language_gives_nothing() -> None:
    """Text in another language gives nothing."""
    detect = detector_for(None)
    assert detect is not None
    assert (
        detect(
            "", "Le Pérou et le Chili ont signé un traité de paix à Lima, et le Sénat du Pérou va le ratifier.", _WHEN
        )
        == ()
    )
