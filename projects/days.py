"""A pedagogical day among what surrounds it: what is found before the decision, what it does to the denominators."""

import datetime
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q
from django.utils import timezone

from establishments.models import Closure, Establishment, OpeningHours
from indicators.capacity import Capacity, Closed, month_capacity, period_capacity
from indicators.terms import terms_of_one

from .day_checks import Finding, Planned, findings

REGROUPED_FOR = datetime.timedelta(days=730)
REGROUPING_WITHIN = datetime.timedelta(days=365)  # the summer already arranged


@dataclass(frozen=True)
class Effect:
    """Authorised and open hours, opening days, with and without the day: of its month and of its year."""

    month_before: Capacity
    month_after: Capacity
    year_days_before: int
    year_days_after: int

    @property
    def rows(self) -> list[tuple[str, Decimal | int, Decimal | int]]:
        before, after = self.month_before, self.month_after
        return [
            ("Heures autorisées du mois", before.authorised_hours, after.authorised_hours),
            ("Heures ouvertes du mois", before.open_hours, after.open_hours),
            ("Jours d’ouverture du mois", before.opening_days, after.opening_days),
            ("Jours d’ouverture de l’année", self.year_days_before, self.year_days_after),
        ]

    @property
    def opening_rates(self) -> tuple[Fraction | None, Fraction | None]:
        """The opening rate of the month, before and after; None without authorised hours."""
        return _rate(self.month_before), _rate(self.month_after)


def _rate(capacity):
    return Fraction(capacity.open_minutes, capacity.authorised_minutes) if capacity.authorised_minutes else None


def effect_of(day) -> Effect:
    """What the day takes from the denominators; once validated, its own closure is set aside. Six queries."""
    first, last = datetime.date(day.held_on.year, 1, 1), datetime.date(day.held_on.year, 12, 31)
    terms = terms_of_one(day.establishment, first, last)
    own = Closed(day.held_on, day.held_on, True, day.part)
    others = list(terms.closures)
    if day.closure_id and own in others:
        others.remove(own)
    without, with_it = replace(terms, closures=tuple(others)), replace(terms, closures=(*others, own))
    return Effect(
        month_capacity(without, day.held_on),
        month_capacity(with_it, day.held_on),
        period_capacity(without, first, last).opening_days,
        period_capacity(with_it, first, last).opening_days,
    )


def findings_of(day) -> list[Finding]:
    """What is found around a day that is asked for. Five queries, whatever the number of neighbours."""
    house, when = day.establishment, day.held_on
    weekdays = OpeningHours.objects.active_on(when).filter(establishment=house).values_list("weekday", flat=True)
    own = Closure.objects.active_on(when).filter(establishment=house).exclude(pk=day.closure_id).first()
    same_year = type(day).objects.on_calendar().filter(establishment=house, held_on__year=when.year, is_funded=True)
    hosting = Closure.objects.active_on(when).filter(host=house).values_list("establishment__name", flat=True)
    return findings(
        Planned(
            held_on=when,
            is_funded=day.is_funded,
            told_on=day.families_told_on,
            open_weekdays=frozenset(weekdays),
            funded_already=same_year.exclude(pk=day.pk).count(),
            hosting=tuple(hosting),
            neighbours_closed=tuple(_neighbours_closed(house, when)),
            closed_already=own.get_cause_display() if own else "",
            is_past=when < timezone.localdate(),
        )
    )


def _neighbours_closed(house, when):
    """Houses that take in the children of this one, or send theirs, over the two years before and the year to come,
    and that are closed that day."""
    recent = Closure.objects.touching(when - REGROUPED_FOR, when + REGROUPING_WITHIN).order_by()
    hosts = recent.filter(establishment=house, host__isnull=False).values("host")
    guests = recent.filter(host=house).values("establishment")
    closed = Closure.objects.active_on(when).order_by().values("establishment")
    neighbours = Establishment.objects.filter(Q(pk__in=hosts) | Q(pk__in=guests), pk__in=closed)
    return neighbours.order_by("name").values_list("name", flat=True)
