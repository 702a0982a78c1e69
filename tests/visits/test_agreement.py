"""Cohen's kappa: cases worked out by hand, and raters of known bias (M9)."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.reviews.agreement import agreement, agreement_by_item


def test_the_textbook_table_gives_its_kappa():
    # 50 cases: both yes 20, first yes alone 5, second yes alone 10, both no 15: observed 0.7, expected 0.5, kappa 0.4.
    pairs = [("o", "o")] * 20 + [("o", "n")] * 5 + [("n", "o")] * 10 + [("n", "n")] * 15
    found = agreement(pairs)
    assert (found.observed, found.expected, found.kappa) == (Fraction(7, 10), Fraction(1, 2), Fraction(2, 5))
    assert found.to_discuss


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [([], None), ([(1, 1)] * 9, None), ([(1, 1), (2, 2)], 1), ([(1, 2), (2, 1)], -1), ([(1, 1), (1, 2)], 0)],
)
def test_the_edges(pairs, kappa):
    assert agreement(pairs).kappa == kappa


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_it_does_not_matter_who_is_first(pairs):
    assert agreement(pairs) == agreement([(b, a) for a, b in pairs])


@pytest.mark.parametrize("truth", [0.2, 0.4, 0.6, 0.8])
def test_raters_of_known_bias_are_found_within_five_hundredths(truth):
    """Both say the same with probability `truth`, else each draws evenly among four ratings: kappa is `truth`."""
    dice = random.Random(f"kappa {truth}")
    same = [dice.random() < truth for _ in range(8000)]
    pairs = [((r := dice.randrange(4)), r if alike else dice.randrange(4)) for alike in same]
    assert abs(float(agreement(pairs).kappa) - truth) <= 0.05


def test_the_items_to_discuss_come_first():
    found = agreement_by_item({"repas": [(1, 1)] * 4, "sommeil": [(1, 2), (1, 1)], "jeu": [], "soins": [(1, 2)]})
    assert list(found) == ["soins", "sommeil", "repas", "jeu"]
    assert [key for key, value in found.items() if value.to_discuss] == ["soins", "sommeil"]
