"""The rules of the texts, day by day, against the golden vectors and against counting."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.french import typo
from establishments import regulation
from establishments.regulation import (
    CapacitySlot,
    category,
    category_label,
    overcapacity_limit,
    quotas,
    required_staff,
)

NOW = date(2026, 3, 2)
COLLECTIVE = regulation.CRECHE_COLLECTIVE
KINDS = list(regulation.KIND_LABELS)
CHILDREN = st.integers(0, 150)
PLACES = st.integers(1, 300)
RATIO_RULES = st.sampled_from(list(regulation.RATIO_RULE_LABELS))


def staff(non_walkers, walkers, rule="five_eight_summed", places=30, kind=COLLECTIVE, on=NOW, outing=False):
    return required_staff(non_walkers, walkers, rule=rule, places=places, kind=kind, on=on, outing=outing)


@pytest.mark.parametrize(("places", "limit"), [(12, 14), (24, 28), (33, 38), (60, 69), (20, 23), (45, 52), (99, 114)])
def test_golden_1_at_most_115_percent_at_the_same_moment_rounded_up(places, limit):
    assert overcapacity_limit(places) == limit


@given(PLACES)
def test_the_limit_is_the_first_whole_child_from_115_percent(places):
    limit = overcapacity_limit(places)
    assert (limit - 1) * 100 < 115 * places <= limit * 100


@pytest.mark.parametrize(
    ("places", "code", "label"),
    [
        (12, "micro", "micro-crèche"),
        (13, "petite", "petite crèche"),
        (24, "petite", "petite crèche"),
        (25, "creche", "crèche"),
        (39, "creche", "crèche"),
        (40, "grande", "grande crèche"),
        (59, "grande", "grande crèche"),
        (60, "tres_grande", "très grande crèche"),
    ],
)
@pytest.mark.parametrize("kind", ["creche_collective", "halte_garderie"])
def test_golden_2_the_category_follows_from_the_places(kind, places, code, label):
    assert category(kind, places, NOW) == code
    assert category_label(kind, code) == label


@pytest.mark.parametrize(
    ("kind", "places", "label"),
    [
        ("jardin_enfants", 24, "petit jardin d’enfants"),
        ("jardin_enfants", 25, "jardin d’enfants"),
        ("jardin_enfants", 60, "grand jardin d’enfants"),
        ("creche_familiale", 29, "petite crèche familiale"),
        ("creche_familiale", 30, "crèche familiale"),
        ("creche_familiale", 60, "grande crèche familiale"),
        ("creche_familiale", 90, "très grande crèche familiale"),
    ],
)
def test_gardens_and_family_creches_have_their_own_categories(kind, places, label):
    assert category_label(kind, category(kind, places, NOW)) == label


@given(st.sampled_from(KINDS), PLACES)
def test_each_number_of_places_is_in_exactly_one_category(kind, places):
    holding = [
        code
        for code, low, high in regulation.category_bounds(kind, NOW)
        if low <= places and (high is None or places <= high)
    ]
    assert [category(kind, places, NOW)] == holding


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_places_and_days_before_the_reform_have_no_category(kind):
    assert category(kind, None, NOW) == category(kind, 30, date(2021, 8, 31)) == ""
    assert category(kind, 30, date(2021, 9, 1)) != ""
    assert category_label(kind, "") == "—"


def test_golden_3_the_fractions_are_summed_unless_the_groups_are_rounded_apart():
    assert staff(9, 17, "five_eight_summed") == 4
    assert staff(9, 17, "five_eight_by_group") == 5
    assert staff(9, 17, "one_six") == 5


def test_golden_4_one_child_in_a_creche_of_30_takes_two_adults_one_of_category_1():
    assert staff(0, 1) == 2
    assert regulation.needs_category_1(30, COLLECTIVE, NOW)
    assert regulation.needs_category_1(25, COLLECTIVE, NOW)
    assert not regulation.needs_category_1(24, COLLECTIVE, NOW)
    assert not regulation.needs_category_1(None, COLLECTIVE, NOW)


@pytest.mark.parametrize("rule", list(regulation.RATIO_RULE_LABELS))
def test_golden_5_one_adult_is_enough_up_to_three_children_in_a_micro_creche(rule):
    assert [staff(children, 0, rule, places=12) for children in range(5)] == [0, 1, 1, 1, 2]
    assert [staff(1, children, rule, places=12) for children in range(4)] == [1, 1, 1, 2]
    assert staff(1, 0, rule, places=13) == staff(1, 0, rule, places=None) == 2


@pytest.mark.parametrize("rule", list(regulation.RATIO_RULE_LABELS))
def test_golden_6_an_outing_takes_two_adults_and_one_for_five_children(rule):
    assert staff(3, 8, rule, outing=True) == 3
    assert staff(0, 11, rule, outing=True) == 3
    assert staff(0, 2, rule, places=12, outing=True) == 2
    assert staff(0, 0, rule, outing=True) == 0


def test_golden_7_a_week_of_33_places_is_1815_hours_and_one_more_is_a_breach():
    week = [CapacitySlot(day, time(7, 30), time(18, 30), 33) for day in range(1, 6)]
    assert regulation.weekly_capacity_hours(week) == 1_815
    assert not regulation.breaches_weekly_capacity(1_815, week)
    assert regulation.breaches_weekly_capacity(1_816, week)
    assert regulation.breaches_weekly_capacity(Decimal("1815.01"), week)


def test_golden_8_category_1_is_at_least_40_percent_of_the_reference():
    assert regulation.meets_category_1_share(Decimal("2.08"), Decimal("5.2"), NOW) is True
    assert regulation.meets_category_1_share(Decimal("2.07"), Decimal("5.2"), NOW) is False
    assert regulation.meets_category_1_share(Decimal("2.07"), Decimal("5.2"), date(2022, 12, 31)) is None


def test_golden_9_a_creche_of_85_places():
    found = quotas(COLLECTIVE, 85, NOW)
    assert (found.direction_fte, found.deputy_fte) == (1, Decimal("0.75"))
    assert (found.rsai_hours_year, found.rsai_hours_quarter) == (60, 10)
    assert (found.health_fte, found.eje_fte) == (Decimal("0.50"), Decimal("1.5"))


def test_golden_10_no_complete_block_of_twenty_at_79_places():
    found = quotas(COLLECTIVE, 79, NOW)
    assert (found.rsai_hours_year, found.health_fte, found.eje_fte) == (50, Decimal("0.40"), 1)
    hundred = quotas(COLLECTIVE, 100, NOW)
    assert (hundred.rsai_hours_year, hundred.health_fte, hundred.eje_fte) == (70, Decimal("0.60"), 2)


def test_golden_16_an_authorisation_lasts_fifteen_years_and_is_renewed_two_to_one_year_before():
    expires_on = regulation.authorisation_expiry(date(2025, 6, 1))
    assert expires_on == date(2040, 6, 1)
    assert regulation.renewal_window(expires_on) == (date(2038, 6, 1), date(2039, 6, 1))
    assert regulation.authorisation_expiry(date(2024, 2, 29)) == date(2039, 2, 28)


def test_golden_20_the_director_of_a_micro_creche_has_half_a_post_from_september_2026():
    assert quotas(COLLECTIVE, 12, date(2026, 8, 31)).direction_fte == Decimal("0.20")
    assert quotas(COLLECTIVE, 12, date(2026, 9, 1)).direction_fte == Decimal("0.50")


# direction, deputy, RSAI year, RSAI quarter, health, EJE: the compliance table, copied from the texts.
@pytest.mark.parametrize(
    ("kind", "places", "expected"),
    [
        ("creche_collective", 12, ("0.20", "0", "10", "2", "0", "0")),
        ("halte_garderie", 24, ("0.50", "0", "20", "4", "0", "0.50")),
        ("creche_collective", 39, ("0.75", "0", "30", "6", "0.20", "0.75")),
        ("creche_collective", 59, ("1", "0", "40", "8", "0.30", "1")),
        ("creche_collective", 60, ("1", "0.75", "50", "10", "0.40", "1")),
        ("jardin_enfants", 24, (None, None, "10", "2", None, "0")),
        ("jardin_enfants", 59, (None, None, "20", "4", None, "0.50")),
        ("jardin_enfants", 80, (None, None, "30", "6", None, "1.50")),
        ("creche_familiale", 29, (None, None, None, None, None, "0")),
        ("creche_familiale", 59, (None, None, None, None, None, "0.50")),
        ("creche_familiale", 89, (None, None, None, None, None, "1")),
        ("creche_familiale", 119, (None, None, None, None, None, "1.50")),
        ("creche_familiale", 120, (None, None, None, None, None, "2")),
        ("creche_collective", None, (None,) * 6),
    ],
)
def test_the_quotas_of_each_category_and_nothing_where_no_text_says(kind, places, expected):
    found = quotas(kind, places, NOW)
    names = ("direction_fte", "deputy_fte", "rsai_hours_year", "rsai_hours_quarter", "health_fte", "eje_fte")
    assert tuple(getattr(found, name) for name in names) == tuple(each and Decimal(each) for each in expected)
    assert set(found.articles) == {name for name, each in zip(names, expected, strict=True) if each is not None}
    assert all(re.search(r"CSP .*R\. 2324-4", article) for article in found.articles.values())


def staff_by_counting(non_walkers, walkers, rule, places, outing):
    """Add adults one at a time until they are enough."""
    children = non_walkers + walkers
    if children == 0:
        return 0

    def enough(adults):
        if outing:
            return adults >= 2 and adults * 5 >= children
        if adults == 1:
            return places <= 12 and children <= 3
        if places <= 12 and children <= 3:
            return True
        if rule == "five_eight_by_group":
            return any(5 * part >= non_walkers and 8 * (adults - part) >= walkers for part in range(adults + 1))
        first, second = {"five_eight_summed": (8, 5), "one_six": (1, 1), "kindergarten": (15, 6)}[rule]
        whole = {"five_eight_summed": 40, "one_six": 6, "kindergarten": 90}[rule]
        return first * non_walkers + second * walkers <= whole * adults

    return next(adults for adults in range(1, children + 3) if enough(adults))


@given(CHILDREN, CHILDREN, RATIO_RULES, PLACES, st.booleans(), st.sampled_from(KINDS))
def test_the_staff_required_is_the_smallest_number_that_is_enough(non_walkers, walkers, rule, places, outing, kind):
    expected = staff_by_counting(non_walkers, walkers, rule, places, outing)
    assert staff(non_walkers, walkers, rule, places, kind, outing=outing) == expected


@given(CHILDREN, CHILDREN, RATIO_RULES)
def test_the_reference_of_the_40_percent_has_no_floor_of_two(non_walkers, walkers, rule):
    need = regulation.ratio_need(non_walkers, walkers, rule_code=rule, on=NOW)
    if non_walkers + walkers > 0:
        assert max(2, need) == staff(non_walkers, walkers, rule)
    assert regulation.ratio_need(0, 1, rule_code=rule, on=NOW) == 1


def test_a_kindergarten_counts_by_age():
    assert staff(6, 15, "kindergarten", kind="jardin_enfants") == 2
    assert staff(6, 16, "kindergarten", kind="jardin_enfants") == 3


def test_a_modulated_week_adds_its_slots_and_refuses_an_overlap():
    morning, day = CapacitySlot(1, time(7, 30), time(9), 12), CapacitySlot(1, time(9), time(18, 30), 30)
    assert regulation.weekly_capacity_hours([day, morning]) == Fraction(303)
    assert CapacitySlot(7, time(22), time(0), 3).place_hours == 6
    with pytest.raises(ValueError, match="overlap"):
        regulation.weekly_capacity_hours([morning, CapacitySlot(1, time(8, 59), time(10), 30)])
    assert regulation.weekly_capacity_hours([]) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: category(COLLECTIVE, 0, NOW),
        lambda: quotas(COLLECTIVE, -3, NOW),
        lambda: overcapacity_limit(0),
        lambda: category("creche_parentale", 12, NOW),
        lambda: staff(-1, 5),
        lambda: staff(5, -1),
        lambda: staff(1, 1, rule="one_seven"),
        lambda: staff(1, 1, kind="autre"),
        lambda: staff(1, 1, places=0),
        lambda: CapacitySlot(0, time(8), time(18), 10),
        lambda: CapacitySlot(1, time(18), time(8), 10),
        lambda: CapacitySlot(1, time(8), time(18), -1),
    ],
)
def test_what_cannot_exist_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must|unknown"):
        wrong()


def test_a_rule_is_found_by_its_key_on_its_days_only():
    assert regulation.rule("QUALIF-40", date(2022, 12, 31)) is None
    assert regulation.rule("QUALIF-40", date(2023, 1, 1)).article == "CSP R. 2324-42, R. 2324-43 I"
    assert regulation.rule("PSU-LINEAIRE", date(2024, 12, 31)) is None
    with pytest.raises(LookupError):
        regulation.value_on("QUALIF-40", date(2022, 12, 31))
    with pytest.raises(KeyError):
        regulation.rule("QUALIF-41", NOW)


def test_a_rule_has_one_version_a_day():
    days = {day for each in regulation.RULES for day in (each.starts_on, each.ends_on) if day}
    for day in {day + timedelta(shift) for day in days for shift in (-1, 0, 1)}:
        found = [each.id for each in regulation.rules_on(day)]
        assert len(found) == len(set(found)), day


def test_every_rule_has_its_article_its_source_and_a_french_sentence():
    for each in regulation.RULES:
        assert each.article
        assert each.source_key
        assert each.statement.endswith(".")
        for text in (each.title, each.statement, each.article):
            assert typo(text) == text
    assert [each.id for each in regulation.RULES if not each.verified] == ["CAT-JARDIN", "PRISE-FONCTION-30"]


def test_the_value_of_a_rule_cannot_be_changed():
    with pytest.raises(TypeError):
        regulation.single("RATIO-6").value["children_per_adult"] = (7, 7)
