"""The city: two banks, a river between them, quarters drawn on a bent lattice, and the dated tree of territories.

It lies in the open sea, where nobody can take it for a real one. Neighbours share their edges because every point of
an edge goes through the same bending.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, pi, radians, sin, sqrt

from core.calendar import add_months, month_start
from establishments.models import Territory, TerritoryBoundary

from .names import DIVISIONS, SECTORS

CENTRE = (-9.0, 47.0)  # the Atlantic, a thousand kilometres off
KM_PER_DEGREE = 111.32
NAME = "Port-Ambrine"
POSTCODE = 99000
LONG_AGO = date(2012, 1, 1)
SEGMENTS = 8
SOURCE = "Ville de démonstration, dessinée par elle-même"
FORMER = "Secteur des Tanneries"


@dataclass(frozen=True)
class Lattice:
    """A square of [-1, 1]² bent into a city; `river` is half the width of the water, in the same unit."""

    radius_km: float
    phases: tuple[float, ...]
    river: float = 0.05

    def __call__(self, u, v):
        """Longitude and latitude of a point of the square. One-to-one: ripples are gentle, the river winds."""
        a, b, c, d = self.phases
        u, v = (
            u + 0.035 * sin(4 * v + a) + 0.010 * sin(15 * v + c) * cos(11 * u),
            v + 0.150 * sin(2.8 * u + b) * (1 - v * v) + 0.010 * sin(13 * u + d) * cos(17 * v),
        )
        x, y = u * sqrt(max(0.0, 1 - v * v / 2.4)), v * sqrt(max(0.0, 1 - u * u / 2.4))
        squeeze = cos(radians(CENTRE[1]))
        lon = CENTRE[0] + 1.25 * x * self.radius_km / (KM_PER_DEGREE * squeeze)
        return round(lon, 6), round(CENTRE[1] + y * self.radius_km / KM_PER_DEGREE, 6)

    def outline(self, west, south, east, north):
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        ring = []
        for (u1, v1), (u2, v2) in zip(corners, corners[1:], strict=False):
            steps = (k / SEGMENTS for k in range(SEGMENTS))
            ring += [list(self(u1 + (u2 - u1) * t, v1 + (v2 - v1) * t)) for t in steps]
        return [*ring, ring[0]]


@dataclass(frozen=True)
class Cell:
    """The part of the square that one sector covers."""

    west: float
    south: float
    east: float
    north: float

    def quarters(self, lattice):
        """Four quarters, one polygon each: the streets between them are the lines of the map."""
        u, v = (self.west + self.east) / 2, (self.south + self.north) / 2
        boxes = [
            (self.west, self.south, u, v),
            (u, self.south, self.east, v),
            (self.west, v, u, self.north),
            (u, v, self.east, self.north),
        ]
        return [[lattice.outline(*box)] for box in boxes]

    def somewhere(self, chance, lattice):
        """A point well inside."""
        u = self.west + (self.east - self.west) * chance.uniform(0.1, 0.9)
        v = self.south + (self.north - self.south) * chance.uniform(0.1, 0.9)
        return lattice(u, v)


def cells(number):
    """One cell a sector: columns of up to three rows on each bank, the sectors of a circonscription in one column."""
    rows = 1 if number <= 2 else 3
    columns = max(1, number // (2 * rows))
    lattice, found = Lattice(1, (0, 0, 0, 0)), []
    for rank in range(number):
        column, row = divmod(rank, rows)
        bank, column = divmod(column, columns)
        low, high = (lattice.river, 1.0) if bank == 0 else (-1.0, -lattice.river)
        height = (high - low) / rows
        west = -1 + 2 * column / columns
        found.append(Cell(west, low + row * height, west + 2 / columns, low + (row + 1) * height))
    return found


def build(world):
    """The tree, its outlines, one sector closed two years ago; `world.sectors` are those of today, in order."""
    chance = world.stream("ville")
    number = sum(sum(poles) for poles in world.size.tree)
    world.lattice = Lattice(1.6 if number <= 2 else 5.2, tuple(chance.uniform(0, 2 * pi) for _ in range(4)))
    world.cells = cells(number)
    top = _territory("direction", "direction-demo", f"Direction de la petite enfance de {NAME}", None)
    world.direction, world.divisions, world.poles = top, [], []
    for rank, poles in enumerate(world.size.tree, start=1):
        name = f"Circonscription {DIVISIONS[rank - 1]}"
        division = _territory("division", f"circonscription-{rank}", name, top)
        world.divisions.append(division)
        for sectors in poles:
            _pole(world, division, sectors)
    world.reorganised_on = month_start(add_months(world.today, -24 if world.size.months > 24 else -3))
    world.former_sector = _territory(
        "sector", "tanneries", FORMER, world.poles[0], ends_on=world.reorganised_on - timedelta(days=1)
    )
    for sector, cell in zip(world.sectors, world.cells, strict=True):
        geometry = {"type": "MultiPolygon", "coordinates": cell.quarters(world.lattice)}
        world.add(TerritoryBoundary(code=sector.code, name=sector.name, geometry=geometry, source=SOURCE))
    world.write(TerritoryBoundary)


def _pole(world, division, sectors):
    first = len(world.sectors)
    number = len(world.poles) + 1
    pole = _territory("pole", f"pole-{number}", f"Pôle {SECTORS[first].removeprefix('Les ')}", division)
    world.poles.append(pole)
    for rank in range(first, first + sectors):
        postcode = str(POSTCODE + rank + 1)
        world.sectors.append(
            _territory("sector", f"secteur-{rank + 1}", f"Secteur {SECTORS[rank]}", pole, postcodes=postcode)
        )


def _territory(kind, code, name, parent, **more):
    # Saved one by one: saving a territory is what draws its links to those above.
    return Territory.objects.create(kind=kind, code=code, name=name, parent=parent, starts_on=LONG_AGO, **more)
