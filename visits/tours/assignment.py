"""Two classics in the standard library: a largest matching with capacities, and a cheapest assignment."""

from collections.abc import Mapping, Sequence
from datetime import date

Days = Sequence[date]


def largest_matching(wanted: Sequence[Days], capacity: Mapping[date, int]) -> list[date | None]:
    """As many tasks as possible on one of their days each, never more on a day than its capacity (Kuhn, 1955).

    Exact: every task is placed if and only if that is possible at all.
    """
    chosen: list[date | None] = [None] * len(wanted)
    on: dict[date, list[int]] = {}

    def place(task: int, seen: set[date]) -> bool:
        for day in wanted[task]:
            if day in seen or not capacity.get(day, 0):
                continue
            seen.add(day)
            there = on.setdefault(day, [])
            if len(there) < capacity[day]:
                there.append(task)
                chosen[task] = day
                return True
            for index, other in enumerate(there):
                if place(other, seen):
                    there[index] = task
                    chosen[task] = day
                    return True
        return False

    for task in sorted(range(len(wanted)), key=lambda t: (len(wanted[t]), wanted[t][-1:], t)):
        place(task, set())
    return chosen


def cheapest_assignment(cost: Sequence[Sequence[float]]) -> tuple[list[int], float]:
    """For each row its own column, at the least total cost (Hungarian method with potentials, rows ≤ columns)."""
    rows, columns = len(cost), len(cost[0]) if cost else 0
    if rows > columns:
        raise ValueError("there must be a column for every row")
    infinite = float("inf")
    row_price, column_price = [0.0] * (rows + 1), [0.0] * (columns + 1)
    owner, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0], column = row, 0
        least, used = [infinite] * (columns + 1), [False] * (columns + 1)
        while owner[column]:
            used[column] = True
            line, price = cost[owner[column] - 1], row_price[owner[column]]
            step, following = infinite, 0
            for j in range(1, columns + 1):
                if used[j]:
                    continue
                reduced = line[j - 1] - price - column_price[j]
                if reduced < least[j]:
                    least[j], way[j] = reduced, column
                if least[j] < step:
                    step, following = least[j], j
            _reprice(step, used, owner, row_price, column_price, least)
            column = following
        while column:
            owner[column], column = owner[way[column]], way[column]
    chosen = [0] * rows
    for j in range(1, columns + 1):
        if owner[j]:
            chosen[owner[j] - 1] = j - 1
    return chosen, sum(cost[row][column] for row, column in enumerate(chosen))


def _reprice(
    step: float,
    used: Sequence[bool],
    owner: Sequence[int],
    row_price: list[float],
    column_price: list[float],
    least: list[float],
) -> None:
    for j, is_used in enumerate(used):
        if is_used:
            row_price[owner[j]] += step
            column_price[j] -= step
        else:
            least[j] -= step
