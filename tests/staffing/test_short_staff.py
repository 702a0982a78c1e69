"""Options of a day when too few people came, in their order, with the children concerned."""

from dataclasses import replace
from datetime import date

import pytest

from staffing.coverage import ChildrenPresence, HouseDay, StaffPresence
from staffing.short_staff import Helper, Option, assessed, in_breach, protocol, reduced

DAY = HouseDay(
    opening=(480, 1080),
    children=[ChildrenPresence(480, 540, 0, 4), ChildrenPresence(540, 1080, 0, 24)],
    presences=[StaffPresence(480, 1080, 1, True, True, 1), StaffPresence(480, 1080, 2, True, True, 2)],
    rule="five_eight_summed",
    places=30,
    kind="creche_collective",
    on=date(2026, 3, 17),
)


def helper(name, start=480, end=1080, category=2):
    return Helper(name, StaffPresence(start, end, category, False, True, name), "Crèche voisine")


def options(day=DAY, **given):
    return {step.option: step for step in protocol(day, **given)}


def test_a_day_that_holds_asks_for_nothing():
    assert protocol(replace(DAY, presences=[*DAY.presences, StaffPresence(480, 1080, 2, False, True)])) == []


def test_the_options_come_in_the_order_of_the_protocol():
    assert [step.option for step in protocol(DAY)] == list(Option)


def test_one_float_agent_is_enough_and_no_more_is_asked():
    step = options(floats=[helper("Ana"), helper("Bruno")])[Option.FLOAT]
    assert step.enough
    assert step.children == 24
    assert step.text == "Ana (Crèche voisine)."


def test_somebody_who_comes_when_nothing_is_missing_is_no_option():
    step = options(colleagues=[helper("Tôt", 480, 540)])[Option.TRANSFER]
    assert not step.enough
    assert step.text == "Personne de disponible."


def test_half_a_day_of_help_is_told_as_not_enough():
    step = options(colleagues=[helper("Matin", 480, 780)])[Option.TRANSFER]
    assert not step.enough
    assert "Matin" in step.text


def test_shorter_hours_keep_the_longest_part_that_holds():
    step = options()[Option.HOURS]
    assert step.text == "Ouvrir de 8\u00a0h à 9\u00a0h."
    assert (step.children, step.enough) == (24, True)


def test_the_fewest_children_elsewhere_is_where_the_rule_holds_again():
    step = options()[Option.PLACES]
    assert step.children == 8
    assert "16 enfants au plus" in step.text
    assert not in_breach(assessed(replace(DAY, children=reduced(DAY.children, 16))))
    assert in_breach(assessed(replace(DAY, children=reduced(DAY.children, 17))))


def test_nobody_left_means_no_child():
    step = options(replace(DAY, presences=[]))[Option.PLACES]
    assert (step.children, step.text) == (24, "Aucun enfant ne peut être accueilli.")


@pytest.mark.parametrize(("rule", "enough"), [("five_eight_by_group", True), ("five_eight_summed", False)])
def test_regrouping_helps_only_where_groups_are_counted_apart(rule, enough):
    children = [ChildrenPresence(480, 1080, 6, 6)]
    staff = DAY.presences if rule == "five_eight_by_group" else DAY.presences[:1]
    step = options(replace(DAY, children=children, rule=rule, presences=staff))[Option.MERGE]
    assert step.enough is enough


def test_reducing_adds_up_the_groups_that_overlap():
    groups = [ChildrenPresence(480, 600, 3, 2), ChildrenPresence(540, 660, 1, 4)]
    assert reduced(groups, 6) == [
        ChildrenPresence(480, 540, 3, 2),
        ChildrenPresence(540, 600, 4, 2),
        ChildrenPresence(600, 660, 1, 4),
    ]
    assert reduced(groups, 0) == []
