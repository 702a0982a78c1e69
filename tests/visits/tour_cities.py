"""Synthetic cities for the tour planner, written apart from it, and the plan a hurried coordinator would make.

Each city is built around a planted plan: every establishment is first given a half-day that is open for both, and only
then a last visit that makes it due on or after that day. So a plan without a late visit exists, and we hold it.
"""

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from core.calendar import add_months, is_public_holiday, iter_days
from core.geo import haversine_km
from visits.tours import AFTERNOON, MORNING, Absence, Agenda, House, Locked, Problem, Review, Urgent

MONDAY = date(2026, 3, 2)
CENTRE = (2.35, 48.85)
CLUSTERS, CITY_KM, CLUSTER_KM = 8, 5.0, 0.45
NAMES = ("Lilas", "Tilleuls", "Coquelicots", "Moulins", "Hirondelles", "Cerisiers", "Marronniers", "Bleuets")


@dataclass(frozen=True)
class City:
    problem: Problem
    witness: dict[int, date]  # house → the day of its visit in the planted plan


def at(east_km, north_km):
    lat = CENTRE[1] + north_km / 111.2
    return (CENTRE[0] + east_km / (111.2 * math.cos(math.radians(CENTRE[1]))), lat)


def city(seed, size=50, weeks=8, clusters=CLUSTERS):
    """A city of `size` establishments in clusters, 80 to 97 % of her half-days needed at the full size."""
    random = Random(seed)
    agenda = an_agenda(random, weeks)
    rooms = [day for day in working(agenda) for half in (MORNING, AFTERNOON) if (day, half) not in agenda.busy]
    centres = [scattered(random, (0, 0), CITY_KM / 2) for _ in range(clusters)]
    houses, witness = [], {}
    for index in range(size):
        point = at(*scattered(random, random.choice(centres), CLUSTER_KM))
        weekdays = frozenset(range(5)) if random.random() < 0.8 else frozenset(random.sample(range(5), 4))
        closures = tuple(a_closure(random, agenda) for _ in range(random.random() < 0.3))
        house = House(index, f"Les {NAMES[index % len(NAMES)]} {index}", point, weekdays=weekdays, closures=closures)
        open_rooms = [day for day in rooms if house.opens_on(day)]
        day = random.choice(open_rooms)
        rooms.remove(day)
        witness[index] = day
        houses.append(due_after(random, house, day, agenda))
    return City(Problem(tuple(houses), agenda), witness)


