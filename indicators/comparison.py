"""Fair comparison between similar houses: a funnel, so that only real outliers are flagged (M24). Pure.

The rate of a small house moves more by chance than that of a large one: limits widen as the base shrinks. How much
honest houses vary is measured on the group itself, robustly (over-dispersion, Spiegelhalter 2005), and limits are
drawn so that pure noise flags one house in twenty at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist, median

LEAST_GROUP = 5  # houses: below, nothing is compared
LEAST_BASE = 500  # hours: a smaller base is suppressed, its rate would say nothing
FALSE_ALARMS = 0.05  # over the whole group of pure noise: Bonferroni shares it between the houses
MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True)
class Point:
    """One house: the hours above and below the line of its rate."""

    key: int
    name: str
    top: Fraction
    base: Fraction

    @property
    def rate(self) -> Fraction:
        return self.top / self.base


@dataclass(frozen=True)
class Funnel:
    """The comparison of a group; `spread` is the standard deviation of a rate on a base of one hour."""

    points: tuple[Point, ...]
    suppressed: tuple[str, ...]
    centre: Fraction
    spread: float
    floor: float
    limit: float

    def bounds(self, base: float) -> tuple[float, float]:
        """(lowest, highest) rate that chance explains on a base."""
        half = self.limit * self.deviation(base)
        return float(self.centre) - half, float(self.centre) + half

    def deviation(self, base: float) -> float:
        return sqrt(self.floor**2 + self.spread**2 / base)

    def verdict(self, point: Point) -> str:
        """ "high", "low" or "": "" is what chance explains."""
        low, high = self.bounds(float(point.base))
        return "low" if point.rate < low else "high" if point.rate > high else ""

    @property
    def outliers(self) -> list[Point]:
        return [point for point in self.points if self.verdict(point)]


def funnel(points: Sequence[Point]) -> Funnel | None:
    """The funnel of a group of similar houses; None when too few are left to compare.

    The centre is the rate of the group, summed then divided, outliers set apart once; the spread comes from medians,
    so that a house far away does not hide itself nor the next one.
    """
    kept = tuple(point for point in points if point.base >= LEAST_BASE)
    suppressed = tuple(point.name for point in points if point.base < LEAST_BASE)
    if len(kept) < LEAST_GROUP:
        return None
    middle = median(point.rate for point in kept)
    typical = float(median(point.base for point in kept))
    # Half of what is seen is a share of every house (floor), half shrinks with its base: both are measured together.
    scaled = [float(point.rate - middle) / sqrt(0.5 + 0.5 * typical / float(point.base)) for point in kept]
    sigma = max(MAD_TO_SIGMA * median(abs(value) for value in scaled), 1e-4) * _small_group(len(kept))
    limit = NormalDist().inv_cdf(1 - FALSE_ALARMS / len(kept) / 2)
    near = [point for point, value in zip(kept, scaled, strict=True) if abs(value) <= limit * sigma]
    centre = sum((point.top for point in near), Fraction(0)) / sum((point.base for point in near), Fraction(0))
    return Funnel(
        points=kept,
        suppressed=suppressed,
        centre=centre,
        spread=sigma * sqrt(0.5 * typical),
        floor=sigma * sqrt(0.5),
        limit=limit,
    )


def _small_group(count: int) -> float:
    """A median of few deviations is too small, and moves: the fewer the houses, the wider (heavier tails)."""
    return 1 + 4.5 / count
