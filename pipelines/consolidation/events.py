"""Which cells are one event: leader clustering, a pure function of the cells of one dossier, type and period.

Cells are taken in the order in which they were first seen. Each joins the event founded earliest with whose cells it
agrees, else founds one. So a later cell never changes where an earlier one went, and an event keeps its founder and id.
Cells that nobody stands by any longer take part: what an event is called does not change when a report is taken back.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pipelines.consolidation.agreement import Traits, dates_agree, nested, same_body, sides_agree, traits
from pipelines.consolidation.dates import TIME_ZONES, days
from schemas.mention import Edtf
from schemas.state import Cell
from schemas.vocabulary import Body, Modality


class Event(NamedTuple):
    """Cells that are one happening, the founding one first, in order of first report."""

    cells: tuple[Cell, ...]

    @property
    def id(self) -> str:
        """The id of the founding cell."""
        return self.cells[0].id

    @property
    def aliases(self) -> tuple[str, ...]:
        """The ids of the other cells, sorted."""
        return tuple(sorted(cell.id for cell in self.cells[1:]))


def events(cells: Iterable[Cell]) -> tuple[Event, ...]:
    """The events of these cells, in order of their founding."""
    founded: list[_Founded] = []
    places: dict[Modality, _Places] = {}
    for cell in sorted(cells, key=lambda cell: (cell.first_seen, cell.id)):
        new = traits(cell)
        known = places.setdefault(cell.modality, _Places())
        place = next((place for place in known.candidates(new) if founded[place].agrees(new)), None)
        if place is None:
            place = len(founded)
            founded.append(_Founded(cell, new))
        else:
            founded[place].join(cell, new)
        known.note(place, new)
    return tuple(Event(tuple(event.cells)) for event in founded)


def in_order(cells: Iterable[Cell]) -> Event:
    """The event of these cells."""
    return Event(tuple(sorted(cells, key=lambda cell: (cell.first_seen, cell.id))))


class _Places:
    """Where among the founded events of one modality one may be that agrees with a cell: to look at few of them."""

    def __init__(self) -> None:
        self._all: dict[int, None] = {}
        self._by_day: dict[int, dict[int, None]] = {}
        """Events of which some cell is dated to the day, by each such day."""
        self._without_day: dict[int, None] = {}

    def candidates(self, new: Traits) -> Iterable[int]:
        """Places in order of founding, none left out that may agree."""
        on = _day(new)
        if on is None:
            return self._all
        near = (self._by_day.get(day, {}) for day in range(on - TIME_ZONES, on + TIME_ZONES + 1))
        return sorted({place for places in near for place in places} | self._without_day.keys())

    def note(self, place: int, new: Traits) -> None:
        """Notes that a cell went there."""
        on = _day(new)
        if on is not None:
            self._by_day.setdefault(on, {})[place] = None
            self._without_day.pop(place, None)
        elif place not in self._all:
            self._without_day[place] = None
        self._all[place] = None


def _day(traits_: Traits) -> int | None:
    """The day where the date is one."""
    if traits_.date is None:
        return None
    when = days(traits_.date)
    return when.first if when.first == when.last else None


class _Founded:
    """An event to which cells may still come."""

    def __init__(self, cell: Cell, founder: Traits) -> None:
        self.cells = [cell]
        self.traits = [founder]
        self.actors = founder.actors
        self.body: Body | None = founder.body
        self.dates: set[Edtf | None] = {founder.date}

    def agrees(self, new: Traits) -> bool:
        """Whether the cell agrees with every cell of the event.

        Actors are held against the widest set that the event has, which holds all the others: where "Iran and Russia
        signed", both "Iran signed" and "Russia signed" belong.
        """
        if new.modality != self.traits[0].modality or not nested(new.actors, self.actors):
            return False
        if not same_body(new.body, self.body):
            return False
        if new.date is not None and self.dates == {new.date}:
            return not new.sides or all(sides_agree(new, old) for old in self.traits)
        return all(dates_agree(new, old) and (not new.sides or sides_agree(new, old)) for old in self.traits)

    def join(self, cell: Cell, new: Traits) -> None:
        """Adds a cell that agrees."""
        self.cells.append(cell)
        self.traits.append(new)
        self.actors |= new.actors
        self.body = self.body or new.body
        self.dates.add(new.date)
