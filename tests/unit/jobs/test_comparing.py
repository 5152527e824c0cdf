"""Two generations compared."""

from msgspec.structs import replace

from connectors.memory import Adapters
from pipelines.jobs.comparing import Difference, compare
from schemas.event import EventView
from schemas.mention import Actor
from schemas.vocabulary import EventType, Modality, Role
from tests.integration.contract.records import view

CHILE = (Actor("CHL", Role.SIGNATORY),)


def _compared(before: list[EventView], after: list[EventView]) -> Difference:
    adapters = Adapters()
    adapters.events.save([], before)
    generation = adapters.generations.begin("new")
    findings = adapters.generations.findings(generation)
    findings.save([], after)
    return compare(adapters.generations.findings(adapters.generations.serving()), findings, lambda: None)


def _pairs(difference: Difference) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.before.id, one.after.id, one.fields) for one in difference.changed]


def test_what_says_the_same_is_the_same() -> None:
    """Though revision, reporters and confidence differ."""
    old = view("evt-aaaa", date="2026-05-01")
    difference = _compared([old], [replace(old, revision=9, articles=4, confidence=0.9, headline="Other")])
    assert difference == Difference((), (), (), 1)


def test_an_event_that_says_something_else_has_changed() -> None:
    """In these fields."""
    old = view("evt-aaaa", date="2026-05-01")
    difference = _compared([old], [replace(old, date="2026-05-02", modality=Modality.SCHEDULED)])
    assert _pairs(difference) == [("evt-aaaa", "evt-aaaa", ("modality", "date"))]
    assert difference.counts() == {EventType.RATIFICATION: {"came": 0, "went": 0, "changed": 1}}


def test_an_event_under_an_alias_of_the_other_is_one_event() -> None:
    """Whichever of the two knows the other's id."""
    difference = _compared(
        [view("evt-aaaa"), view("evt-cccc", aliases=("evt-dddd",), date="2026-01-01")],
        [view("evt-bbbb", aliases=("evt-aaaa",)), view("evt-dddd", date="2026-01-01")],
    )
    assert _pairs(difference) == [("evt-aaaa", "evt-bbbb", ("id",)), ("evt-cccc", "evt-dddd", ("id",))]


def test_an_event_with_another_id_is_found_by_what_it_says() -> None:
    """The surest likeness first; an unknown date or nobody as actor is no likeness."""
    base = replace(view("evt-a001", date="2026-05-01"), actors=CHILE)
    by_date = replace(view("evt-a002", date="2026-06-01"), actors=CHILE)
    elsewhere = replace(view("evt-a003", dossier="dos-two", date="2026-07-01"), actors=CHILE)
    nobody = view("evt-a004", dossier="dos-three")
    difference = _compared(
        [base, by_date, elsewhere, nobody],
        [
            replace(by_date, id="evt-b002", date="2026-06-02"),
            replace(base, id="evt-b001", modality=Modality.NEGATED),
            replace(elsewhere, id="evt-b003", dossier="dos-four"),
            replace(nobody, id="evt-b004", claim="something"),
        ],
    )
    assert sorted(_pairs(difference)) == [
        ("evt-a001", "evt-b001", ("id", "modality")),
        ("evt-a002", "evt-b002", ("id", "date")),
        ("evt-a003", "evt-b003", ("id", "dossier")),
    ]
    assert [one.id for one in difference.went] == ["evt-a004"]
    assert [one.id for one in difference.came] == ["evt-b004"]


def test_what_is_caught_up_with_late_has_not_gone() -> None:
    """The detect job writes first, and commits after."""
    adapters = Adapters()
    adapters.events.save([], [view("evt-aaaa"), view("evt-bbbb", date="2026-05-01")])
    findings = adapters.generations.findings(adapters.generations.begin("new"))
    findings.save([], [view("evt-aaaa")])
    turns = iter([[], [view("evt-bbbb", date="2026-05-01")]])
    serving = adapters.generations.findings(adapters.generations.serving())
    assert compare(serving, findings, lambda: findings.save([], next(turns))) == Difference((), (), (), 2)


def test_what_comes_and_goes_is_listed_by_type_and_date() -> None:
    """And counted by type; each is whole, with its sentence."""
    old = [view("evt-a001", date="2026-05-01", type=EventType.SIGNATURE, dossier="dos-two"), view("evt-a002")]
    difference = _compared(old, [view("evt-b001", date="2026-05-03"), view("evt-b002", date="2026-05-02")])
    assert difference.went == (old[1], old[0])
    assert [one.id for one in difference.came] == ["evt-b002", "evt-b001"]
    assert difference.counts() == {
        EventType.RATIFICATION: {"came": 2, "went": 1, "changed": 0},
        EventType.SIGNATURE: {"came": 0, "went": 1, "changed": 0},
    }
