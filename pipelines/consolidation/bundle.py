"""The cells that are read together: one type and period of a dossier and its aliases."""

from collections.abc import Iterable, Sequence

from pipelines.consolidation.aggregate import live
from pipelines.consolidation.cell import SIDED
from pipelines.consolidation.events import events
from pipelines.consolidation.view import draft
from schemas.event import EventView
from schemas.state import Aggregate, Cell, Voice
from schemas.vocabulary import EventType


class Bundle:
    """The events of a few aggregates of one type and period.

    Args:
        aggregates: As they are now, at least one.
        before: As they were loaded.
    """

    def __init__(self, aggregates: Sequence[Aggregate], before: Iterable[Aggregate]) -> None:
        self.aggregates = {aggregate.id: aggregate for aggregate in aggregates}
        self.type: EventType = aggregates[0].type
        self._before = [cell for aggregate in before for cell in aggregate.cells.values()]
        self._home = {cell: aggregate.id for aggregate in aggregates for cell in aggregate.cells}
        self.events = events(cell for aggregate in aggregates for cell in aggregate.cells.values())
        self._by_id = {event.id: event for event in self.events}

    def home(self, event: str) -> str:
        """The id of the aggregate in which an event was founded."""
        return self._home[event]

    def draft(self, event: str) -> EventView:
        """The view of an event by itself."""
        return draft(self._by_id[event], self.type, self._live)

    def words(self, event: str) -> list[str]:
        """What has been noted as told of an event's cells, the founding cell's first."""
        noted = ((cell.id, self.aggregates[self._home[cell.id]].announced) for cell in self._by_id[event].cells)
        return [announced[id_] for id_, announced in noted if id_ in announced]

    def touched(self, cells: set[str]) -> set[str]:
        """The events that may show something else than before, given the cells that were spoken to."""
        hit = {event.id for event in self.events if any(cell.id in cells for cell in event.cells)}
        if not self._regrouped(cells):
            return hit
        before = {tuple(cell.id for cell in event.cells) for event in events(self._before)}
        return hit | {event.id for event in self.events if tuple(cell.id for cell in event.cells) not in before}

    def _regrouped(self, cells: set[str]) -> bool:
        """Whether cells may have changed events: one is new, is known from earlier, or may be told by another claim."""
        if self.type in SIDED:
            return True
        before = {cell.id: cell.first_seen for cell in self._before}
        now = (self.aggregates[self._home[id_]].cells[id_] for id_ in cells if id_ in self._home)
        return any(before.get(cell.id) != cell.first_seen for cell in now)

    def _live(self, cell: Cell) -> list[Voice]:
        return live(self.aggregates[self._home[cell.id]], cell)
