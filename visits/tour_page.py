"""What the page of a tour, and its paper, show: weeks, days, half-days, with who is away. Frozen dataclasses."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import covers, holiday_name
from core.french import day_month

from . import tours
from .models import TourStop
from .tour_facts import away
from .tours import HALF_DAY_LABELS


@dataclass(frozen=True)
class Half:
    name: str
    label: str
    stops: tuple[TourStop, ...]
    is_free: bool


@dataclass(frozen=True)
class Day:
    day: date
    note: str
    halves: tuple[Half, ...]

    @property
    def stops(self):
        return [stop for half in self.halves for stop in half.stops]


@dataclass(frozen=True)
class Week:
    starts_on: date
    label: str
    days: tuple[Day, ...]
    count: int


def weeks_of(plan, stops):
    """The weeks of a plan with their working days, and any other day where something is set."""
    periods, halves = away(plan)
    by_day = {}
    for stop in stops:
        by_day.setdefault(stop.day, []).append(stop)
    weeks = []
    for number in range(plan.WEEKS):
        first = plan.starts_on + timedelta(days=7 * number)
        days = [first + timedelta(days=n) for n in range(7)]
        shown = [day for day in days if day.weekday() in tours.WORKING_WEEK or day in by_day]
        cells = tuple(_day(day, by_day.get(day, []), periods, halves) for day in shown)
        label = f"Semaine du {day_month(first)} au {day_month(days[-1])}"
        weeks.append(Week(first, label, cells, sum(len(cell.stops) for cell in cells)))
    return weeks


def _day(day, stops, periods, halves):
    holiday = holiday_name(day)
    is_away = any(covers(first, last, day) for first, last in periods)
    note = holiday or ("indisponible" if is_away else "")
    return Day(
        day,
        note,
        tuple(
            Half(
                name,
                label,
                tuple(stop for stop in stops if stop.half_day == name),
                is_free=not note and (day, name) not in halves,
            )
            for name, label in HALF_DAY_LABELS.items()
        ),
    )
