"""How many points moved between two analyses (S-041): a share and its number, never a score. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from core.french import agreed, counted, percent

from .evolution import evolution


@dataclass(frozen=True)
class Moves:
    """Points rated in both analyses, by the way they moved."""

    up: int = 0
    flat: int = 0
    down: int = 0

    @property
    def compared(self) -> int:
        return self.up + self.flat + self.down

    @property
    def share(self) -> Fraction | None:
        """Share of the points that moved up; None where nothing is compared."""
        return Fraction(self.up, self.compared) if self.compared else None

    def __add__(self, other: "Moves") -> "Moves":
        return Moves(self.up + other.up, self.flat + other.flat, self.down + other.down)

    @property
    def sentence(self) -> str:
        """ "12 points en progrès, 30 stables, 4 en recul, sur 46 comparés (26 % en progrès)." """
        told = (
            f"{counted(self.up, 'point')} en progrès, {self.flat} {agreed(self.flat, 'stable')}, {self.down} en recul"
        )
        return f"{told}, sur {self.compared} {agreed(self.compared, 'comparé')} ({percent(self.share, 0)} en progrès)."


def moves_of(rows: Iterable[tuple[str, str, int]]) -> Moves:
    """From (rating before, rating now, how many points); « non observé » is compared with nothing."""
    counts = {"up": 0, "flat": 0, "down": 0}
    for before, now, n in rows:
        found = evolution(before, now)
        if found is not None:
            counts[found.direction] += n
    return Moves(**counts)
