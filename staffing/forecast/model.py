"""Unplanned absences by month, weekday and house, and the chance that a day lacks more people than it can. Pure.

No person is looked at: a record is a house and a day, with how many were expected and how many were missing. The
chance is exact (a binomial tail), so that nothing is drawn at random and the same facts give the same page.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from math import comb

# An effect is believed as far as it was seen: a month, a weekday or a house with few absences stays near 1.
BELIEVED = 12.0
LEAST, MOST = 0.001, 0.6


@dataclass(frozen=True)
class DayRecord:
    """One open day of one house. `margin`: professionals beyond the ratio at the tightest moment as planned, negative
    when they already lack; `present`: how many are there at that moment; `scheduled` and `absent`: of the whole day.
    `broken`: whether the ratio was broken in fact (None: not known yet). `groups`: sizes of the teams of the tightest
    moments that share nobody (opening and closing), when there are several: one is enough for the day to break.
    """

    house: int
    day: date
    scheduled: int
    present: int
    margin: int
    absent: int = 0
    broken: bool | None = None
    groups: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rates:
    """The share of those expected who are missing, and how it moves; each effect multiplies the others."""

    base: float
    months: Mapping[int, float] = field(default_factory=dict)
    weekdays: Mapping[int, float] = field(default_factory=dict)
    houses: Mapping[int, float] = field(default_factory=dict)

    def of(self, house: int, day: date) -> float:
        found = self.base * self.months.get(day.month, 1.0) * self.weekdays.get(day.weekday(), 1.0)
        return min(MOST, max(LEAST, found * self.houses.get(house, 1.0)))


def fit(records: Sequence[DayRecord]) -> Rates:
    """Rates of absence of the records; without any scheduled, nobody is ever missing but by the floor of LEAST."""
    scheduled = sum(one.scheduled for one in records)
    if not scheduled:
        return Rates(base=0.0)
    base = sum(one.absent for one in records) / scheduled
    months = _effects(records, lambda one: one.day.month, lambda one: base)
    weekdays = _effects(records, lambda one: one.day.weekday(), lambda one: base * months[one.day.month])
    known = Rates(base, months, weekdays)
    return Rates(base, months, weekdays, _effects(records, lambda one: one.house, lambda one: known.of(0, one.day)))


def _effects(
    records: Iterable[DayRecord], key: Callable[[DayRecord], Hashable], rate: Callable[[DayRecord], float]
) -> dict:
    """{key: seen over expected}, drawn towards 1 as if BELIEVED absences had been as expected."""
    seen: dict[Hashable, float] = defaultdict(float)
    expected: dict[Hashable, float] = defaultdict(float)
    for one in records:
        seen[key(one)] += one.absent
        expected[key(one)] += one.scheduled * rate(one)
    return {group: (seen[group] + BELIEVED) / (expected[group] + BELIEVED) for group in expected}


def probability_of_break(rates: Rates, one: DayRecord) -> float:
    """The chance that more people are missing, of those present at the tightest moment, than may be: 0 to 1."""
    if one.margin < 0:
        return 1.0
    rate = round(rates.of(one.house, one.day), 4)
    held = 1.0
    for people in one.groups or (one.present,):
        held *= 1.0 - _tail(people, one.margin, rate)
    return 1.0 - held


def groups_of(moments: Sequence[frozenset[Hashable]], margin: int) -> tuple[int, ...]:
    """Sizes of the teams to look at, from who is there at each of the tightest moments.

    With nobody to spare, anyone of them missing breaks the day: one group, all together. With somebody to spare, the
    moments that share nobody, the most numerous first; those that overlap are left out: the chance is a lower bound.
    """
    if margin <= 0:
        everyone = frozenset().union(*moments) if moments else frozenset()
        return (len(everyone),)
    taken: set[Hashable] = set()
    sizes = []
    for people in sorted(set(moments), key=lambda one: (-len(one), sorted(map(str, one)))):
        if taken.isdisjoint(people):
            taken |= people
            sizes.append(len(people))
    return tuple(sizes)


@lru_cache(maxsize=1 << 16)
def _tail(people: int, spare: int, rate: float) -> float:
    """P(X > spare), X the number missing among `people`, each with the same chance."""
    if spare >= people:
        return 0.0
    held = sum(comb(people, n) * rate**n * (1 - rate) ** (people - n) for n in range(spare + 1))
    return min(1.0, max(0.0, 1.0 - held))
