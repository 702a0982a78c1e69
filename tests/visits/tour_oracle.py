"""The exact answer on small tours: every day's possible groups of visits, chosen by an integer programme (HiGHS).

Written apart from the planner: no matching, no windows, only the rule itself, "after a visit on day d, another one by
the day it makes due".
"""

from datetime import timedelta
from itertools import combinations, permutations

import highspy

from core.calendar import is_public_holiday
from core.geo import haversine_km
from tests.visits.tour_cities import working
from visits.tours import AFTERNOON, MORNING

WHOLE_DAY = 210
SHORT, LONG, ASIDE = "short", "long", "aside"  # a counted visit of half a day, of a whole day, one that does not count


class Oracle:
    """`shortest()` is the least distance of a plan without any late visit, or None when there is no such plan."""

    def __init__(self, problem):
        self.problem, self.agenda = problem, problem.agenda
        self.days = working(self.agenda)
        self.locked = {(one.house_id, one.day): one for one in problem.locked}
        self.model = highspy.Highs()
        self.model.setOptionValue("output_flag", False)
        self.groups = []  # (variable, day, frozenset of (house, sort), kilometres)
        for day in self.days:
            self.groups += [
                (self.model.addBinary(), day, group, self.kilometres(group)) for group in self.possible(day)
            ]

    def possible(self, day):
        """Every group of visits this day can hold, the locked ones always in it."""
        fixed = [one for one in self.problem.locked if one.day == day]
        free = {half for half in (MORNING, AFTERNOON) if (day, half) not in self.agenda.busy}
        room = min(self.problem.visits_a_day - len(fixed), len(free - {one.half_day for one in fixed}))
        held = frozenset((one.house_id, SHORT) for one in fixed)
        open_now = [
            house for house in self.problem.houses if house.opens_on(day) and (house.id, day) not in self.locked
        ]
        sorts = [(house.id, SHORT if house.minutes <= WHOLE_DAY else LONG) for house in open_now]
        sorts += [(house.id, LONG) for house in open_now if any(r.minutes > WHOLE_DAY for r in house.reviews)]
        sorts += [(one.house_id, ASIDE) for one in self.problem.urgent if not self.is_counted(one.kind)]
        sorts = sorted({(one, sort) for one, sort in sorts if any(house.id == one for house in open_now)})
        short = [item for item in sorts if item[1] != LONG]
        for size in range(max(0, room) + 1):
            for group in combinations(short, size):
                if len({one for one, _ in group}) == size:
                    yield held | set(group)
        if not fixed and len(free) == 2:
            yield from (frozenset([item]) for item in sorts if item[1] == LONG)

    def is_counted(self, kind):
        return kind in ("regular", "thematic", "review", "taking_office", "unannounced")

    def kilometres(self, group):
        base = self.agenda.base
        points = [self.problem.house(one).point for one, _ in group]
        orders = ([base, *order, base] for order in permutations(points))
        return min(sum(haversine_km(*leg) for leg in zip(way, way[1:], strict=False)) for way in orders)

    def seen(self, house, first, last, sorts=(SHORT, LONG)):
        return sum(
            variable
            for variable, day, group, _ in self.groups
            if first <= day <= last and any((house.id, sort) in group for sort in sorts)
        )

    def shortest(self, *, kept=(), most_moved=0):
        """`kept`: (house, day) of a plan, of which at most `most_moved` may be given up."""
        model = self.model
        if kept:
            held = [self.seen(self.problem.house(one), day, day) for one, day in kept]
            self.at_least(sum(held), len(kept) - most_moved)
        for day in self.days:
            model.addConstr(sum(variable for variable, one, *_ in self.groups if one == day) == 1)
        try:
            for house in self.problem.houses:
                self.keep_rhythm(house)
                self.keep_wishes(house)
        except NothingPossible:
            return None
        model.minimize(sum(variable * km for variable, *_, km in self.groups if km))
        if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        assert model.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return model.getObjectiveValue()

    def at_least(self, expression, least):
        if isinstance(expression, int):
            if isinstance(least, int) and least > 0:
                raise NothingPossible
            self.model.addConstr(least <= expression)
        else:
            self.model.addConstr(expression >= least)

    def keep_rhythm(self, house):
        """By its first deadline, and after each visit by the next, until it can wait for the next plan."""
        later = self.agenda.ends_on + timedelta(days=1)
        while later.weekday() not in self.agenda.weekdays or not house.opens_on(later) or is_public_holiday(later):
            later += timedelta(days=1)
        seen_on = [day for day in self.days if not isinstance(self.seen(house, day, day), int)]
        if not any(house.next_due(day) >= later for day in seen_on):  # closed for longer than its rhythm
            later = self.agenda.ends_on + timedelta(days=1)
        due = house.due_on or house.next_due(house.last_visit_on)
        if due < later:
            self.at_least(self.seen(house, self.agenda.starts_on, due), 1)
        for day in self.days:
            due = house.next_due(day)
            today = self.seen(house, day, day)
            if due < later and not isinstance(today, int):
                self.at_least(self.seen(house, day + timedelta(days=1), due), today)

    def keep_wishes(self, house):
        start = self.agenda.starts_on
        for review in house.reviews:
            done = any(one.house_id == house.id and one.kind == "review" for one in self.problem.locked)
            assert not done
            sorts = (LONG,) if review.minutes > WHOLE_DAY else (SHORT, LONG)
            if review.due_on <= self.agenda.ends_on:
                self.at_least(self.unlocked(house, review.due_on, sorts), 1)
        for one in self.problem.urgent:
            if one.house_id == house.id:
                sorts = (SHORT, LONG) if self.is_counted(one.kind) else (ASIDE,)
                self.at_least(self.seen(house, start, one.due_on, sorts), 1)

    def unlocked(self, house, last, sorts):
        """A locked visit keeps its kind: it is no review."""
        return sum(
            variable
            for variable, day, group, _ in self.groups
            if day <= last and (house.id, day) not in self.locked and any((house.id, sort) in group for sort in sorts)
        )


class NothingPossible(Exception):
    """A deadline before which the house cannot be seen at all."""
