"""The hours of presence of a week against its capacity, from the days of a house (CSP R. 2324-27 1°). Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from establishments.regulation import CapacitySlot, week_slots
from staffing.coverage import HouseDay, WeeklyOccupancy, weekly_overcapacity


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def slots_of(day: HouseDay) -> list[CapacitySlot]:
    """The places of one day while it was open, modulated or not; [] when it was closed or they are not known."""
    if not day.opening or day.opening[0] == day.opening[1] or day.places is None:
        return []
    start, end = (_clock(minutes) for minutes in day.opening)
    weekday = day.on.isoweekday()
    return week_slots(day.places, [(weekday, start, end)], [one for one in day.slots if one.weekday == weekday])


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def weeks_of(days: Mapping[date, HouseDay]) -> dict[date, WeeklyOccupancy]:
    """{Monday: presence against capacity} of the weeks whose places are known, from their open days."""
    by_week: dict[date, list[HouseDay]] = {}
    for on, day in sorted(days.items()):
        by_week.setdefault(monday_of(on), []).append(day)
    return {monday: load_of(week) for monday, week in by_week.items() if all(day.places for day in week)}


def load_of(week: Sequence[HouseDay]) -> WeeklyOccupancy:
    """One week of one house. Raises ValueError for days of several weeks, or none."""
    if not week:
        raise ValueError("a week has at least one day")
    slots = [slot for day in week for slot in slots_of(day)]
    return weekly_overcapacity({day.on: day.children for day in week}, slots, kind=week[0].kind)