def an_agenda(random, weeks):
    leave = MONDAY + timedelta(days=7 * random.randrange(1, max(2, weeks - 1)))
    absences = (Absence(leave, leave + timedelta(days=4)),) if weeks > 2 else ()
    plain = Agenda(at(*scattered(random, (0, 0), 1.0)), MONDAY, weeks, absences=absences)
    halves = [(day, half) for day in working(plain) for half in (MORNING, AFTERNOON)]
    busy = frozenset(random.sample(halves, len(halves) * random.randrange(10, 25) // 100))
    return Agenda(plain.base, MONDAY, weeks, absences=absences, busy=busy)


def working(agenda):
    """Her days, by this module's own reading of the agenda."""
    away = {day for one in agenda.absences for day in iter_days(one.starts_on, one.ends_on)}
    days = iter_days(agenda.starts_on, agenda.starts_on + timedelta(days=7 * agenda.weeks - 1))
    return [d for d in days if d.weekday() in agenda.weekdays and d not in away and not is_public_holiday(d)]


def scattered(random, middle, spread):
    return (random.gauss(middle[0], spread), random.gauss(middle[1], spread))


def a_closure(random, agenda):
    first = agenda.starts_on + timedelta(days=random.randrange(7 * agenda.weeks))
    return (first, first + timedelta(days=random.randrange(2, 9)))


def due_after(random, house, day, agenda):
    """The house, last visited so that its next visit is due from `day` on, within a fortnight.

    One in four closes right after `day` and until after it is due: seen then or before, or late.
    """
    last = add_months(min(day + timedelta(days=random.randrange(15)), agenda.ends_on), -2)
    while house.next_due(last) < day:
        last += timedelta(days=1)
    trap = (day + timedelta(days=1), house.next_due(last) + timedelta(days=3))
    closures = (*house.closures, trap) if random.random() < 0.25 else house.closures
    reviews = (Review(day + timedelta(days=random.randrange(10))),) if random.random() < 0.1 else ()
    return House(
        house.id,
        house.name,
        house.point,
        last_visit_on=min(last, agenda.starts_on - timedelta(days=1)),
        weekdays=house.weekdays,
        closures=closures,
        reviews=reviews,
    )


def small(seed, *, visits_a_day=2):
    """Six to nine houses in three weeks, cramped, with everything that makes planning hard; some have no plan."""
    random = Random(seed)
    plain = an_agenda(random, 3)
    agenda = replace(plain, absences=(), busy=crowded(random, plain, random.choice((0.45, 0.6, 0.7))))
    houses = tuple(a_small_house(random, index, agenda) for index in range(random.randrange(6, 10)))
    locked, urgent = [], []
    for house in houses:
        day, half = random.choice([(d, h) for d in working(agenda) for h in (MORNING, AFTERNOON)])
        if random.random() < 0.15 and (day, half) not in {(one.day, one.half_day) for one in locked}:
            locked.append(Locked(house.id, day, half))
        elif random.random() < 0.15 and not house.reviews:
            due = MONDAY + timedelta(days=random.randrange(3, 15))
            urgent.append(Urgent(house.id, due, random.choice(("unannounced", "sensitive_support"))))
    return Problem(houses, agenda, tuple(locked), tuple(urgent), visits_a_day, min_gap_days=1)


def crowded(random, agenda, part):
    return frozenset((day, half) for day in working(agenda) for half in (MORNING, AFTERNOON) if random.random() < part)


def a_small_house(random, index, agenda):
    """Some ask for two or three visits within the three weeks, some for a whole day, some are closed for long."""
    starts, ends = agenda.starts_on, agenda.ends_on
    last = starts - timedelta(days=random.randrange(1, 9))
    rapid = random.random() < 0.25
    due = starts + timedelta(days=random.randrange(2, 30))
    closures = tuple(a_closure(random, agenda) for _ in range(random.random() < 0.3))
    if random.random() < 0.1:
        closures += ((ends - timedelta(days=4), ends + timedelta(days=80)),)
    reviews = ()
    if random.random() < 0.2:
        reviews = (Review(starts + timedelta(days=random.randrange(2, 20)), random.choice((180, 300))),)
    return House(
        index,
        f"Les {NAMES[index % len(NAMES)]} {index}",
        at(*scattered(random, (0, 0), CITY_KM / 2)),
        last_visit_on=last,
        due_on=None if rapid else due,
        interval_days=random.randrange(10, 16) if rapid else None,
        weekdays=frozenset(range(5)) if random.random() < 0.7 else frozenset(random.sample(range(5), 3)),
        closures=closures,
        reviews=reviews,
    )


def an_urgent(problem, random):
    """A visit wanted within two to ten working days, of a house that opens in the meantime."""
    house = random.choice(problem.houses)
    due = problem.agenda.starts_on + timedelta(days=random.randrange(9, 20))
    return Urgent(house.id, due, random.choice(("unannounced", "sensitive_support")))


def nearest_due_first(problem):
    """The baseline, under the same constraints: each day, the open houses due first, as many as fit. {house: day}

    It knows what the planner knows of days (agenda, closures, the gap since the last visit) and makes the same visits.
    """
    agenda, chosen = problem.agenda, {}
    waiting = {house.id: (deadline(house), house) for house in problem.houses if deadline(house) <= agenda.ends_on}
    for day in working(agenda):
        free = sum((day, half) not in agenda.busy for half in (MORNING, AFTERNOON))
        for _ in range(min(free, problem.visits_a_day)):
            open_now = [
                (due, house.id)
                for due, house in waiting.values()
                if house.opens_on(day) and day >= house.last_visit_on + timedelta(days=problem.min_gap_days)
            ]
            if open_now:
                _, house_id = min(open_now)
                chosen[house_id] = day
                del waiting[house_id]
    return chosen


def deadline(house):
    return min([add_months(house.last_visit_on, 2), *(review.due_on for review in house.reviews)])


def kilometres(problem, chosen):
    """Base, the visits of the day in their better order, base; every day of {house: day}."""
    by_day = {}
    for house_id, day in chosen.items():
        by_day.setdefault(day, []).append(problem.house(house_id).point)
    base, total = problem.agenda.base, 0.0
    for points in by_day.values():
        assert len(points) <= 2
        legs = zip([base, *points], [*points, base], strict=True)
        total += sum(haversine_km(*leg) for leg in legs)
    return total
