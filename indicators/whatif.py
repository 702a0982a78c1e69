"""What a change of places would do, before anybody decides it: hours of welcome, children, euros of the PSU.

The same arithmetic as the frozen places (indicators/places.py): hours are those the capacity engine would open more or
less; children, these hours at the house's mean of hours per child; euros, these hours at the house's own presence over
a year, at the hourly amount of the barème. An order of size; None when a part is not known.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from core.calendar import add_months, month_start

from .capacity import Frozen, Terms, in_hours, period_capacity
from .models import MonthlyActivity, PsuTariff
from .places import past_year
from .rates import NO_ACTIVITY
from .terms import terms_of

LOOK_BACK = timedelta(days=731)


@dataclass(frozen=True)
class Effect:
    """What changes for one house: `places` given (more) or withdrawn (negative); `hours` of the same sign."""

    house: int
    places: int
    hours: Decimal
    children: Fraction | None
    funding: Decimal | None


def effects_of(houses, starts_on: date, ends_on: date, *, places: int, closes: bool = False) -> dict[int, Effect]:
    """{house id: Effect} over inclusive dates; `closes` withdraws every place, whatever `places`. Eight queries."""
    terms = terms_of(houses, starts_on, ends_on)
    month = month_start(starts_on)
    past = MonthlyActivity.objects.filter(establishment__in=list(terms)).published()
    known = past_year(past.between(add_months(month, -12), add_months(month, -1)))
    # A date to come has no barème yet: the last one known gives the order of size.
    in_force = PsuTariff.objects.between(starts_on, starts_on).last()
    tariff = in_force or PsuTariff.objects.between(starts_on - LOOK_BACK, starts_on).last()
    hourly = tariff.hourly if tariff else None
    return {
        pk: _effect(
            pk, term, (starts_on, ends_on), -_most(term, starts_on) if closes else places, known.get(pk), hourly
        )
        for pk, term in terms.items()
    }


def _most(term: Terms, day: date) -> int:
    return next((one.places for one in term.places if one.holds(day)), 0)


def changed(term: Terms, starts_on: date, ends_on: date, places: int) -> Terms:
    """The same house with places more, or less, between two dates."""
    if places <= 0:
        return replace(term, frozen=(*term.frozen, Frozen(starts_on, ends_on, -places)))
    return replace(term, places=tuple(replace(one, places=one.places + places) for one in term.places))


def _effect(pk, term, dates, places, past, hourly):
    before, after = period_capacity(term, *dates), period_capacity(changed(term, *dates, places), *dates)
    lost = in_hours(abs(after.open_minutes - before.open_minutes))
    hours = lost if after.open_minutes >= before.open_minutes else -lost
    activity, count = past or (NO_ACTIVITY, 0)
    presence = activity.occupancy_rate
    each = Fraction(activity.contracted_hours) / count if count and activity.contracted_hours else None
    funding = None if hourly is None or presence is None else Fraction(hours) * presence * Fraction(hourly)
    return Effect(
        house=pk,
        places=places,
        hours=hours,
        children=Fraction(hours) / each if each else None,
        funding=None if funding is None else Decimal(round(funding)),
    )
