"""A tour rearranged by hand, purely: what is refused and why, and what is told of the rest."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from visits.tours import (
    AFTERNOON,
    MORNING,
    STATUS_LABELS,
    Absence,
    Agenda,
    House,
    Locked,
    Problem,
    objection,
    plan,
    rearranged,
)

MONDAY = date(2026, 3, 23)
BASE = (2.385, 48.87)


def day(number):
    return MONDAY + timedelta(days=number)


def house(number, due=20, **more):
    return House(number, f"Maison {number}", BASE, due_on=day(due), **more)


def made(*houses, weeks=4, locked=(), **agenda):
    asked = Problem(tuple(houses), Agenda(BASE, MONDAY, weeks, **agenda), locked=tuple(locked))
    return plan(asked, iterations=200)


def test_a_free_half_day_is_no_objection():
    current = made(house(0))
    assert objection(current, current.visits[0], day(3), AFTERNOON) == ""


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (day(-3), "Le plan va du"),
        (day(60), "Le plan va du"),
        (date(2026, 4, 6), "férié : Lundi de Pâques"),
        (day(5), "n’est pas un jour travaillé"),
        (day(8), "Vous n’êtes pas disponible"),
        (day(9), "est fermé"),
    ],
)
def test_each_refusal_says_its_reason(target, reason):
    shut = house(0, closures=((day(9), day(9)),))
    current = made(shut, absences=(Absence(day(8), day(8)),))
    said = objection(current, current.visits[0], target, MORNING).replace("\u00a0", " ")
    assert reason in said
    assert said.endswith(".")


def test_a_meeting_takes_its_half_day_only():
    current = made(house(0), busy=frozenset({(day(3), MORNING)}))
    assert "matin" in objection(current, current.visits[0], day(3), MORNING)
    assert objection(current, current.visits[0], day(3), AFTERNOON) == ""


def test_a_half_day_already_taken_and_a_whole_day_are_refused():
    current = made(house(0), house(1, minutes=400), locked=[Locked(0, day(1), MORNING)])
    whole = next(visit for visit in current.visits if visit.whole_day)
    other = next(visit for visit in current.visits if visit.locked)
    assert "n’est pas libre" in objection(current, whole, day(1), MORNING)
    assert "prend déjà la journée" in objection(current, other, whole.day, MORNING)


def test_what_was_rearranged_is_told_again_and_claims_nothing_proved():
    current = made(house(0, due=3), house(1))
    moved = replace(current.problem, locked=(Locked(0, day(10), MORNING),))
    visits = tuple(
        replace(v, day=day(10), half_day=MORNING, locked=True) if v.house.id == 0 else v for v in current.visits
    )
    told = rearranged(replace(current, visits=visits), moved)
    assert [(late.house.id, late.due_on, late.day) for late in told.late] == [(0, day(3), day(10))]
    assert told.status_label == STATUS_LABELS["late_unproven"]
    assert {(v.house.id, v.day) for v in told.visits} == {(v.house.id, v.day) for v in visits}


def test_a_locked_visit_is_due_after_the_one_placed_before_it():
    rapid = House(0, "Maison 0", BASE, last_visit_on=day(-25), interval_days=30)
    current = made(rapid, weeks=8, locked=[Locked(0, day(42), MORNING)])
    assert current.late == ()
    assert all(visit.day <= visit.due_on for visit in current.visits)
    assert any("prise de fonction" in reason for reason in current.visits[0].reasons)
