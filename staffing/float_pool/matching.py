"""Minimum-cost assignment, exact, with costs compared in lexicographic order."""

from collections.abc import Sequence

CostTuple = Sequence[int]


def assign(costs: Sequence[Sequence[CostTuple | None]], unassigned: Sequence[CostTuple]) -> list[int | None]:
    """The column of each row, or None, at the least total cost.

    `costs[row][column]` is a tuple of integers, None where impossible; `unassigned[row]` the cost of giving the row
    nothing. Totals are sums by component, compared as tuples: the first component matters before the second, whatever
    the sizes. A column serves one row at most. Negative integers are refused (ValueError).
    """
    if not costs:
        return []
    columns = len(costs[0])
    weights = _weights(costs, unassigned)

    def weight(cost: CostTuple) -> int:
        return sum(part * unit for part, unit in zip(cost, weights, strict=True))

    alone = [weight(cost) for cost in unassigned]
    never = sum(alone) + sum(max((weight(c) for c in row if c is not None), default=0) for row in costs) + 1
    # One more column for each row, which only it may take: leaving it unassigned.
    matrix = [
        [never if cost is None else weight(cost) for cost in row]
        + [never] * index
        + [alone[index]]
        + [never] * (len(costs) - index - 1)
        for index, row in enumerate(costs)
    ]
    return [column if column < columns else None for column in _hungarian(matrix)]


def _weights(costs: Sequence[Sequence[CostTuple | None]], unassigned: Sequence[CostTuple]) -> list[int]:
    """One integer per component, such that weighted sums compare as the tuples do."""
    weights: list[int] = []
    unit = 1
    for part in reversed(range(len(unassigned[0]))):
        largest = 0
        for row, alone in zip(costs, unassigned, strict=True):
            parts = [cost[part] for cost in (*row, alone) if cost is not None]
            if min(parts) < 0:
                raise ValueError("costs must not be negative")
            largest += max(parts)
        weights.append(unit)
        unit *= largest + 1
    return weights[::-1]


def _hungarian(matrix: Sequence[Sequence[int]]) -> list[int]:
    """The column of each row of a matrix with at least as many columns as rows (Kuhn–Munkres by shortest paths).

    `price` of rows and columns are the dual values; each round adds one row by the cheapest augmenting path.
    """
    rows, columns = len(matrix), len(matrix[0])
    row_price, column_price = [0] * rows, [0] * (columns + 1)
    owner = [-1] * (columns + 1)  # the row of each column; the last one is where a path starts
    for row in range(rows):
        owner[columns] = row
        came_from, reached = _shortest_path(matrix, row_price, column_price, owner)
        while reached != columns:
            owner[reached] = owner[came_from[reached]]
            reached = came_from[reached]
    found = [0] * rows
    for column in range(columns):
        if owner[column] >= 0:
            found[owner[column]] = column
    return found


def _shortest_path(
    matrix: Sequence[Sequence[int]], row_price: list[int], column_price: list[int], owner: list[int]
) -> tuple[list[int], int]:
    """The column from which each was reached, and the free column at the end; the prices are moved on the way."""
    columns = len(matrix[0])
    came_from = [columns] * (columns + 1)
    slack: list[int | None] = [None] * columns
    waiting, done = list(range(columns)), [columns]
    column = columns
    while owner[column] >= 0:
        row = owner[column]
        line, base = matrix[row], row_price[row]
        best, following = None, -1
        for other in waiting:
            cost, known = line[other] - base - column_price[other], slack[other]
            if known is None or cost < known:
                slack[other] = known = cost
                came_from[other] = column
            if best is None or known < best:
                best, following = known, other
        assert best is not None  # noqa: S101 - there are at least as many columns as rows
        for visited in done:
            row_price[owner[visited]] += best
            column_price[visited] -= best
        for other in waiting:
            slack[other] -= best  # type: ignore[operator]
        waiting.remove(following)
        done.append(following)
        column = following
    return came_from, column
