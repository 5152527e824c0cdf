"""Which cells are one event: leader clustering, a pure function of the cells of one dossier, type and period.

Cells are taken in the order in which they were first seen. Each joins the event founded earliest with whose cells it
agrees, else founds one. So a later cell never changes where an earlier one went, and an event keeps its founder and id.
Cells that nobody stands by any longer take part: what an event is called does not change when a report is taken back.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipelines.consolidation.agreement import Traits, dates_agree, nested, same_body, sides_agree, traits
from schemas.mention import Edtf
from schemas.state import Cell
from schemas.vocabulary import Body


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
    for cell in sorted(cells, key=lambda cell: (cell.first_seen, cell.id)):
        new = traits(cell)
        for event in founded:
            if event.agrees(new):
                event.join(cell, new)
                break
        else:
            founded.append(_Founded(cell, new))
    return tuple(Event(tuple(event.cells)) for event in founded)


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


def by_cell(found: Sequence[Event]) -> dict[str, Event]:
    """The event of each cell id."""
    return {cell.id: event for event in found for cell in event.cells}
