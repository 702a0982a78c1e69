"""The fewest changes of a summer, against trying every set of changes."""

import random
from itertools import combinations

import pytest

from staffing.summer import Shortfall, fewest_changes, lower_bound


def covers(shortfalls, chosen):
    return all(len(one.helpers & chosen) >= min(one.missing, len(one.helpers)) for one in shortfalls)


def by_hand(shortfalls, weights):
    """Every set of leaves, the small ones first: (number, weight) of the best."""
    leaves = sorted({leave for one in shortfalls for leave in one.helpers})
    for size in range(len(leaves) + 1):
        weighed = [
            sum(weights[each] for each in chosen)
            for chosen in combinations(leaves, size)
            if covers(shortfalls, set(chosen))
        ]
        if weighed:
            return size, min(weighed)
    raise AssertionError


def random_case(rng, leaves=10, most=12):
    names = [f"c{n}" for n in range(rng.randint(1, leaves))]
    shortfalls = [
        Shortfall(rng.choice([1, 1, 1, 2, 3]), frozenset(rng.sample(names, rng.randint(1, min(5, len(names))))))
        for _ in range(rng.randrange(most))
    ]
    return shortfalls, {name: rng.choice([0, 0, 1, 2, 5]) for name in names}


@pytest.mark.parametrize("seed", range(10))
def test_forty_summers_are_changed_as_little_as_trying_everything_does(seed):
    rng = random.Random(seed)
    for _ in range(40):
        shortfalls, weights = random_case(rng)
        found = fewest_changes(shortfalls, weights)
        assert covers(shortfalls, found.changes)
        assert found.exact
        assert (len(found.changes), found.weight) == by_hand(shortfalls, weights)
        assert lower_bound(shortfalls) <= found.bound == len(found.changes)


def test_out_of_time_the_answer_is_right_and_its_bound_is_below_the_best():
    rng = random.Random(7)
    names = [f"c{n}" for n in range(60)]
    shortfalls = [Shortfall(2, frozenset(rng.sample(names, 6))) for _ in range(90)]
    quick, slow = fewest_changes(shortfalls, nodes=30), fewest_changes(shortfalls, nodes=3000)
    for found in (quick, slow):
        assert not found.exact
        assert covers(shortfalls, found.changes)
        assert 0 < found.bound <= len(found.changes)
    assert quick.bound <= slow.bound


def test_among_the_fewest_changes_the_fairest_is_chosen():
    found = fewest_changes([Shortfall(1, frozenset({"ana", "bruno"}))], {"ana": 3, "bruno": 1})
    assert found.changes == {"bruno"}
    assert found.weight == 1


def test_what_no_leave_explains_is_counted_apart():
    found = fewest_changes([Shortfall(2, frozenset({"ana"})), Shortfall(1, frozenset())])
    assert (found.changes, found.hopeless, found.exact) == ({"ana"}, 2, True)


def test_houses_that_share_no_leave_are_solved_apart():
    shortfalls = [Shortfall(1, frozenset({f"{house}-{n}" for n in range(3)})) for house in range(200)]
    found = fewest_changes(shortfalls, nodes=50)
    assert (len(found.changes), found.exact, found.bound) == (200, True, 200)
