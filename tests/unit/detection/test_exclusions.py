"""What looks like an instrument and binds no state, beside what is worded alike and does."""

import datetime

import pytest

from pipelines.detection import detector_for

_WHEN = datetime.datetime(2025, 6, 18, 12, tzinfo=datetime.UTC)

_NOTHING = (
    "Two supermarket chains agreed a price truce on Monday after months of cuts, the companies said in France.",
    "The price truce between the French supermarkets collapsed on Friday.",
    "Two shipyards in South Korea and Norway signed a joint venture accord on Tuesday.",
    "Germany's metalworkers and employers agreed an accord on wages on Friday.",
    "The club said the Argentine midfielder had signed a new deal until 2028.",
    "The Ship Breaking Protocol was drafted in Oslo, Norway, for yards that break ships.",
    "Boeing signed an agreement with Ethiopian Airlines on Monday.",
    "The Japanese carmaker signed a memorandum of understanding with Indonesia's state power company.",
    "Italy's Eni signs a gas deal with Algeria's Sonatrach.",
    "Sweden's Volvo ended its cooperation agreement with China's Geely.",
    "Israel's Tamar gas field signed an export agreement with Egypt.",
    "The company said it had signed an agreement to buy a copper mine in Zambia.",
    "Russian and Ukrainian grain traders agreed on a price deal.",
    "A Turkish shipyard signed a deal with the Malaysian navy to build two patrol boats.",
    "The Chilean mining firm and its workers signed a wage accord after a strike.",
    "Mexico's president broke protocol by hugging the queen.",
    "Two hospitals in Austria and Italy adopted a revised protocol for the treatment of burns.",
    "Democrats and Republicans in the United States Senate reach a deal on infrastructure.",
    "Argentina reaches a deal with its creditors.",
    "Dockers have voted to accept the port company's new deal. The agreement was signed in the canteen on Friday.",
    "Pfizer and its partner signed an agreement with UNICEF on the supply of a pill.",
)

_SOMETHING = (
    ("After years of talks and one abandoned court case, Kenya and Somalia signed a treaty.", "signature", "occurred"),
    ("Australia signs a vaccine swap agreement with Singapore.", "signature", "occurred"),
    ("Kazakhstan and Russia prolonged their lease agreement for the test range.", "extension", "occurred"),
    ("Rwanda and Burundi agree to a ceasefire from 25 November.", "entry_into_force", "scheduled"),
    (
        "Thousands protest in Accra against a trade agreement with Togo to be signed on Tuesday.",
        "signature",
        "scheduled",
    ),
    ("Ghana denies reports of an agreement with Togo.", "adoption", "negated"),
    ("Ghana denies an assertion that it had made an agreement with Togo.", "adoption", "negated"),
    ("Gambia reverses its decision to leave the International Criminal Court.", "withdrawal", "negated"),
    ("Chad is the 50th state to ratify the Ottawa Convention.", "ratification", "occurred"),
    ("Chad and Sudan blame each other for violating the truce.", "allegation", "occurred"),
    ("The European Commission takes Poland to court over the treaty.", "dispute", "occurred"),
    ("The UN says peace talks between Chad and Sudan will resume on Friday.", "negotiation", "scheduled"),
    ("Latvians voted to join the European Union in a referendum on Saturday.", "ratification", "occurred"),
    ("Chad has signed but not ratified the Ottawa Convention.", "signature", "occurred"),
)


def test_breaking_in_a_name_breaks_nothing() -> None:
    """Breaking in a name breaks nothing."""
    detect = detector_for("en")
    assert detect is not None
    found = detect("", "Timor-Leste acceded to the ship breaking protocol on Monday.", _WHEN)
    assert {mention.type for mention in found} == {"accession"}


@pytest.mark.parametrize("text", _NOTHING)
def test_what_binds_no_state_is_no_mention(text: str) -> None:
    """What binds no state is no mention."""
    detect = detector_for("en")
    assert detect is not None
    assert detect("", text, _WHEN) == ()


@pytest.mark.parametrize(("text", "kind", "modality"), _SOMETHING)
def test_what_is_worded_alike_and_binds_is_found(text: str, kind: str, modality: str) -> None:
    """What is worded alike and binds is found."""
    detect = detector_for("en")
    assert detect is not None
    assert (kind, modality) in [(mention.type, mention.modality) for mention in detect("", text, _WHEN)]
