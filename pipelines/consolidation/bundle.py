"""The cells that are read together: one type and period of a dossier and its aliases."""

from collections.abc import Iterable, Sequence

import msgspec

from pipelines.consolidation.aggregate import live
from pipelines.consolidation.agreement import claim
from pipelines.consolidation.events import Event, events, in_order
from pipelines.consolidation.view import draft
from schemas.event import EventView
from schemas.state import Aggregate, Cell, Voice
from schemas.vocabulary import EventType


class Bundle:
    """The events of a few aggregates of one type and period.

    Args:
        aggregates: As they are now, at least one.
        before: As they were loaded.
        touched: The ids of cells that were spoken to.
        joined: Whether to group all cells anew: aggregates came together, or may be of different writes.
    """

    def __init__(
        self,
        aggregates: Sequence[Aggregate],
        before: Iterable[Aggregate],
        touched: set[str],
        *,
        joined: bool,
    ) -> None:
        self.aggregates = {aggregate.id: aggregate for aggregate in aggregates}
        self.type: EventType = aggregates[0].type
        self._cells = {id_: cell for aggregate in aggregates for id_, cell in aggregate.cells.items()}
        self._home = {id_: aggregate.id for aggregate in aggregates for id_ in aggregate.cells}
        self._before = {id_: founder for one in before for id_, founder in one.founders.items()}
        known = {id_: cell for one in before for id_, cell in one.cells.items() if id_ in touched}
        self._regrouped = (
            joined
            or self._cells.keys() != self._before.keys()
            or not self._cells.keys() >= set(self._before.values())  # the founder's own document was not written
            or any(_ordered_otherwise(known.get(id_), self._cells[id_]) for id_ in touched)
        )
        founders = self._before
        if self._regrouped:
            founders = {cell.id: event.id for event in events(self._cells.values()) for cell in event.cells}
        self._founders = founders
        self._members: dict[str, list[str]] = {}
        for id_, founder in founders.items():
            self._members.setdefault(founder, []).append(id_)
        self._touched = touched
        self._joined = joined

    @property
    def is_regrouped(self) -> bool:
        """Whether a cell belongs to another event than is stored."""
        return self._founders != self._before

    @property
    def events(self) -> Iterable[str]:
        """The ids of all events, in no order."""
        return self._members.keys()

    def home(self, event: str) -> str:
        """The id of the aggregate in which an event was founded."""
        return self._home[event]

    def draft(self, event: str) -> EventView:
        """The view of an event by itself."""
        return draft(self._event(event), self.type, self._live)

    def words(self, event: str) -> list[str]:
        """What has been noted as told of an event's cells, the founding cell's first."""
        noted = ((cell.id, self.aggregates[self._home[cell.id]].announced) for cell in self._event(event).cells)
        return [announced[id_] for id_, announced in noted if id_ in announced]

    def again(self) -> set[str]:
        """The events that may show something else than before."""
        if self._joined:
            return set(self._members)
        hit = {self._founders[id_] for id_ in self._touched}
        if self._regrouped:
            left = {id_ for id_, founder in self._before.items() if self._founders[id_] != founder}
            hit |= {self._founders[id_] for id_ in left} | {self._before[id_] for id_ in left} & self._members.keys()
        return hit

    def to_save(self) -> list[Aggregate]:
        """The aggregates, with which cell belongs to which event."""
        if not self._regrouped:
            return list(self.aggregates.values())
        return [
            msgspec.structs.replace(one, founders={id_: self._founders[id_] for id_ in one.cells})
            for one in self.aggregates.values()
        ]

    def _event(self, event: str) -> Event:
        return in_order(self._cells[id_] for id_ in self._members[event])

    def _live(self, cell: Cell) -> list[Voice]:
        return live(self.aggregates[self._home[cell.id]], cell)


def _ordered_otherwise(before: Cell | None, now: Cell) -> bool:
    """Whether a cell may join another event than it did: known from earlier, or told by another claim."""
    if before is None or before.first_seen != now.first_seen:
        return True
    return before is not now and bool(now.sides) and claim(before) != claim(now)
