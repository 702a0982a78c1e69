"""The French calendar: public and school holidays, working days, calendar months, inclusive periods.

Pure. Periods are inclusive dates and None is open (decision 1). Public holidays are those of L. 3133-1 of the
code du travail; the contradictoire counts its eight days with them (decision 5).
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from types import MappingProxyType

import holidays
from vacances_scolaires_france import SchoolHolidayDates

ONE_DAY = timedelta(days=1)
ZONES = ("A", "B", "C")
ALSACE_MOSELLE = "6AE"  # vendredi saint and 26 December, L. 3134-13


@cache
def public_holidays(year: int, *, alsace_moselle: bool = False) -> Mapping[date, str]:
    """Public holidays of metropolitan France in `year`, by date, in order, with their French names."""
    found = holidays.France(years=year, language="fr", subdiv=ALSACE_MOSELLE if alsace_moselle else None)
    return MappingProxyType({day: name.replace("'", "’") for day, name in sorted(found.items())})


def holiday_name(day: date, *, alsace_moselle: bool = False) -> str | None:
    """ "Assomption", or None on an ordinary day."""
    return public_holidays(day.year, alsace_moselle=alsace_moselle).get(day)


def is_public_holiday(day: date, *, alsace_moselle: bool = False) -> bool:
    return day in public_holidays(day.year, alsace_moselle=alsace_moselle)


def is_working_day(day: date, *, alsace_moselle: bool = False) -> bool:
    """Monday to Friday, public holidays excepted (jours ouvrés)."""
    return day.weekday() < 5 and not is_public_holiday(day, alsace_moselle=alsace_moselle)


def add_working_days(day: date, n: int, *, alsace_moselle: bool = False) -> date:
    """The `n`-th working day after `day` (before it when `n` is negative); `day` itself when `n` is 0."""
    step = ONE_DAY if n >= 0 else -ONE_DAY
    for _ in range(abs(n)):
        day += step
        while not is_working_day(day, alsace_moselle=alsace_moselle):
            day += step
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to `end` included; counted backwards, negative, when `end` is before.

    `working_days_between(d, add_working_days(d, n)) == n` for any `n`.
    """
    if end < start:
        return -sum(is_working_day(day) for day in iter_days(end, start - ONE_DAY))
    return sum(is_working_day(day) for day in iter_days(start + ONE_DAY, end))


def month_start(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, n: int) -> date:
    """Same day `n` calendar months later, clipped to the end of the month: 31 December + 2 is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole calendar months from `start` to `end`: the largest n with `add_months(start, n) <= end`."""
    n = (end.year - start.year) * 12 + end.month - start.month
    return n if add_months(start, n) <= end else n - 1


def iter_days(start: date, end: date) -> Iterator[date]:
    """Each day from `start` to `end`, both included."""
    return (start + ONE_DAY * n for n in range((end - start).days + 1))


def iter_months(start: date, end: date) -> Iterator[date]:
    """The first day of each month that the inclusive period touches."""
    first, last = month_start(start), month_start(end)
    while first <= last:
        yield first
        first = add_months(first, 1)


def minutes_of(moment: time) -> int:
    """Minutes after midnight."""
    return moment.hour * 60 + moment.minute


def quarter(day: date) -> int:
    """1 to 4."""
    return (day.month + 2) // 3


def bimester(day: date) -> int:
    """1 to 6: January–February is the first."""
    return (day.month + 1) // 2


def bimester_bounds(day: date) -> tuple[date, date]:
    """First and last day of the bimester that holds `day`."""
    first = date(day.year, bimester(day) * 2 - 1, 1)
    return first, month_end(add_months(first, 1))


@dataclass(frozen=True)
class SchoolHoliday:
    """One school holiday of a zone, both dates included."""

    name: str
    starts_on: date
    ends_on: date


@cache
def _school_calendar(zone: str) -> tuple[SchoolHoliday, ...]:
    """Every published holiday of the zone, in order, whole even across two years."""
    if zone not in ZONES:
        raise ValueError(f"zone must be A, B or C, not {zone!r}")
    found: list[SchoolHoliday] = []
    for day, row in sorted(SchoolHolidayDates().data.items()):
        if not row[f"vacances_zone_{zone.lower()}"]:
            continue
        name = row["nom_vacances"].replace("'", "’")
        if found and found[-1].name == name and found[-1].ends_on + ONE_DAY == day:
            found[-1] = SchoolHoliday(name, found[-1].starts_on, day)
        else:
            found.append(SchoolHoliday(name, day, day))
    return tuple(found)


def school_calendar_bounds(zone: str = "C") -> tuple[date, date]:
    """First and last day for which the school calendar of the zone is published and known here."""
    known = _school_calendar(zone)
    return known[0].starts_on, known[-1].ends_on


def school_holidays(zone: str, year: int) -> list[SchoolHoliday] | None:
    """Holidays that touch `year`, or None when nothing is published for it.

    The last known year may be incomplete: `school_calendar_bounds` says where knowledge stops.
    """
    first, last = school_calendar_bounds(zone)
    bounds = date(year, 1, 1), date(year, 12, 31)
    if not overlaps(first, last, *bounds):
        return None
    return [h for h in _school_calendar(zone) if overlaps(h.starts_on, h.ends_on, *bounds)]


def school_holiday_name(day: date, zone: str = "C") -> str | None:
    """ "Vacances d’hiver", "" on a school day, None when the calendar of that day is not published."""
    if not covers(*school_calendar_bounds(zone), day):
        return None
    return next((h.name for h in _school_calendar(zone) if covers(h.starts_on, h.ends_on, day)), "")


def covers(start: date | None, end: date | None, day: date) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)


def overlaps(start: date | None, end: date | None, other_start: date | None, other_end: date | None) -> bool:
    """True when the two periods share at least one day. A period that ends before it starts shares none."""
    return clip(start, end, other_start, other_end) is not None


def clip(
    start: date | None, end: date | None, low: date | None, high: date | None
) -> tuple[date | None, date | None] | None:
    """The days of the first period inside the second, or None when there are none."""
    first = max((d for d in (start, low) if d is not None), default=None)
    last = min((d for d in (end, high) if d is not None), default=None)
    if first is not None and last is not None and first > last:
        return None
    return first, last
