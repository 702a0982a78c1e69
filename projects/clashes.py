"""Which dates of an order clash with what its addressees already have. Pure.

An order due one working day apart from another leaves no time for either; a week that asks for more than five days of
work is full; a closure of half the houses, an event, a meeting leave nobody to answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.calendar import add_working_days, holiday_name, is_working_day, working_days_between

APART = 1  # working days
FULL_WEEK = Decimal(5)
REACH = 15  # working days looked at on each side for another date
OFFERED = 3
ORDER = "order"


@dataclass(frozen=True)
class Busy:
    """What an addressee has between two inclusive dates; `workload` in days, for the orders."""

    place: int
    kind: str
    label: str
    url: str
    starts_on: date
    ends_on: date
    workload: Decimal = Decimal(0)


@dataclass(frozen=True)
class Clash:
    """One reason not to choose a day for one addressee (`place` 0: for all of them)."""

    place: int
    label: str
    url: str = ""


def clashes(day: date, places: Iterable[int], busy: Sequence[Busy], workload: Decimal = Decimal(0)) -> list[Clash]:
    """Every reason against `day`, for the addressees `places`."""
    found = [] if is_working_day(day) else [Clash(0, f"jour non ouvré ({holiday_name(day) or 'fin de semaine'})")]
    for place in places:
        own = [one for one in busy if one.place == place]
        found += [Clash(place, one.label, one.url) for one in own if _touches(day, one)]
        week = [one for one in own if one.kind == ORDER and _same_week(one.ends_on, day)]
        total = workload + sum((one.workload for one in week), Decimal(0))
        if week and total > FULL_WEEK:
            found.append(Clash(place, f"semaine déjà chargée\u00a0: {_days(total)} jours demandés en tout"))
    return found


def free_days(
    day: date, places: Iterable[int], busy: Sequence[Busy], *, today: date, workload: Decimal = Decimal(0)
) -> list[date]:
    """The working days nearest to `day`, after `today`, that clash with nothing for anybody; at most OFFERED."""
    places = list(places)
    around = [add_working_days(day, step) for n in range(1, REACH + 1) for step in (n, -n)]
    return [one for one in around if one > today and not clashes(one, places, busy, workload)][:OFFERED]


def _touches(day, busy):
    if busy.kind == ORDER:
        return abs(working_days_between(busy.ends_on, day)) <= APART
    return busy.starts_on <= day <= busy.ends_on


def _same_week(one, other):
    return one.isocalendar()[:2] == other.isocalendar()[:2]


def _days(value):
    return f"{value.normalize():f}".replace(".", ",")
