"""What a forecast is worth: its error on days kept aside, beside that of the usual frequency of each house. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .model import DayRecord, fit, probability_of_break

ENOUGH_DAYS = 100  # house-days kept aside under which no score is given
ENOUGH_BREAKS = 5
PRIOR_DAYS = 10.0
BINS = 5


@dataclass(frozen=True)
class Skill:
    """Brier scores (mean square error of a probability, 0 is perfect) on the days kept aside.

    `bins`: (mean forecast, share really broken, days) of the forecasts from 0 to 1 in five slices.
    """

    days: int
    breaks: int
    score: float
    usual_score: float
    bins: tuple[tuple[float, float, int], ...] = ()

    @property
    def is_known(self) -> bool:
        return self.days >= ENOUGH_DAYS and self.breaks >= ENOUGH_BREAKS

    @property
    def gain(self) -> float:
        """How much smaller the error is than that of the usual frequency: 0.2 is 20 % better, negative is worse."""
        return 1 - self.score / self.usual_score if self.usual_score else 0.0

    @property
    def is_better(self) -> bool:
        return self.is_known and self.gain > 0


def usual(records: Sequence[DayRecord]) -> dict[int, float]:
    """Climatology: {house: share of its days broken}, drawn towards that of all; key 0 for a house never seen."""
    broken: dict[int, int] = defaultdict(int)
    days: dict[int, int] = defaultdict(int)
    for one in records:
        days[one.house] += 1
        broken[one.house] += bool(one.broken)
    overall = sum(broken.values()) / len(records) if records else 0.0
    found = {house: (broken[house] + PRIOR_DAYS * overall) / (n + PRIOR_DAYS) for house, n in days.items()}
    return found | {0: overall}


def evaluate(records: Sequence[DayRecord], aside_from: date) -> Skill:
    """Learn before `aside_from`, forecast from that day on, compare with what happened."""
    learned = [one for one in records if one.day < aside_from]
    aside = [one for one in records if one.day >= aside_from and one.broken is not None]
    rates, habit = fit(learned), usual(learned)
    pairs = [(probability_of_break(rates, one), bool(one.broken)) for one in aside]
    reference = [(habit.get(one.house, habit[0]), bool(one.broken)) for one in aside]
    return Skill(
        days=len(aside),
        breaks=sum(happened for _, happened in pairs),
        score=_brier(pairs),
        usual_score=_brier(reference),
        bins=_bins(pairs),
    )


def _brier(pairs: Sequence[tuple[float, bool]]) -> float:
    return sum((chance - happened) ** 2 for chance, happened in pairs) / len(pairs) if pairs else 0.0


def _bins(pairs: Sequence[tuple[float, bool]]) -> tuple[tuple[float, float, int], ...]:
    groups: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for chance, happened in pairs:
        groups[min(BINS - 1, int(chance * BINS))].append((chance, happened))
    return tuple(
        (sum(c for c, _ in group) / len(group), sum(h for _, h in group) / len(group), len(group))
        for _, group in sorted(groups.items())
    )
