"""From weeks of work and absences to presences, against looking at each minute."""

import random
from datetime import date, timedelta

import pytest

from staffing.leave_rules import AFTERNOON, MORNING
from staffing.presences import Agent, Away, Shift, Timetable, pieces, presences_on, without

MONDAY = date(2026, 3, 16)
DAY = timedelta(days=1)


def timetable(*shifts, weeks=1, starts_on=date(2026, 1, 5), ends_on=None):
    return Timetable(starts_on, ends_on, weeks, shifts)


def agent(number=1, *shifts, category=1, **given):
    tables = (timetable(*shifts),) if shifts else ()
    given = {"timetables": tables, "starts_on": date(2020, 1, 1), "ends_on": None} | given
    return Agent(number, f"Agent {number}", "eje", category, **given)


def on(agents, aways=(), day=MONDAY, directing=()):
    found = presences_on(agents, aways, day, 780, directing=directing)
    return [(p.person, p.start, p.end, p.counts) for p in found]


def test_alternating_weeks_follow_each_other_from_the_first_week_of_the_roster():
    table = timetable(Shift(1, 1, 480, 900), Shift(2, 1, 600, 1080), weeks=2, starts_on=date(2026, 3, 4))
    starts = [[s.start for s in table.on(MONDAY + 7 * n * DAY)] for n in range(-1, 3)]
    assert starts == [[600], [480], [600], [480]]
    assert table.on(date(2026, 3, 2)) == []


def test_a_week_of_work_gives_its_half_days_for_counting_leave():
    shifts = (Shift(1, 1, 480, 960), Shift(1, 2, 480, 720), Shift(1, 3, 900, 1110), Shift(1, 4, 480, 740))
    works = timetable(*shifts).pattern.works
    halves = [(works((MONDAY + n * DAY, MORNING)), works((MONDAY + n * DAY, AFTERNOON))) for n in range(5)]
    assert halves == [(True, True), (True, False), (False, True), (True, False), (False, False)]


def test_half_a_day_away_ends_at_the_middle_of_the_opening():
    shift = Shift(1, 1, 480, 1020)
    assert on([agent(1, shift)], [Away(1, MONDAY, MONDAY, "morning")]) == [(1, 780, 1020, True)]
    assert on([agent(1, shift)], [Away(1, MONDAY, MONDAY, "afternoon")]) == [(1, 480, 780, True)]
    assert on([agent(1, shift)], [Away(1, MONDAY, MONDAY)]) == []
    assert on([agent(1, shift)], [Away(2, MONDAY, MONDAY)]) == [(1, 480, 1020, True)]


def test_training_in_the_house_keeps_the_person_there_without_counting():
    shift = Shift(1, 1, 480, 1020)
    assert on([agent(1, shift)], [Away(1, MONDAY, MONDAY, in_the_house=True)]) == [(1, 480, 1020, False)]


def test_office_hours_and_those_without_category_never_count():
    director = agent(1, Shift(1, 1, 540, 720, counts=False), Shift(1, 1, 720, 780))
    cook = agent(2, Shift(1, 1, 480, 900), category=None)
    assert on([director, cook]) == [(1, 540, 720, False), (1, 720, 780, True), (2, 480, 900, False)]


def test_the_pool_and_unknown_hours_have_no_presence():
    shift = Shift(1, 1, 480, 1020)
    assert on([agent(1, shift, is_float=True), agent(2), agent(3, shift, ends_on=MONDAY - DAY)]) == []


def test_who_directs_is_told_by_the_continuity_of_the_day():
    found = presences_on([agent(1, Shift(1, 1, 480, 1020))], (), MONDAY, 780, directing={1})
    assert found[0].may_direct


@pytest.mark.parametrize("seed", range(20))
def test_pieces_hold_each_minute_once_whatever_overlaps(seed):
    rng = random.Random(seed)
    for _ in range(50):
        starts = [rng.randrange(300, 900) for _ in range(rng.randrange(4))]
        shifts = [Shift(1, 1, start, start + rng.randrange(1, 300)) for start in starts]
        gone = [(s := rng.randrange(200, 1200), s + rng.randrange(1, 200)) for _ in range(rng.randrange(3))]
        found = pieces(shifts, gone)
        for minute in range(300, 1200):
            there = any(s.start <= minute < s.end for s in shifts) and not any(a <= minute < b for a, b in gone)
            assert sum(a <= minute < b for a, b, _ in found) == there


def test_taking_out_what_covers_everything_leaves_nothing():
    assert without(480, 600, [(0, 1440)]) == []
    assert without(480, 600, [(500, 520), (590, 700)]) == [(480, 500), (520, 590)]
