"""An urgent visit in a plan already made: at most three others move, and it is refused only when they make no room."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.visits import tour_cities as cities
from tests.visits.tour_oracle import Oracle
from tests.visits.tour_problems import SEEDS, SLOW, broken, day, house, only, placed, problem, show, the_plan
from visits.tours import MORNING, Urgent, moved, plan, replan
from visits.tours.model import LATE_UNPROVEN


@pytest.mark.parametrize("seed", SEEDS)
def test_an_urgent_visit_moves_at_most_three_others(seed, capsys):
    random, made = Random(seed), the_plan(seed)
    counts = []
    for _ in range(5):
        urgent = cities.an_urgent(made.problem, random)
        after = replan(made, urgent)
        shifted = moved(made, after, urgent.house_id)
        counts.append(len(shifted))
        assert len(shifted) <= 3
        assert len(after.visits) <= len(made.visits) + 1
        assert broken(after) == []
        assert {late.house.id for late in after.late} <= {urgent.house_id}
        if not after.late:
            days = [v.day for v in after.visits if v.house.id == urgent.house_id and v.own_due_on]
            assert min(days) <= urgent.due_on
        else:
            assert "sans déplacer plus de 3 autres visites" in after.late[0].why
    show(capsys, f"city {seed}: others moved by five urgent visits {counts}")


@pytest.mark.slow
def test_an_urgent_visit_is_refused_only_when_so_few_moves_make_no_room(capsys):
    answers = Counter()
    for seed in range(24):
        random = Random(seed)
        asked = replace(cities.city(seed, size=14, weeks=2, clusters=4).problem, min_gap_days=1)
        made = plan(asked, iterations=5_000)
        one = random.choice(asked.houses)
        urgent = Urgent(one.id, day(random.randrange(2)), "sensitive_support")
        most = seed % 4
        after = replan(made, urgent, most_moved=most)
        kept = [(visit.house.id, visit.day) for visit in made.visits]
        possible = Oracle(after.problem).shortest(kept=kept, most_moved=most) is not None
        assert (not after.late) == possible, f"city {seed}"
        answers[possible] += 1
    show(capsys, f"urgent visits with room: {answers[True]}, without: {answers[False]}")
    assert min(answers[True], answers[False]) >= 3


def test_a_chain_of_three_moves_is_found_and_a_fourth_is_not_made():
    def chain(length):
        """House i may only go to day i or i + 1: the newcomer on day 0 pushes every one of them."""
        weekdays = [frozenset({number, number + 1}) for number in range(length)]
        houses = [house(i, 6, weekdays=days) for i, days in enumerate(weekdays)]
        newcomer = house(7, 30, weekdays=frozenset({0}))
        busy = only(*((number, MORNING) for number in range(length + 1)))
        return plan(problem(*houses, newcomer, busy=busy, locked=(), visits_a_day=1), iterations=0)

    urgent = Urgent(7, day(0))
    three, four = chain(3), chain(4)
    assert [placed(three)[i] for i in range(3)] == [day(i) for i in range(3)]
    after = replan(three, urgent)
    assert after.late == ()
    assert placed(after) == {7: day(0), 0: day(1), 1: day(2), 2: day(3)}
    refused = replan(four, urgent)
    assert [late.house.id for late in refused.late] == [7]
    assert moved(four, refused, 7) == []
    assert refused.status == LATE_UNPROVEN
    assert plan(refused.problem).late == ()


def test_an_urgent_visit_brings_the_planned_one_forward_rather_than_adding_one():
    made = plan(problem(house(0, 60), house(1, 12), weeks=2, busy=only((9, MORNING), (1, MORNING), weeks=2)))
    made = replace(made, visits=tuple(replace(v, day=day(9), half_day=MORNING) for v in made.visits))
    after = replan(made, Urgent(1, day(2)))
    assert placed(after) == {1: day(1)}
    aside = replan(made, Urgent(1, day(2), "sensitive_support"))
    assert [(visit.day, visit.kind) for visit in aside.visits] == [
        (day(1), "sensitive_support"),
        (day(9), "regular"),
    ]


@SLOW
@given(seed=st.integers(0, 10**6), urgent_seed=st.integers(0, 10**6))
def test_an_urgent_visit_never_breaks_a_rule_nor_moves_a_fourth(seed, urgent_seed):
    made = plan(cities.small(seed), iterations=200, clock=lambda: 0.0)
    urgent = cities.an_urgent(made.problem, Random(urgent_seed))
    after = replan(made, urgent)
    assert len(moved(made, after, urgent.house_id)) <= 3
    assert broken(after) == []
    assert {late.house.id for late in after.late} <= {late.house.id for late in made.late} | {urgent.house_id}
