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

    def cost(row: int, column: int) -> float:
        return -weights[row][column] if row < rows and column < columns else 0.0

    row_price, column_price = [0.0] * size, [0.0] * size
    row_of: list[int | None] = [None] * size
    for start in range(size):
        shortest = [float("inf")] * size
        came_from: list[int | None] = [None] * size
        done = [False] * size
        row, column = start, -1
        travelled = 0.0
        while True:
            for other in range(size):
                if done[other]:
                    continue
                reach = travelled + cost(row, other) - row_price[row] - column_price[other]
                if reach < shortest[other]:
                    shortest[other], came_from[other] = reach, column if column >= 0 else None
            column = min((other for other in range(size) if not done[other]), key=lambda other: shortest[other])
            done[column], travelled = True, shortest[column]
            taken = row_of[column]
            if taken is None:
                break
            row = taken
        row_price[start] += travelled
        for other in range(size):
            if done[other] and other != column:
                column_price[other] += shortest[other] - travelled
                holder = row_of[other]
                if holder is not None:
                    row_price[holder] += travelled - shortest[other]
        while True:
            before = came_from[column]
            row_of[column] = start if before is None else row_of[before]
            if before is None:
                break
            column = before
    pairs = ((row, column) for column, row in enumerate(row_of) if row is not None)
    return sorted(
        (row, column) for row, column in pairs if row < rows and column < columns and weights[row][column] > 0
    )
