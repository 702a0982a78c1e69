"""What works do to the welcome: hours that close, rates of each month, people of the house concerned."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from core.calendar import iter_months, month_end
from indicators.capacity import Closed, Frozen, period_capacity
from indicators.terms import terms_of_one
from staffing.models import LeaveRequest, Posting


@dataclass(frozen=True)
class Month:
    """Open hours of one month of the works, without and with them, and the opening rates."""

    starts_on: date
    before: Decimal
    after: Decimal
    rate_before: Fraction | None
    rate_after: Fraction | None


@dataclass(frozen=True)
class Impact:
    """`until` is the day before the reopening, or the planned end; `agents` and `leaves` are counts."""

    until: date
    hours_lost: Decimal
    months: tuple[Month, ...]
    agents: int
    leaves: int


def impact_of(works) -> Impact:
    """Computed from the dated terms, whether or not the places are withdrawn already. Nine queries."""
    until = _until(works)
    first, last = works.starts_on.replace(day=1), month_end(until)
    terms = terms_of_one(works.establishment, first, last)
    frozen = list(works.freezes.values_list("starts_on", "ends_on", "places"))
    closed = [Closed(row.starts_on, row.ends_on, False, row.part) for row in works.closures.all()]
    others = tuple(one for one in terms.frozen if (one.starts_on, one.ends_on, one.places) not in frozen)
    without = replace(terms, frozen=others, closures=tuple(c for c in terms.closures if c not in closed))
    mine = tuple(Frozen(start, until, places) for start, _, places in frozen)
    with_it = replace(terms, frozen=(*others, *mine))
    months = tuple(_month(without, with_it, month) for month in iter_months(first, last))
    postings = Posting.objects.filter(establishment=works.establishment).active_on(works.starts_on)
    granted = LeaveRequest.objects.filter(establishment=works.establishment, status=LeaveRequest.Status.GRANTED)
    return Impact(
        until=until,
        hours_lost=sum((month.before - month.after for month in months), Decimal(0)),
        months=months,
        agents=postings.count(),
        leaves=granted.filter(starts_on__lte=until, ends_on__gte=works.starts_on).count(),
    )


def _until(works):
    if works.reopened_on is None:
        return works.ends_on
    freeze = works.freezes.first()
    return freeze.ends_on if freeze else works.ends_on


def _month(without, with_it, month):
    before = period_capacity(without, month, month_end(month))
    after = period_capacity(with_it, month, month_end(month))
    rates = [
        Fraction(one.open_minutes, one.authorised_minutes) if one.authorised_minutes else None
        for one in (before, after)
    ]
    return Month(month, before.open_hours, after.open_hours, *rates)
