"""The places of a perimeter: what may be given on a date and over a year, what is frozen and what it costs."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from core.calendar import add_months, month_end, month_start
from core.french import counted, sentence_list, short_date
from establishments.models import Capability, CapacityChange, Establishment
from establishments.vocabulary import words

from .capacity import Frozen, in_hours, period_capacity
from .models import HOURS, MonthlyActivity, PlaceOffer, PsuTariff
from .overview import living
from .rates import NO_ACTIVITY, Activity
from .terms import terms_of
from .vacancies import MONTHS, Offer, months_ahead, offered, open_places, overbooked, place_days, week, week_of

AGES = PlaceOffer.AgeGroup


@dataclass(frozen=True)
class OfferLine:
    """The offers of one age group of one house in the week of a date, None on a day without welcome."""

    house: str
    url: str
    age: str
    week: tuple[int | None, ...]
    open_places: int | None
    warning: str

    def get_absolute_url(self) -> str:
        return self.url

    monday = property(lambda self: self.week[0])
    tuesday = property(lambda self: self.week[1])
    wednesday = property(lambda self: self.week[2])
    thursday = property(lambda self: self.week[3])
    friday = property(lambda self: self.week[4])


@dataclass(frozen=True)
class MonthAhead:
    """Day-places to give in a month, by age group."""

    month: date
    babies: int
    middle: int
    older: int

    @property
    def total(self) -> int:
        return self.babies + self.middle + self.older


@dataclass(frozen=True)
class Vacancies:
    """The page for the committee: the week of a day, then a year; `next_on` is the first offer to come after it."""

    day: date
    lines: tuple[OfferLine, ...]
    ahead: tuple[MonthAhead, ...]
    next_on: date | None

    @property
    def has_year(self) -> bool:
        return any(month.total for month in self.ahead)


def vacancies(user, day, *, territory=None) -> Vacancies:
    """The offers of what the user may read, from a date on. Eight queries."""
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES)
    if territory is not None:
        houses = houses.within(territory, day)
    houses = {house.pk: house for house in living(houses, month_start(day)).order_by("name", "pk")}
    offers = defaultdict(list)
    until = month_end(add_months(month_start(day), MONTHS - 1))
    for row in (
        PlaceOffer.objects.filter(establishment__in=list(houses)).touching(month_start(day), until).order_by("pk")
    ):
        offers[row.establishment_id].append(Offer(row.age_group, row.weekday, row.places, row.starts_on, row.ends_on))
    terms = terms_of(list(offers), month_start(day), until)
    lines = [line for pk in houses if pk in offers for line in _lines(houses[pk], offers[pk], terms[pk], day)]
    ahead = tuple(_month_ahead(offers, terms, month) for month in months_ahead(day))
    to_come = [offer.starts_on for found in offers.values() for offer in found if offer.starts_on > day]
    return Vacancies(day, tuple(lines), ahead, None if lines else min(to_come, default=None))


def _month_ahead(offers, terms, month):
    houses = [place_days(offers[pk], terms[pk], month, AGES.values) for pk in offers]
    return MonthAhead(month, *(map(sum, zip(*houses, strict=True)) if houses else (0,) * len(AGES)))


def _lines(house, offers, terms, day):
    beyond = overbooked(offers, terms, day)
    warning = f"plus d’offres que de places ouvertes\u00a0: {sentence_list(map(short_date, beyond))}" if beyond else ""
    for age in AGES:
        if any(offered(offers, each, age) for each in week(day)):
            url, found = house.get_absolute_url(), week_of(offers, terms, day, age)
            yield OfferLine(house.name, url, age.label, found, open_places(terms, day), warning)


@dataclass(frozen=True)
class FrozenLine:
    """Places frozen in one house for one reason, over a month: hours, children and euros that they take away."""

    house: str
    url: str
    reason: str
    places: int
    since: date
    until: date | None
    hours: Decimal
    children: Fraction | None
    funding: Decimal | None

    def get_absolute_url(self) -> str:
        return self.url


def frozen_lines(user, month, *, territory=None) -> list[FrozenLine]:
    """Each freeze that touches a month. Eight queries.

    Hours: open hours without it, less those with it. Children: these hours at the house's mean of hours per child over
    a year. Euros: these hours at the house's own presence over a year, at the hourly amount of the barème: an order of
    size, None when a part is not known.
    """
    first, last = month_start(month), month_end(month)
    houses = Establishment.objects.visible_to(user, Capability.VIEW_AGGREGATES)
    if territory is not None:
        houses = houses.within(territory, last)
    rows = CapacityChange.objects.filter(establishment__in=houses.order_by().values("pk")).touching(first, last)
    rows = list(rows.select_related("establishment").order_by("establishment__name", "starts_on", "pk"))
    terms = terms_of({row.establishment_id for row in rows}, first, last)
    past = MonthlyActivity.objects.filter(establishment__in=list(terms)).published()
    past = past.between(add_months(month, -11), month)
    known = past_year(past)
    tariff = PsuTariff.objects.between(first, last).last()
    hourly = tariff.hourly if tariff else None
    return [
        _frozen(row, terms[row.establishment_id], (first, last), known.get(row.establishment_id), hourly)
        for row in rows
    ]


def past_year(rows):
    """{house: (Activity, sum of its enrolled children month after month)}, in one query."""
    sums = {f"sum_{name}": Sum(name) for name in [*HOURS, "children_enrolled"]}
    return {
        row["establishment"]: (Activity(*(row[f"sum_{name}"] for name in HOURS)), row["sum_children_enrolled"])
        for row in rows.order_by().values("establishment").annotate(**sums)
    }


def _frozen(row, terms, period, past, hourly):
    mine = Frozen(row.starts_on, row.ends_on, row.places)
    others = list(terms.frozen)
    others.remove(mine)
    without = period_capacity(replace(terms, frozen=tuple(others)), *period)
    hours = in_hours(without.open_minutes - period_capacity(terms, *period).open_minutes)
    activity, count = past or (NO_ACTIVITY, 0)
    presence = activity.occupancy_rate
    each = Fraction(activity.contracted_hours) / count if count and activity.contracted_hours else None
    funding = None if hourly is None or presence is None else Fraction(hours) * presence * Fraction(hourly)
    return FrozenLine(
        house=row.establishment.name,
        url=row.establishment.get_absolute_url(),
        reason=row.get_reason_display(),
        places=row.places,
        since=row.starts_on,
        until=row.ends_on,
        hours=hours,
        children=Fraction(hours) / each if each else None,
        funding=None if funding is None else Decimal(round(funding)),
    )


def frozen_summary(found) -> str:
    """ "12 places gelées, 2 640 heures, environ 14 enfants." """
    if not found:
        return "Aucune place gelée ce mois-là."
    children = sum((line.children for line in found if line.children is not None), Fraction(0))
    hours = sum(line.hours for line in found)
    places = sum(line.places for line in found)
    child = words()["child"]
    frozen, told = counted(places, "place gelée", "places gelées"), counted(round(hours), "heure")
    return f"{frozen}, {told} d’accueil, environ {child.counted(round(children))}."
