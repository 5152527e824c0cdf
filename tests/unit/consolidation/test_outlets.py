"""How many independent outlets say so."""

import random

import pytest

from pipelines.consolidation import fingerprint, same_text
from pipelines.consolidation.cell import OUTLETS, VOICES
from pipelines.consolidation.outlets import kmv
from schemas.identifiers import stable_hash
from tests.unit.consolidation.newsroom import Newsroom, changes, mention, said

WIRE = """Iran's parliament approved a strategic partnership treaty with Russia on Wednesday, state media said, four
months after the presidents of both countries signed it in Moscow. Of 211 lawmakers present, 192 voted in
favour. The treaty provides for cooperation in defence, energy and trade, and obliges neither side to come to
the other's aid in a war."""
OTHER = """Lawmakers in Tehran have given their consent to the pact that ties their country to Moscow for two decades.
The vote had been put off twice since the winter. Opponents had asked what the country would gain from closer
ties with a neighbour that is itself under sanctions; supporters pointed to gas, railways and the seat both
want in new bodies."""


def test_copies_of_one_text_are_one_text() -> None:
    """With another title, a dateline before, or a sentence cut off."""
    wire = fingerprint("Iran approves treaty", WIRE)
    assert same_text(wire, fingerprint("Tehran says yes", WIRE))
    assert same_text(wire, fingerprint("", "TEHRAN (Reuters) - " + WIRE))
    assert same_text(wire, fingerprint("", WIRE.upper()))
    assert not same_text(wire, fingerprint("Iran approves treaty", OTHER))


def test_too_little_text_has_no_fingerprint_and_is_no_copy_of_anything() -> None:
    """Two headlines are not a source."""
    assert fingerprint("Iran approves treaty", "Short.") == 0
    assert not same_text(0, 0)


def test_a_short_text_counts_together_with_its_title() -> None:
    """As feeds give it that hold no more."""
    title = "Iran's parliament approves the twenty year treaty on strategic partnership with Russia, state media report"
    summary = "Of 211 lawmakers, 192 voted in favour on Wednesday."
    assert fingerprint(title, summary) == fingerprint("", f"{title} {summary}") != 0


def test_a_fingerprint_is_the_majority_of_each_bit() -> None:
    """Of many random texts, no two are near."""
    chance = random.Random(1)
    words = [f"word{number}" for number in range(500)]
    prints = [fingerprint("", " ".join(chance.choices(words, k=chance.randint(20, 400)))) for _ in range(200)]
    assert not any(same_text(one, other) for place, one in enumerate(prints) for other in prints[:place])
    assert 28 < sum(one.bit_count() for one in prints) / len(prints) < 36


def test_near_duplicates_of_several_outlets_are_one_outlet() -> None:
    """And the outlet that has the copy and a text of its own is the same outlet still."""
    wire, other = fingerprint("", WIRE), fingerprint("", OTHER)
    room = Newsroom()
    room.hear(
        said("a", mention(date="2025-05-21"), outlet="Reuters", fingerprint=wire),
        said("b", mention(date="2025-05-21"), outlet="Gazette", fingerprint=wire),
        said("c", mention(date="2025-05-21"), outlet="Courier", fingerprint=other),
        said("d", mention(date="2025-05-21"), outlet="Courier", fingerprint=0),
    )
    view = room.only()
    assert (view.articles, view.outlets, view.outlet_names) == (4, 2, ("Courier", "Gazette", "Reuters"))
    assert view.confidence == pytest.approx(1 - 0.2 * 0.2)


def test_corroboration_is_told_at_each_threshold_once() -> None:
    """2, 3, 5, 10 … outlets; repeats of one outlet corroborate nothing."""
    room = Newsroom()
    told = []
    for number in range(12):
        told += room.hear(said(f"art-{number}", mention(date="2025-05-21")))
        told += room.hear(said(f"again-{number}", mention(date="2025-05-21"), outlet=f"art-{number}"))
    values = [one.value for one in told if one.change == "corroborated"]
    assert values == ["2", "3", "5", "10"]


def test_what_several_outlets_say_at_once_is_new_and_corroborated() -> None:
    """At the greatest threshold that it reaches."""
    room = Newsroom()
    told = room.hear(*(said(f"art-{number}", mention(date="2025-05-21")) for number in range(6)))
    assert changes(told) == [("corroborated", "5"), ("new", ""), ("status", "ratified")]


def test_a_cell_keeps_a_bounded_sample_and_estimates_the_rest() -> None:
    """Two thousand articles of 500 outlets: 32 voices are kept, and the counts are right within a third."""
    room = Newsroom()
    room.hear(*(said(f"art-{n}", mention(date="2025-05-21"), outlet=f"outlet {n % 500}") for n in range(2000)))
    view = room.only()
    (aggregate,) = (state for id_, state in room.states.items() if id_.startswith("agg-"))
    (cell,) = aggregate.cells.values()  # type: ignore[union-attr]
    assert (len(cell.voices), len(cell.outlet_hashes)) == (VOICES, OUTLETS)
    assert 330 < view.outlets < 670
    assert 1300 < view.articles < 2700
    assert len(view.outlet_names) <= VOICES


def test_a_thousand_copies_of_one_wire_text_are_one_outlet() -> None:
    """However many outlets bring it."""
    room = Newsroom()
    room.hear(*(said(f"art-{number}", mention(date="2025-05-21"), fingerprint=12345) for number in range(1000)))
    assert room.only().outlets == 1


@pytest.mark.parametrize("count", [0, 1, 63, 200, 5000])
def test_the_sketch_counts_distinct_values(count: int) -> None:
    """Exactly below its size, within a third above."""
    estimate = kmv(stable_hash(f"outlet {number}") for number in range(count))
    assert estimate == count if count < OUTLETS else abs(estimate - count) < count / 3


def test_confidence_never_reaches_certainty() -> None:
    """However many say so."""
    room = Newsroom()
    room.hear(*(said(f"art-{number}", mention(date="2025-05-21")) for number in range(20)))
    assert room.only().confidence == 0.99
