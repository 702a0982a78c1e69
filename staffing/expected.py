"""Children expected in a house on a day, half-hour by half-hour, and where the number comes from (functions S-043).

Pure. Attendance expected by weekday when the house has told it; else its places times its attendance of the last
twelve validated months, a third of them not walking. A child is whole: rounded up, the prudent side (failure C25).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import ceil

from core.calendar import covers
from core.french import NBSP, percent
from indicators.half_hours import MINUTES, unpacked
from staffing.coverage import ChildrenPresence

NON_WALKERS = Fraction(1, 3)  # children of two months and a half to three years, who walk from about a year


class Source(StrEnum):
    """How the children of a day are known, from the best to the poorest."""

    EXPECTED = "expected"
    HISTORY = "history"
    PLACES = "places"


@dataclass(frozen=True)
class ExpectedWeekday:
    """The children expected on one weekday (1 Monday) between two dates, packed by half-hour."""

    weekday: int
    starts_on: date
    ends_on: date | None
    non_walkers: str
    walkers: str

    def holds(self, day: date) -> bool:
        return self.weekday == day.isoweekday() and covers(self.starts_on, self.ends_on, day)


@dataclass(frozen=True)
class Expectation:
    """What is known of the children of one house: weekdays expected, `rate` = actual / authorised hours of a year."""

    weekdays: tuple[ExpectedWeekday, ...] = ()
    rate: Fraction | None = None

    def row_on(self, day: date) -> ExpectedWeekday | None:
        return next((row for row in self.weekdays if row.holds(day)), None)

    def source_on(self, day: date) -> Source:
        if self.row_on(day):
            return Source.EXPECTED
        return Source.PLACES if self.rate is None else Source.HISTORY

    def source_text(self, source: Source) -> str:
        if source == Source.EXPECTED:
            return "présences attendues de la maison"
        if source == Source.PLACES:
            return "toutes les places ouvertes\u00a0: ni présences attendues, ni fréquentation connue"
        return f"places ouvertes × fréquentation des douze derniers mois ({percent(self.rate, 0)}), faute d’attendu"

    def children_on(self, day: date, pieces: Sequence[tuple[int, int, int]]) -> Sequence[ChildrenPresence]:
        """`pieces`: (start, end, places) of the day's opening, frozen places taken out."""
        row = self.row_on(day)
        if row is not None:
            return by_half_hour(row.non_walkers, row.walkers)
        return tuple(found for piece in pieces if (found := _estimated(*piece, self.rate)))


@lru_cache(maxsize=1 << 12)
def by_half_hour(non_walkers: str, walkers: str) -> tuple[ChildrenPresence, ...]:
    """Packed counts as presences, equal half-hours together."""
    found: list[ChildrenPresence] = []
    for place, (first, second) in enumerate(zip(unpacked(non_walkers), unpacked(walkers), strict=True)):
        start = place * MINUTES
        last = found[-1] if found else None
        if last and last.end == start and (last.non_walkers, last.walkers) == (first, second):
            found[-1] = ChildrenPresence(last.start, start + MINUTES, first, second)
        elif first or second:
            found.append(ChildrenPresence(start, start + MINUTES, first, second))
    return tuple(found)


@lru_cache(maxsize=1 << 12)
def _estimated(start: int, end: int, places: int, rate: Fraction | None) -> ChildrenPresence | None:
    children = places if rate is None else ceil(places * min(rate, Fraction(1)))
    if not children:
        return None
    babies = ceil(children * NON_WALKERS)
    return ChildrenPresence(start, end, babies, children - babies)


ASSUMED = f"Un tiers des enfants estimés ne marche pas{NBSP}: hypothèse, tant que la maison ne dit pas mieux."
