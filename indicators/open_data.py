"""Small cells hidden before publication, so that none can be deduced from the totals. Pure (functions S-071).

Primary: a cell built on too few houses or children is hidden. Secondary: a hidden cell that the published totals would
give back takes its smallest visible neighbour with it, until none can be computed; in a line too short for that, the
total is hidden as well.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

LEAST_HOUSES = 3
LEAST_CHILDREN = 11
TOTAL = "total"
HIDDEN = "s"  # « secret statistique », as the Insee writes it


@dataclass(frozen=True)
class Cell:
    """What one cell of a published table adds: houses and children behind it, and its value."""

    houses: int
    children: int
    value: int


Key = tuple[str, str]
Line = tuple[int, str]  # (0, row) or (1, column)


@dataclass(frozen=True)
class Hidden:
    """What is not published: cells, and totals of lines that would give back a cell that nothing can protect."""

    cells: frozenset[Key]
    totals: frozenset[Line]


def suppressed(cells: Mapping[Key, Cell]) -> Hidden:
    """What to hide in a table whose totals by row and by column are published, so that no hidden cell is deduced."""
    hidden = {key for key, cell in cells.items() if cell.houses > 0 and _is_small(cell)}
    totals: set[Line] = set()
    while known := deducible(cells, hidden, totals):
        key = known[0]
        beside = [
            other
            for other in cells
            if other not in hidden and cells[other].houses and (other[0] == key[0] or other[1] == key[1])
        ]
        if beside:
            hidden.add(min(beside, key=lambda other: (cells[other].value, other)))
        else:
            totals |= {(0, key[0]), (1, key[1])}
    return Hidden(frozenset(hidden), frozenset(totals))


def _is_small(cell: Cell) -> bool:
    return cell.houses < LEAST_HOUSES or cell.children < LEAST_CHILDREN


def deducible(cells: Mapping[Key, Cell], hidden: Collection[Key], totals: Collection[Line]) -> list[Key]:
    """The hidden cells whose value follows from the published ones, in order.

    Each published total is one equation between the hidden cells of its line; a cell is known when it is alone in an
    equation of the reduced system.
    """
    unknown = sorted(hidden)
    lines = sorted({(axis, key[axis]) for key in unknown for axis in (0, 1)} - set(totals))
    system = [[Fraction(key[axis] == line) for key in unknown] for axis, line in lines]
    return [unknown[place] for place in sorted(_alone(_reduced(system)))]


def _alone(system: list[list[Fraction]]) -> set[int]:
    found = set()
    for equation in system:
        places = [place for place, factor in enumerate(equation) if factor]
        if len(places) == 1:
            found.add(places[0])
    return found


def _reduced(system: list[list[Fraction]]) -> list[list[Fraction]]:
    """The same equations, each pivot alone in its column (Gauss and Jordan, exact)."""
    rows, pivot = [list(row) for row in system], 0
    for column in range(len(rows[0]) if rows else 0):
        source = next((n for n in range(pivot, len(rows)) if rows[n][column]), None)
        if source is None:
            continue
        rows[pivot], rows[source] = rows[source], rows[pivot]
        scale = rows[pivot][column]
        rows[pivot] = [value / scale for value in rows[pivot]]
        for n, row in enumerate(rows):
            if n != pivot and row[column]:
                factor = row[column]
                rows[n] = [value - factor * other for value, other in zip(row, rows[pivot], strict=True)]
        pivot += 1
    return rows


def table(cells: Mapping[Key, Cell]) -> list[tuple[str, str, str]]:
    """(row, column, text) in order, totals included: "s" for what is hidden, "0" for an empty cell."""
    hidden = suppressed(cells)
    rows, columns = sorted({key[0] for key in cells}), sorted({key[1] for key in cells})
    found = []
    for row in rows:
        for column in columns:
            value = cells.get((row, column), Cell(0, 0, 0)).value
            found.append((row, column, HIDDEN if (row, column) in hidden.cells else str(value)))
        found.append((row, TOTAL, _total(cells, hidden, (0, row))))
    return found + [(TOTAL, column, _total(cells, hidden, (1, column))) for column in columns]


def _total(cells: Mapping[Key, Cell], hidden: Hidden, line: Line) -> str:
    axis, name = line
    return HIDDEN if line in hidden.totals else str(sum(cells[key].value for key in cells if key[axis] == name))
