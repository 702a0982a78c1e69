"""The published definition: chosen among those of the domain, dated, one unit at a time."""

import datetime
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from indicators.formulas import DEFAULTS, FORMULAS, Counts, UnitsMixed, difference, published_rate
from indicators.models import PublishedFormula
from indicators.rates import Activity

D = datetime.date
MONTH = Activity(13_200, 11_880, 10_700, 9_630, 10_486)
COUNTS = Counts(children=64, places=60, child_days=1_000, place_days=1_200)


@pytest.mark.parametrize(
    ("code", "rate"),
    [
        ("admission_hours", Fraction(10_700, 11_880)),
        ("admission_heads", Fraction(64, 60)),
        ("attendance_hours", Fraction(9_630, 13_200)),
        ("attendance_open", Fraction(9_630, 11_880)),
        ("attendance_days", Fraction(1_000, 1_200)),
    ],
)
def test_each_definition_divides_what_it_says(code, rate):
    assert published_rate(FORMULAS[code], MONTH, COUNTS) == rate


def test_what_was_not_entered_is_unknown_not_zero():
    assert published_rate(FORMULAS["attendance_days"], MONTH, Counts()) is None
    assert (COUNTS + Counts(children=1)).places is None
    assert (COUNTS + COUNTS).children == 128


def test_hours_and_days_are_never_compared():
    hours, days = FORMULAS["attendance_hours"], FORMULAS["attendance_days"]
    with pytest.raises(UnitsMixed):
        difference((hours, Fraction(7, 10)), (days, Fraction(8, 10)))
    with pytest.raises(UnitsMixed):
        difference((hours, Fraction(7, 10)), (FORMULAS["attendance_open"], Fraction(8, 10)))
    assert difference((hours, Fraction(7, 10)), (hours, Fraction(6, 10))) == Fraction(1, 10)


def formula(territory, **given):
    values = {
        "indicator": "admission_rate",
        "formula": "admission_heads",
        "source": "Délibération",
        "starts_on": D(2025, 1, 1),
    }
    return PublishedFormula(territory=territory, **values | given)


@pytest.mark.django_db
def test_the_nearest_definition_of_the_day_applies(direction, pole, sector):
    formula(direction).save()
    formula(pole, formula="admission_hours", starts_on=D(2026, 1, 1)).save()
    found = PublishedFormula.objects.over_territory(sector, D(2025, 6, 1))
    assert {name: row.formula for name, row in found.items()} == {"admission_rate": "admission_heads"}
    found = PublishedFormula.objects.over_territory(sector, D(2026, 6, 1))
    assert found["admission_rate"].formula == "admission_hours"
    assert PublishedFormula.objects.over_territory(sector, D(2024, 6, 1)) == {}


@pytest.mark.django_db
def test_a_definition_is_one_of_its_indicator_once_a_day(pole):
    formula(pole).save()
    for wrong in (
        formula(pole, starts_on=D(2026, 1, 1)),
        formula(pole, formula="attendance_days", ends_on=D(2024, 1, 1)),
    ):
        with pytest.raises(ValidationError):
            wrong.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_the_default_definitions_are_those_in_hours():
    assert {name: one.unit for name, one in DEFAULTS.items()} == {
        "admission_rate": "hours",
        "attendance_rate": "hours",
    }
