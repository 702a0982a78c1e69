"""Before and after, with similar houses as control: a difference of differences, and no more than it shows. Pure.

For each house, the mean of its monthly rates after, less the mean before. What the house of the plan gained beyond the
mean of its controls is the effect; how far the controls differ from one another says whether that is measurable
(prediction of one more house of the same kind: Student, n − 1 degrees of freedom). It shows no cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev

from core.french import counted, number, signed

CONTROLS_NEEDED = 10
MONTHS_NEEDED = 3
# Student's quantile at 99 % by degrees of freedom: two-sided, one chance in fifty to be told an effect that is not.
T99 = {
    9: 2.821, 10: 2.764, 11: 2.718, 12: 2.681, 13: 2.650, 14: 2.624, 15: 2.602, 16: 2.583, 18: 2.552, 20: 2.528,
    22: 2.508, 25: 2.485, 30: 2.457, 40: 2.423, 60: 2.390, 120: 2.358,
}  # fmt: skip
NONE, UP, DOWN, UNKNOWN = "none", "up", "down", "unknown"

Months = Sequence[float | None]


@dataclass(frozen=True)
class House:
    """Monthly rates of one house, in points (0–100); None for a month without data."""

    before: Months
    after: Months

    @property
    def change(self) -> float | None:
        """Mean after less mean before, in points; None when three months of a side are not known."""
        known = [[value for value in side if value is not None] for side in (self.before, self.after)]
        if any(len(side) < MONTHS_NEEDED for side in known):
            return None
        return mean(known[1]) - mean(known[0])


@dataclass(frozen=True)
class Effect:
    """`points` is the effect and `margin` what chance alone explains, both in points; None when unknown."""

    verdict: str
    points: float | None
    margin: float | None
    own_change: float | None
    controls_change: float | None
    controls: int

    @property
    def sentence(self) -> str:
        """What may be said, and no more."""
        if self.verdict == UNKNOWN or self.points is None or self.margin is None:
            return self._why_unknown()
        low, high = signed(self.points - self.margin, 1), signed(self.points + self.margin, 1)
        others = counted(self.controls, "lieu semblable", "lieux semblables")
        between = f"entre {low} et {high} points par rapport à {others}"
        if self.verdict == NONE:
            return f"Pas d’effet mesurable\u00a0: l’écart se situe {between}, ce que le hasard explique."
        word = "plus" if self.verdict == UP else "moins"
        gap = number(abs(self.points), 1)
        return (
            f"{gap} points de {word} que les lieux semblables sur la même période, {between}. "
            "La mesure dit que les deux vont ensemble, pas que l’un cause l’autre."
        )

    def _why_unknown(self) -> str:
        if self.own_change is None:
            return f"Pas de comparaison possible\u00a0: il faut au moins {MONTHS_NEEDED} mois connus avant et après."
        found = counted(self.controls, "lieu semblable", "lieux semblables")
        return f"Pas de comparaison possible\u00a0: {found} avec des données, il en faut {CONTROLS_NEEDED}."


def measure(house: House, controls: Sequence[House]) -> Effect:
    """The effect on one house against its controls; unknown with fewer than ten usable controls."""
    own = house.change
    changes = [change for control in controls if (change := control.change) is not None]
    if own is None or len(changes) < CONTROLS_NEEDED:
        return Effect(UNKNOWN, None, None, own, mean(changes) if changes else None, len(changes))
    points = own - mean(changes)
    margin = quantile(len(changes) - 1) * stdev(changes) * sqrt(1 + 1 / len(changes))
    verdict = NONE if abs(points) <= margin else UP if points > 0 else DOWN
    return Effect(verdict, points, margin, own, mean(changes), len(changes))


def quantile(degrees: int) -> float:
    """Student's 99 % quantile, at the nearest number of degrees listed below: never too small."""
    return T99[max(listed for listed in T99 if listed <= degrees)]
