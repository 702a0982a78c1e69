"""The seven rates: exact, additive, never averaged."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.french import percent
from indicators.rates import (
    ADMISSION,
    ASSIDUITY,
    LEVERS,
    NO_ACTIVITY,
    OPENING,
    RATE_DEFINITIONS,
    Activity,
    weakest_lever,
)

HOURS = st.decimals(min_value=0, max_value=10_000_000, places=2) | st.integers(0, 10_000_000)
ACTIVITIES = st.builds(Activity, HOURS, HOURS, HOURS, HOURS, HOURS)

# (property, numerator, denominator) as decided, written again here by field name.
DIVISIONS = [
    ("opening_rate", "open_hours", "authorised_hours"),
    ("admission_rate", "contracted_hours", "open_hours"),
    ("assiduity_rate", "actual_hours", "contracted_hours"),
    ("attendance_rate", "actual_hours", "authorised_hours"),
    ("occupancy_rate", "actual_hours", "open_hours"),
    ("billed_occupancy_rate", "billed_hours", "authorised_hours"),
    ("billing_rate", "billed_hours", "actual_hours"),
]


def shown(rate):
    return percent(rate, 2).replace("\u202f", " ")


def test_golden_11_a_house_of_60_places_open_223_days():
    authorised = 60 * 11 * 223
    year = Activity(authorised, authorised, 0, 103_000, 110_000)
    assert year.authorised_hours == 147_180
    assert shown(year.attendance_rate) == "69,98 %"
    assert shown(year.billed_occupancy_rate) == "74,74 %"
    assert shown(year.billing_rate) == "106,80 %"
    assert year.billing_rate == year.billed_occupancy_rate / year.attendance_rate


def test_golden_12_opening_times_admission_times_assiduity_is_attendance():
    month = Activity(60 * 11 * 20, 54 * 11 * 20, 10_700, 9_630, 10_486)
    assert (month.authorised_hours, month.open_hours) == (13_200, 11_880)
    assert shown(month.opening_rate) == "90,00 %"
    assert shown(month.admission_rate) == "90,07 %"
    assert shown(month.assiduity_rate) == "90,00 %"
    assert shown(month.attendance_rate) == "72,95 %"
    assert shown(month.billed_occupancy_rate) == "79,44 %"
    assert shown(month.billing_rate) == "108,89 %"


def test_golden_13_a_sector_is_summed_then_divided_never_averaged():
    sixty = Activity(16_667, 16_667, 0, 10_000, 0)
    eighty = Activity(5_000, 5_000, 0, 4_000, 0)
    sector = sum([sixty, eighty])
    assert sector.attendance_rate == Fraction(14_000, 21_667)
    assert percent(sector.attendance_rate).replace("\u202f", " ") == "64,6 %"


@pytest.mark.parametrize(("rate", "numerator", "denominator"), DIVISIONS)
@given(activity=ACTIVITIES)
def test_each_rate_is_its_numerator_over_its_denominator(rate, numerator, denominator, activity):
    whole = getattr(activity, denominator)
    found = getattr(activity, rate)
    if whole == 0:
        assert found is None
    else:
        assert found * Fraction(whole) == Fraction(getattr(activity, numerator))


@given(ACTIVITIES)
def test_the_identity_holds_exactly_where_its_three_factors_are_defined(activity):
    factors = (activity.opening_rate, activity.admission_rate, activity.assiduity_rate)
    if None not in factors:
        assert activity.attendance_rate == factors[0] * factors[1] * factors[2]


@given(st.lists(ACTIVITIES, max_size=8))
def test_a_group_is_the_sum_of_its_members_field_by_field(members):
    group = sum(members, NO_ACTIVITY)
    for name in ("authorised_hours", "open_hours", "contracted_hours", "actual_hours", "billed_hours"):
        assert Fraction(getattr(group, name)) == sum(Fraction(getattr(each, name)) for each in members)
    assert group == (sum(members) if members else NO_ACTIVITY)


@given(st.lists(ACTIVITIES, min_size=1, max_size=8), st.integers(0, 8))
def test_however_a_territory_is_cut_its_rates_are_the_same(members, cut):
    halves = sum(members[:cut], NO_ACTIVITY) + sum(members[cut:], NO_ACTIVITY)
    whole = sum(members)
    assert [rate.of(halves) for rate in RATE_DEFINITIONS] == [rate.of(whole) for rate in RATE_DEFINITIONS]


def test_a_house_that_never_opened_has_no_rate_rather_than_zero():
    assert [rate.of(NO_ACTIVITY) for rate in RATE_DEFINITIONS] == [None] * 7


@pytest.mark.parametrize(
    ("activity", "lever"),
    [
        (Activity(100, 50, 45, 40, 0), OPENING),
        (Activity(100, 90, 45, 40, 0), ADMISSION),
        (Activity(100, 90, 85, 40, 0), ASSIDUITY),
        (Activity(100, 80, 64, Decimal("51.2"), 0), OPENING),  # the three at 80 %: the first of the chain
        (Activity(100, 0, 0, 0, 0), OPENING),
        (Activity(100, 80, 0, 0, 0), ADMISSION),
        (NO_ACTIVITY, None),
    ],
)
def test_the_weakest_lever_is_the_lowest_factor(activity, lever):
    assert weakest_lever(activity) == lever


@given(ACTIVITIES)
def test_no_other_factor_is_below_the_weakest_lever(activity):
    rates = dict(zip(LEVERS, (activity.opening_rate, activity.admission_rate, activity.assiduity_rate), strict=True))
    lever = weakest_lever(activity)
    if lever is None:
        assert activity.authorised_hours == 0
    else:
        assert all(rates[lever] <= rate for rate in rates.values() if rate is not None)


@pytest.mark.parametrize("wrong", [1.5, True, "12", None])
def test_hours_that_are_not_exact_are_refused(wrong):
    with pytest.raises(TypeError, match="Decimal or an int"):
        Activity(100, wrong, 0, 0, 0)


def test_an_activity_is_only_added_to_an_activity():
    with pytest.raises(TypeError):
        NO_ACTIVITY + 1
    with pytest.raises(TypeError):
        1 + NO_ACTIVITY


def test_each_definition_names_the_division_it_does():
    words = {
        "authorised_hours": "heures autorisées",
        "open_hours": "heures ouvertes",
        "contracted_hours": "heures contractualisées",
        "actual_hours": "heures réalisées",
        "billed_hours": "heures facturées",
    }
    expected = [(rate, words[numerator], words[denominator]) for rate, numerator, denominator in DIVISIONS]
    assert [(each.name, each.numerator, each.denominator) for each in RATE_DEFINITIONS] == expected
