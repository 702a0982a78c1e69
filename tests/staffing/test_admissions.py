"""A simulated place against judging whole days and weeks again, and the order of the houses."""

import random
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from establishments.regulation import CapacitySlot
from staffing.admissions import CAPACITY, TOPICS, Admission, Simulated, ranked, simulate_admission
from staffing.coverage import (
    ChildrenPresence,
    HouseDay,
    StaffPresence,
    Topic,
    assess_day,
    half_hours_in_breach,
)
from tests.staffing.test_coverage import random_day

MONDAY = date(2026, 3, 16)


def random_week(rng):
    """Two weeks of a house, some days closed."""
    _, _, _, house = random_day(rng)
    slots = ()
    if house["places"] and rng.random() < 0.3:
        slots = tuple(CapacitySlot(day, time(9), time(12), rng.randrange(1, 40)) for day in range(1, 6))
    days = {}
    for number in (*range(5), *range(7, 12)):
        on = MONDAY + timedelta(days=number)
        if rng.random() < 0.85:
            opening, children, presences, _ = random_day(rng)
            days[on] = HouseDay(opening, children, presences, **(house | {"on": on, "slots": slots}))
    return days


def random_admission(rng):
    chosen = rng.sample(range(1, 6), rng.randint(1, 5))
    days = {day: (start := rng.randrange(360, 900), start + rng.randrange(30, 600)) for day in chosen}
    return Admission(days, walks=rng.random() < 0.5, children=rng.choice([1, 1, 1, 2, 5]))


def topics_of(day):
    segments = assess_day(
        opening=day.opening, children=day.children, presences=day.presences, rule=day.rule,
        places=day.places, kind=day.kind, on=day.on, slots=day.slots,
    )  # fmt: skip
    halves = half_hours_in_breach(segments, TOPICS)
    return {half.start: {breach.topic for breach in half.breaches} for half in halves}


def admitted(day, admission):
    """The whole day with the child, from the time she may come to the time she must leave."""
    asked = admission.days.get(day.on.isoweekday())
    if asked is None:
        return day
    start, end = max(asked[0], day.opening[0]), min(asked[1], day.opening[1])
    if start >= end:
        return day
    who = (0, admission.children) if admission.walks else (admission.children, 0)
    return replace(day, children=[*day.children, ChildrenPresence(start, end, *who)])


def hours_of(days):
    """{Monday: too many hours?}, the capacity of each minute counted apart."""
    weeks = {}
    for on, day in days.items():
        weeks.setdefault(on - timedelta(days=on.weekday()), []).append(day)
    found = {}
    for monday, week in weeks.items():
        capacity = 0
        for day in week:
            mine = [s for s in day.slots if s.weekday == day.on.isoweekday()]
            for minute in range(*day.opening):
                at = [s.places for s in mine if s.start_minute <= minute < s.end_minute]
                capacity += at[0] if at else day.places or 0
        presence = sum(group.child_minutes for day in week for group in day.children)
        judged = week[0].places and week[0].kind != "creche_familiale" and week[0].on >= date(2021, 9, 1)
        found[monday] = bool(judged) and presence > capacity
    return found


@pytest.mark.parametrize("block", range(4))
def test_a_thousand_admissions_are_what_judging_everything_again_gives(block):
    broken = 0
    for seed in range(block * 250, block * 250 + 250):
        rng = random.Random(seed)
        days, admission = random_week(rng), random_admission(rng)
        after = {on: admitted(day, admission) for on, day in days.items()}
        expected = [
            (on, start, left)
            for on in sorted(days)
            for start, topics in sorted(topics_of(after[on]).items())
            if (left := topics - topics_of(days[on]).get(start, set()))
        ]
        found = simulate_admission(days, admission)
        assert [(on, half.start, {b.topic for b in half.breaches}) for on, half in found.broken] == expected, seed
        now, then = hours_of(days), hours_of(after)
        assert [monday for monday, _ in found.weeks] == [m for m in sorted(then) if then[m] and not now[m]], seed
        broken += len(expected)
    assert broken > 200


def house(children=8, staff=2, places=24, **given):
    """From 8 h to 18 h on the five days of a week: eight children who walk and two professionals unless told."""
    found = {}
    for number in range(5):
        on = MONDAY + timedelta(days=number)
        presences = [StaffPresence(480, 1080, 1, True, True, n) for n in range(staff)]
        there = [ChildrenPresence(480, 1080, 0, children)]
        rules = {"rule": "five_eight_summed", "places": places, "kind": "creche_collective", "on": on} | given
        found[on] = HouseDay((480, 1080), there, presences, **rules)
    return found


def test_the_seventeenth_child_who_walks_breaks_each_half_hour_asked():
    found = simulate_admission(house(16), Admission({2: (540, 660)}, walks=True))
    assert [(on.isoweekday(), half.start) for on, half in found.broken] == [(2, 540), (2, 570), (2, 600), (2, 630)]
    assert {breach.article for _, half in found.broken for breach in half.breaches} == {"CSP R. 2324-46-4"}
    assert (found.holds, found.room, found.days) == (False, 7, 1)
    assert simulate_admission(house(15), Admission({2: (540, 660)}, walks=True)).holds


def test_who_does_not_walk_takes_more():
    walks, crawls = (simulate_admission(house(15), Admission({1: (540, 600)}, walks=w)) for w in (True, False))
    assert (walks.holds, crawls.holds) == (True, False)


def test_capacity_breaks_at_115_percent_and_the_week_at_100():
    found = simulate_admission(house(27, staff=5), Admission({3: (480, 540)}, walks=True, children=2))
    assert {b.topic for _, half in found.broken for b in half.breaches} == {Topic.OVERCAPACITY}
    assert found.weeks == ()
    full = simulate_admission(house(24, staff=5), Admission({3: (480, 540)}, walks=True))
    assert (full.broken, full.room) == ((), -1)
    assert [(monday, breach.rule_id) for monday, breach in full.weeks] == [(MONDAY, "SURNOMBRE-HEBDO")]


def test_what_did_not_hold_before_is_told_apart():
    found = simulate_admission(house(20), Admission({1: (480, 600)}, walks=True))
    assert (found.broken, found.already) == ((), 4)
    assert simulate_admission(house(20, staff=0), Admission({1: (480, 600)}, walks=True), topics=CAPACITY).already == 0


def test_hours_outside_the_opening_are_refused():
    assert simulate_admission(house(), Admission({1: (450, 1100)}, walks=True)).refused == 50


def test_the_best_house_welcomes_all_the_hours_breaks_nothing_and_has_the_most_room():
    week = Admission(dict.fromkeys(range(1, 6), (480, 1020)), walks=True)
    houses = {"pleine": house(16), "large": house(8, places=40), "juste": house(8), "tard": house(8, 2)}
    houses["tard"] = {on: replace(day, opening=(600, 1080)) for on, day in houses["tard"].items()}
    found = ranked({name: simulate_admission(days, week) for name, days in houses.items()})
    assert [name for name, _ in found] == ["large", "juste", "pleine", "tard"]
    assert ranked({"fermée": Simulated(), **dict(found)})[-1][0] == "fermée"


@pytest.mark.parametrize(
    "wrong", [{"days": {}}, {"days": {8: (480, 540)}}, {"days": {1: (540, 480)}}, {"children": 0}]
)
def test_what_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"admission|interval"):
        Admission(**({"days": {1: (480, 540)}, "walks": True} | wrong))
