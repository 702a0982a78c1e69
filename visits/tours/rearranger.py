"""A plan that somebody rearranged by hand: whether a half-day is possible, then what it changes."""

import time
from dataclasses import replace
from datetime import date

from core.calendar import covers, holiday_name
from core.french import capitalise, day_month, full_date
from visits.tours.compose import Effort, compose
from visits.tours.diary import Diary
from visits.tours.model import HALF_DAY_LABELS, HALVES, PlannedVisit, Problem, TourPlan
from visits.tours.replanner import entry_of
from visits.tours.routes import Ways


def objection(current: TourPlan, visit: PlannedVisit, day: date, half_day: str) -> str:
    """Why `visit` cannot go to a half-day, as a French sentence; empty when it can. Lateness is no objection."""
    problem = current.problem
    return _her_days(problem, day, half_day) or _the_house(visit, day) or _the_others(current, visit, day, half_day)


def _her_days(problem: Problem, day: date, half_day: str) -> str:
    agenda = problem.agenda
    if not agenda.starts_on <= day <= agenda.ends_on:
        return f"Le plan va du {day_month(agenda.starts_on)} au {day_month(agenda.ends_on)}."
    holiday = holiday_name(day)
    if holiday:
        return f"Le {day_month(day)} est férié\u00a0: {holiday}."
    if day.weekday() not in agenda.weekdays:
        return f"{capitalise(full_date(day))} n’est pas un jour travaillé."
    if any(covers(one.starts_on, one.ends_on, day) for one in agenda.absences):
        return f"Vous n’êtes pas disponible le {day_month(day)}."
    if (day, half_day) in agenda.busy:
        return f"Vous n’êtes pas disponible le {day_month(day)}, {HALF_DAY_LABELS[half_day]}."
    return ""


def _the_house(visit: PlannedVisit, day: date) -> str:
    if visit.house.opens_on(day):
        return ""
    return f"«\u00a0{visit.house.name}\u00a0» est fermé le {day_month(day)}."


def _the_others(current: TourPlan, visit: PlannedVisit, day: date, half_day: str) -> str:
    others = [one for one in current.visits if one is not visit and one.day == day]
    if any(one.house.id == visit.house.id for one in others):
        return f"«\u00a0{visit.house.name}\u00a0» est déjà visité le {day_month(day)}."
    problem, when = current.problem, day_month(day)
    if others and (visit.whole_day or any(one.whole_day for one in others)):
        return f"Une visite prend déjà la journée du {when}." if not visit.whole_day else f"Le {when} n’est pas libre."
    if len(others) >= problem.visits_a_day:
        return f"Le {when} compte déjà {len(others)} visites."
    if visit.whole_day and any((day, half) in problem.agenda.busy for half in HALVES):
        return f"La visite prend la journée, et vous n’êtes pas disponible tout le {when}."
    there = sum(one.half_day == half_day for one in others)
    if there >= problem.per_half_day:
        return f"Le {when}, {HALF_DAY_LABELS[half_day]}, est déjà pris."
    return ""


def rearranged(current: TourPlan, problem: Problem | None = None) -> TourPlan:
    """The same visits where they are, told again: reasons, deadlines missed, way. Nothing moves, nothing is added.

    `problem` replaces what was known (a visit locked since, a new closure). The status claims nothing proved.
    """
    spent = time.process_time()
    current = replace(current, problem=problem or current.problem)
    diary, ways = Diary(current.problem), Ways(current.problem)
    entries = [entry_of(visit) for visit in current.visits if not visit.locked]
    effort = Effort(False, current.iterations, current.seed, time.process_time() - spent)
    return compose(diary, ways, entries, effort)
