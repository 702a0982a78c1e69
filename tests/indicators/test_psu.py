"""The PSU: published examples, the shape of the ceiling price, hours in the wrong box."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.french import percent
from indicators.psu import (
    Band,
    Tariff,
    TariffIncomplete,
    band,
    ceiling_price,
    doubts,
    excess_hours,
    funding_at_ceiling,
    is_near_threshold,
    pedagogical_days,
    projected_year,
    to_next_threshold,
)
from indicators.rates import Activity

# P120 is fictional: the published barème was not found (domain §4.3).
LINE = Tariff(p107=Decimal("10.05"), p120=Decimal("8.85"), hourly=Decimal("6.63"))
STEPS = Tariff(p107=Decimal("10.05"), p117=Decimal("9.20"), p120=Decimal("8.27"), linear=False)
RATES = st.fractions(min_value=0, max_value=3, max_denominator=100_000)
PRICES = st.decimals(min_value=0, max_value=50, places=2)
TARIFFS = st.lists(PRICES, min_size=2, max_size=2).map(sorted).map(lambda two: Tariff(p107=two[1], p120=two[0]))
ROUNDING = Fraction(1, 10_000)


def rate(text):
    return Fraction(text) / 100


def month(actual, billed):
    return Activity(20_000, 20_000, 12_000, actual, billed)


def test_golden_11_and_12_give_their_billing_rates_and_bands():
    year = Activity(147_180, 147_180, 0, 103_000, 110_000).billing_rate
    assert percent(year, 2) == "106,80\u202f%"
    assert (band(year), is_near_threshold(year)) == (Band.BEST, True)
    february = month(9_630, 10_486)
    assert percent(february.billing_rate, 2) == "108,89\u202f%"
    assert band(february.billing_rate) == Band.REDUCED
    assert excess_hours(february) == Fraction("181.9")


def test_golden_14_the_ceiling_at_110():
    assert ceiling_price(rate("110"), LINE) == Decimal("9.7731")


def test_golden_15_a_pedagogical_day_of_35_places():
    assert pedagogical_days(35, LINE) == Decimal("2320.50")
    assert pedagogical_days(35, LINE, days=3) == pedagogical_days(35, LINE, days=5) == Decimal("6961.50")


@pytest.mark.parametrize(
    ("billing_rate", "price"),
    [
        ("0", "10.0500"),
        ("100", "10.0500"),
        ("107", "10.0500"),
        ("110", "9.7731"),
        ("113.5", "9.4500"),
        ("117", "9.1269"),
        ("120", "8.8500"),
        ("130", "8.8500"),
    ],
)
def test_the_line_from_107_to_120_has_the_published_shape(billing_rate, price):
    assert str(ceiling_price(rate(billing_rate), LINE)) == price


@pytest.mark.parametrize(
    ("billing_rate", "price"),
    [("95", "10.05"), ("107", "10.05"), ("107.01", "9.20"), ("117", "9.20"), ("117.01", "8.27"), ("140", "8.27")],
)
def test_until_2024_there_are_three_steps(billing_rate, price):
    assert ceiling_price(rate(billing_rate), STEPS) == Decimal(price)


@given(TARIFFS, RATES, RATES)
def test_the_ceiling_never_rises_with_the_billing_rate(tariff, one, other):
    low, high = sorted([one, other])
    assert ceiling_price(low, tariff) >= ceiling_price(high, tariff)


@given(TARIFFS, RATES, RATES)
def test_the_line_never_jumps(tariff, one, other):
    gap = abs(Fraction(ceiling_price(one, tariff)) - Fraction(ceiling_price(other, tariff)))
    slope = Fraction(tariff.p107 - tariff.p120) / Fraction(13, 100)
    assert gap <= slope * abs(one - other) + ROUNDING


@given(TARIFFS, RATES)
def test_outside_107_and_120_the_ceiling_is_constant(tariff, billing_rate):
    if billing_rate <= rate("107"):
        assert ceiling_price(billing_rate, tariff) == tariff.p107
    if billing_rate >= rate("120"):
        assert ceiling_price(billing_rate, tariff) == tariff.p120


@given(TARIFFS, RATES)
def test_the_ceiling_is_rounded_once_half_up(tariff, billing_rate):
    inside = min(max(billing_rate, rate("107")), rate("120"))
    done = (inside * 100 - 107) / 13
    exact = Fraction(tariff.p107) * (1 - done) + Fraction(tariff.p120) * done
    price = ceiling_price(billing_rate, tariff)
    assert price.as_tuple().exponent == -4
    assert -ROUNDING / 2 < exact - Fraction(price) < ROUNDING / 2 or Fraction(price) - exact == ROUNDING / 2


def test_half_a_ten_thousandth_goes_up():
    tariff = Tariff(p107=Decimal("0.0001"), p120=Decimal("0"))
    assert ceiling_price(rate("113.5"), tariff) == Decimal("0.00005").quantize(Decimal("0.0001"), ROUND_HALF_UP)


def test_a_missing_price_is_said_and_never_guessed():
    tariff = Tariff(p107=Decimal("10.05"), p120=None)
    assert ceiling_price(rate("106"), tariff) == Decimal("10.05")
    for billing_rate in ("107.01", "120", "130"):
        with pytest.raises(TariffIncomplete, match="Valeur du barème inconnue.*à partir de 120"):
            ceiling_price(rate(billing_rate), tariff)
    with pytest.raises(TariffIncomplete, match="jusqu’à 107"):
        ceiling_price(rate("110"), Tariff(p107=None, p120=Decimal("8.85")))
    with pytest.raises(TariffIncomplete, match="de 107 à 117"):
        ceiling_price(rate("110"), Tariff(p107=Decimal("10.05"), p120=Decimal("8.27"), linear=False))
    with pytest.raises(TariffIncomplete, match="montant d’une heure"):
        pedagogical_days(35, tariff)


def test_a_tariff_is_exact_and_never_rises():
    with pytest.raises(TypeError):
        Tariff(p107=10.05, p120=None)
    with pytest.raises(ValueError, match="never rise"):
        Tariff(p107=Decimal("8.85"), p120=Decimal("10.05"))
    with pytest.raises(ValueError, match="negative"):
        ceiling_price(Fraction(-1, 100), LINE)
    with pytest.raises(ValueError, match="negative"):
        pedagogical_days(-1, LINE)


def test_the_most_that_an_hour_brings_is_66_percent_of_the_ceiling():
    assert funding_at_ceiling(1, Decimal("10.05")) == Decimal("6.63")
    assert funding_at_ceiling(Decimal("10486"), Decimal("10.05")) == Decimal("69553.64")


@pytest.mark.parametrize(
    ("billing_rate", "linear", "expected"),
    [
        ("99.99", True, Band.IMPOSSIBLE),
        ("100", True, Band.BEST),
        ("107", True, Band.BEST),
        ("107.01", True, Band.REDUCED),
        ("119.99", True, Band.REDUCED),
        ("120", True, Band.LOWEST),
        ("117", False, Band.REDUCED),
        ("117.01", False, Band.LOWEST),
    ],
)
def test_a_rate_lies_in_a_band(billing_rate, linear, expected):
    assert band(rate(billing_rate), linear=linear) == expected


def test_the_distance_to_the_next_threshold():
    assert to_next_threshold(rate("104"), linear=True) == (rate("107"), rate("3"))
    assert to_next_threshold(rate("110"), linear=True) == (rate("120"), rate("10"))
    assert to_next_threshold(rate("110"), linear=False) == (rate("117"), rate("7"))
    assert to_next_threshold(rate("121")) is to_next_threshold(None) is None
    near = [is_near_threshold(rate(each)) for each in ("105.9", "106", "107", "107.1", "119", "120.1", "60")]
    assert near == [False, True, True, False, True, False, False]
    assert band(None) == Band.UNKNOWN
    assert not is_near_threshold(None)


@pytest.mark.parametrize(
    ("actual", "billed", "rules"),
    [
        (9_630, 10_486, []),
        (0, 0, []),
        (9_630, 9_630, []),
        (9_630, 0, ["actual_without_billed"]),
        (0, 10_486, ["billed_without_actual"]),
        (10_486, 9_630, ["billed_below_actual"]),
        (1_000, 1_500, []),
        (1_000, Decimal("1500.01"), ["billed_far_from_actual"]),
    ],
)
def test_hours_in_the_wrong_box_are_told_in_plain_french(actual, billed, rules):
    found = doubts(month(actual, billed))
    assert [doubt.rule for doubt in found] == rules
    assert all(doubt.sentence.endswith(".") and "case" in doubt.sentence for doubt in found)


@given(st.integers(1, 10_000), st.integers(0, 500))
def test_swapped_boxes_are_always_noticed_and_plausible_months_never_are(actual, per_mille):
    billed = Fraction(actual) * (1000 + per_mille) / 1000
    billed = Decimal(billed.numerator) / Decimal(billed.denominator)
    assert doubts(month(actual, billed)) == () or billed / actual > Decimal("1.5")
    if billed > actual:
        assert [doubt.rule for doubt in doubts(month(billed, actual))] == ["billed_below_actual"]


def test_the_year_is_projected_with_the_same_months_of_the_year_before():
    before = {number: month(1_000, 1_050) for number in range(1, 13)}
    this = {1: month(1_000, 1_200), 2: month(1_000, 1_200)}
    year = projected_year(this, before)
    assert (year.actual_hours, year.billed_hours) == (12_000, 12_900)
    assert projected_year({}, before) is None
    del before[8]
    assert projected_year(this, before) is None
