"""Small problems and plans made once, for the tests of the tours; what a plan breaks, read apart from the planner."""

from collections import Counter
from datetime import timedelta
from functools import cache

from hypothesis import HealthCheck, settings

from core.calendar import is_public_holiday
from tests.visits import tour_cities as cities
from visits.tours import AFTERNOON, MORNING, Agenda, House, Problem, plan

MONDAY = cities.MONDAY
BASE = cities.CENTRE
SEEDS = range(10)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@cache
def a_city(seed):
    return cities.city(seed)


@cache
def the_plan(seed):
    return plan(a_city(seed).problem, time_limit=120)


def show(capsys, *lines):
    """Figures are printed in every run of the suite, passed or not; seconds are never asserted (decision 24)."""
    with capsys.disabled():
        print("", *lines, sep="\n", end="")  # noqa: T201


def day(number):
    """The `number`-th day of the plan, Monday 2 March being 0."""
    return MONDAY + timedelta(days=number)


def house(index, due, **more):
    return House(index, f"Les {cities.NAMES[index]}", cities.at(index, 1), due_on=day(due), **more)


def problem(*houses, weeks=1, busy=(), **more):
    agenda = Agenda(BASE, MONDAY, weeks, busy=frozenset(busy))
    return Problem(houses, agenda, **{"min_gap_days": 1, **more})


def only(*free, weeks=1):
    """Every half-day of the plan busy, but the (day number, half) of `free`."""
    kept = {(day(number), half) for number, half in free}
    halves = ((day(number), half) for number in range(7 * weeks) for half in (MORNING, AFTERNOON))
    return [half for half in halves if half not in kept]


def placed(one):
    return {visit.house.id: visit.day for visit in one.visits}


def broken(one):
    """What the plan breaks of the rules that suffer no exception, read from the problem alone; locked visits aside."""
    asked, found = one.problem, []
    agenda = asked.agenda
    on = Counter(visit.day for visit in one.visits)
    halves = Counter((visit.day, visit.half_day) for visit in one.visits)
    locked_on = Counter(visit.day for visit in one.visits if visit.locked)
    twice = Counter((visit.house.id, visit.day) for visit in one.visits)
    found += [f"{key} seen twice" for key, count in twice.items() if count > 1]
    for visit in one.visits:
        if visit.locked:
            continue
        today = visit.day
        wrong = {
            "outside": not agenda.starts_on <= today <= agenda.ends_on,
            "closed": today.weekday() not in visit.house.weekdays
            or any(first <= today <= last for first, last in visit.house.closures),
            "off": today.weekday() not in agenda.weekdays or is_public_holiday(today),
            "away": any(one.starts_on <= today <= one.ends_on for one in agenda.absences),
            "busy": (today, visit.half_day) in agenda.busy,
            "crowded": on[today] > max(asked.visits_a_day, locked_on[today]),
            "half crowded": halves[today, visit.half_day] > (asked.visits_a_day + 1) // 2,
            "not whole": visit.whole_day and (on[today] > 1 or any(d == today for d, _ in agenda.busy)),
        }
        found += [f"{visit.house.id} on {today}: {word}" for word, is_so in wrong.items() if is_so]
    return found
