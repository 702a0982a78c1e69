"""The ratio of the moment: its sentence, its verdict, and the table by which a page tells it without a network."""

import datetime

import pytest

from establishments.regulation import overcapacity_limit
from establishments.regulation.ratio import RATIO_RULE_LABELS, needs_category_1, required_staff
from visits.ratio import BELOW, NO_CATEGORY_1, needs_table, ratio_of_the_day

ON = datetime.date(2026, 3, 17)
HOUSES = [(rule, places) for rule in RATIO_RULE_LABELS for places in (12, 25, 60, None)]


def kind_of(rule):
    return "jardin_enfants" if rule == "kindergarten" else "creche_collective"


@pytest.mark.parametrize(("rule", "places"), HOUSES)
def test_the_table_says_what_the_rule_says_up_to_the_last_child_that_may_be_there(rule, places):
    house = {"rule": rule, "places": places, "kind": kind_of(rule), "on": ON}
    table = needs_table(**house)
    most = overcapacity_limit(places) if places else 60
    assert len(table["needs"]) == most + 1
    for first, row in enumerate(table["needs"]):
        assert [int(digit, 36) for digit in row] == [
            required_staff(first, second, **house) for second in range(most - first + 1)
        ]
    assert table["category_1"] == needs_category_1(places, kind_of(rule), ON)


def test_without_a_rule_there_is_no_table():
    assert needs_table(rule=None, places=30, kind="creche_collective", on=ON) is None


@pytest.mark.parametrize(
    ("staff", "verdict"),
    [((2, 3), []), ((1, 3), [BELOW]), ((0, 5), [NO_CATEGORY_1]), ((0, 1), [BELOW, NO_CATEGORY_1])],
)
def test_what_is_told_ends_with_its_verdict(staff, verdict):
    house = {"rule": "five_eight_summed", "places": 60, "kind": "creche_collective", "on": ON}
    found = ratio_of_the_day((11, 21), staff, **house)
    assert found.required == 5
    assert found.told == " ".join([found.sentence, *verdict])
