"""The two exact steps under the planner, against every possibility tried one by one."""

from collections import Counter
from itertools import permutations, product

from hypothesis import given
from hypothesis import strategies as st

from tests.visits.tour_problems import MONDAY, day
from visits.tours.assignment import cheapest_assignment, largest_matching


@given(st.integers(1, 4), st.integers(0, 2), st.data())
def test_the_cheapest_assignment_is_the_cheapest_of_all(rows, more, found):
    columns = rows + more
    line = st.lists(st.integers(0, 30), min_size=columns, max_size=columns)
    cost = found.draw(st.lists(line, min_size=rows, max_size=rows))
    chosen, total = cheapest_assignment(cost)
    assert len(set(chosen)) == rows
    assert total == min(sum(cost[r][c] for r, c in enumerate(one)) for one in permutations(range(columns), rows))


@given(st.lists(st.sets(st.integers(0, 3)), max_size=5), st.lists(st.integers(0, 2), min_size=4, max_size=4))
def test_the_largest_matching_is_the_largest_of_all(wanted, capacity):
    days = [day(number) for number in range(4)]
    chosen = largest_matching(
        [[days[n] for n in sorted(one)] for one in wanted], dict(zip(days, capacity, strict=True))
    )
    assert all(on is None or (on - MONDAY).days in one for on, one in zip(chosen, wanted, strict=True))
    taken = Counter(on for on in chosen if on)
    assert all(taken[on] <= room for on, room in zip(days, capacity, strict=True))
    every = product(*([None, *one] for one in wanted))
    fits = (len([n for n in c if n is not None]) for c in every if all(c.count(n) <= capacity[n] for n in range(4)))
    assert sum(taken.values()) == max(fits)
