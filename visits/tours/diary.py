"""The days and half-days that are free: hers, each establishment's, and those they share."""

from datetime import date, timedelta

from core.calendar import ONE_DAY, covers, is_public_holiday, iter_days
from visits.tours.model import HALF_DAY_MINUTES, HALVES, House, Problem

# How far beyond the plan a first common day is looked for: longer than the rhythm, so that a summer is seen.
LOOK_AHEAD_DAYS = 120


class Diary:
    """What a problem leaves free. `room[day][half]` and `capacity[day]` are counts of visits, locked ones taken off.

    `capacity` never exceeds what is left of `visits_a_day`; days without room are not listed. `whole` are the days
    where nothing at all is set.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        agenda = problem.agenda
        self.room: dict[date, dict[str, int]] = {}
        for day in iter_days(agenda.starts_on, agenda.ends_on):
            rooms = self._rooms(day)
            if any(rooms.values()):
                self.room[day] = rooms
        full = dict.fromkeys(HALVES, problem.per_half_day)
        self.whole = {day for day, rooms in self.room.items() if rooms == full}
        locked_on: dict[date, int] = {}
        for one in problem.locked:
            locked_on[one.day] = locked_on.get(one.day, 0) + 1
            self.whole.discard(one.day)
            for half in HALVES if one.minutes > HALF_DAY_MINUTES else (one.half_day,):
                if one.day in self.room:
                    left = 0 if one.minutes > HALF_DAY_MINUTES else self.room[one.day][half] - 1
                    self.room[one.day][half] = max(0, left)
        self.capacity = {
            day: max(0, min(problem.visits_a_day - locked_on.get(day, 0), sum(rooms.values())))
            for day, rooms in self.room.items()
        }
        self.days = [day for day, count in self.capacity.items() if count]
        self._usable: dict[int, tuple[date, ...]] = {}
        self._beyond: dict[int, date] = {}

    def _rooms(self, day: date) -> dict[str, int]:
        busy = self.problem.agenda.busy
        free = self._at_work(day)
        return {half: self.problem.per_half_day if free and (day, half) not in busy else 0 for half in HALVES}

    def _at_work(self, day: date) -> bool:
        agenda = self.problem.agenda
        return (
            day.weekday() in agenda.weekdays
            and not is_public_holiday(day)
            and not any(covers(one.starts_on, one.ends_on, day) for one in agenda.absences)
        )

    def usable(self, house: House) -> tuple[date, ...]:
        """The days when she has room and the establishment is open, less those it is already visited on."""
        if house.id not in self._usable:
            taken = {one.day for one in self.problem.locked if one.house_id == house.id}
            self._usable[house.id] = tuple(d for d in self.days if d not in taken and house.opens_on(d))
        return self._usable[house.id]

    def beyond(self, house: House) -> date:
        """The first day after the plan when a visit is possible: what is due from then on can wait.

        An establishment closed all August, due on 3 August, must be seen in July although the plan stops on the 31st.
        One closed for longer than its rhythm cannot be helped: then only the plan's own days are looked at.
        """
        if house.id not in self._beyond:
            last = self.problem.agenda.ends_on
            ahead = iter_days(last + ONE_DAY, last + timedelta(days=LOOK_AHEAD_DAYS))
            found = (d for d in ahead if house.opens_on(d) and any(self._rooms(d).values()))
            first = next(found, last + ONE_DAY)
            days = [*self.usable(house), *(one.day for one in self.problem.locked if one.house_id == house.id)]
            within_reach = any(house.next_due(d) >= first for d in days)
            self._beyond[house.id] = first if within_reach else last + ONE_DAY
        return self._beyond[house.id]

    def due(self, house: House) -> date:
        """The first deadline: given, by the rule, or the plan's end when nothing is known (never visited)."""
        if house.due_on is not None:
            return house.due_on
        if house.last_visit_on is not None:
            return house.next_due(house.last_visit_on)
        return house.first_due_on or self.problem.agenda.ends_on
