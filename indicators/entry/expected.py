"""Children to expect on a weekday, half-hour by half-hour, drawn from the days that were counted. Pure.

The number kept is the upper quartile: three counted days in four had no more children. A mean would leave a team short
every other day; the maximum would staff every day for the busiest one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..half_hours import HALF_HOURS

WEEKS = 12  # of history looked at: longer, and September would plan May
FEWEST_DAYS = 4  # of one weekday: fewer say nothing of a habit


@dataclass(frozen=True)
class Counted:
    """One day as it was counted."""

    day: date
    non_walkers: tuple[int, ...]
    walkers: tuple[int, ...]


@dataclass(frozen=True)
class Drawn:
    """What the days of one weekday tell, and from how many they are."""

    weekday: int
    non_walkers: tuple[int, ...]
    walkers: tuple[int, ...]
    days: int


def upper_quartile(values: Iterable[int]) -> int:
    """The smallest count that three values in four do not pass (nearest rank). Raises ValueError when empty."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no value")
    return ordered[-(-3 * len(ordered) // 4) - 1]


def draw(days: Iterable[Counted]) -> dict[int, Drawn]:
    """{weekday (1 = Monday): Drawn} for the weekdays with enough days; a day without any child is left out."""
    by_weekday: dict[int, list[Counted]] = defaultdict(list)
    for day in days:
        if any(day.non_walkers) or any(day.walkers):
            by_weekday[day.day.isoweekday()].append(day)
    return {
        weekday: Drawn(
            weekday,
            tuple(upper_quartile(day.non_walkers[place] for day in counted) for place in range(HALF_HOURS)),
            tuple(upper_quartile(day.walkers[place] for day in counted) for place in range(HALF_HOURS)),
            len(counted),
        )
        for weekday, counted in sorted(by_weekday.items())
        if len(counted) >= FEWEST_DAYS
    }
