"""Maximum-weight one-to-one assignment."""

from collections.abc import Sequence


def assign(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The (row, column) pairs of positive weight of the best assignment, by row.

    Shortest augmenting paths (Jonker and Volgenant) on the square matrix of costs, padded with zeros.
    """
    rows = len(weights)
    columns = len(weights[0]) if rows else 0
    size = max(rows, columns)
    if not rows or not columns:
        return []
    costs = [[-weights[i][j] if i < rows and j < columns else 0.0 for j in range(size)] for i in range(size)]
    solver = _Solver(costs)
    for row in range(size):
        solver.add(row)
    pairs = ((row, column) for column, row in enumerate(solver.row_of) if row is not None)
    return sorted((i, j) for i, j in pairs if i < rows and j < columns and weights[i][j] > 0)


class _Solver:
    """The least-cost assignment of the rows added so far."""

    def __init__(self, costs: list[list[float]]) -> None:
        self._costs = costs
        self._row_price = [0.0] * len(costs)
        self._column_price = [0.0] * len(costs)
        self.row_of: list[int | None] = [None] * len(costs)
        """By column; None where it is free."""

    def add(self, start: int) -> None:
        """Assigns one more row, moving others along the shortest augmenting path."""
        size = len(self._costs)
        reached = [float("inf")] * size
        came_from: list[int | None] = [None] * size
        done: list[int] = []
        row, last, travelled = start, None, 0.0
        while True:
            for column in range(size):
                if column not in done:
                    reach = travelled + self._costs[row][column] - self._row_price[row] - self._column_price[column]
                    if reach < reached[column]:
                        reached[column], came_from[column] = reach, last
            last = min((column for column in range(size) if column not in done), key=reached.__getitem__)
            travelled = reached[last]
            taken = self.row_of[last]
            if taken is None:
                break
            done.append(last)
            row = taken
        self._reprice(start, done, reached, travelled)
        self._shift(start, last, came_from)

    def _reprice(self, start: int, done: list[int], reached: list[float], travelled: float) -> None:
        self._row_price[start] += travelled
        for column in done:
            self._column_price[column] += reached[column] - travelled
            holder = self.row_of[column]
            if holder is not None:
                self._row_price[holder] += travelled - reached[column]

    def _shift(self, start: int, column: int, came_from: list[int | None]) -> None:
        while (before := came_from[column]) is not None:
            self.row_of[column] = self.row_of[before]
            column = before
        self.row_of[column] = start
