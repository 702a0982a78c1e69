"""Places to give, for the allocation committee: by age, weekday and date, within the capacity of that day. Pure.

No child and no family: an offer is a number of places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.calendar import add_months, covers, iter_days, month_end, month_start

from .capacity import Terms, day_capacity, opening_of

WEEKDAYS = (1, 2, 3, 4, 5)
MONTHS = 12


@dataclass(frozen=True)
class Offer:
    """So many places of an age group, one weekday (1 = Monday), between two dates (None: open)."""

    age_group: str
    weekday: int
    places: int
    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        return day.isoweekday() == self.weekday and covers(self.starts_on, self.ends_on, day)


def offered(offers: Sequence[Offer], day: date, age_group: str | None = None) -> int:
    """Places on offer that day, of one age group or of all."""
    return sum(offer.places for offer in offers if offer.holds(day) and age_group in (None, offer.age_group))


def open_places(terms: Terms, day: date) -> int | None:
    """The most children that the house may welcome at once that day: authorised less frozen, 0 when closed.

    None when the authorisation of the day is not known.
    """
    opening = opening_of(terms, day)
    capacity = day_capacity(terms, day)
    if opening is None or not capacity.opening_days:
        return 0
    authorised = next((places for places in terms.places if places.holds(day)), None)
    if authorised is None:
        return None
    frozen = sum(one.places for one in terms.frozen if one.holds(day))
    most = max((places for _, places in authorised.pieces(day.isoweekday(), opening.start, opening.end)), default=0)
    return max(most - frozen, 0)


def available(offers: Sequence[Offer], terms: Terms, day: date, age_groups: Sequence[str]) -> tuple[int, ...]:
    """What can really be given that day to each age group: the offers, within the open places, in that order."""
    given: list[int] = []
    limit = open_places(terms, day) if any(offer.holds(day) for offer in offers) else 0
    for age_group in age_groups:
        wanted = offered(offers, day, age_group)
        given.append(wanted if limit is None else min(wanted, limit - sum(given)))
    return tuple(given)


def week_of(offers: Sequence[Offer], terms: Terms, day: date, age_group: str) -> tuple[int | None, ...]:
    """Offers of an age group on each weekday of the week of `day`; None on a day without welcome."""
    return tuple(None if open_places(terms, each) == 0 else offered(offers, each, age_group) for each in week(day))


def week(day: date) -> list[date]:
    """Monday to Friday of the week of a day."""
    monday = day.toordinal() - day.weekday()
    return [date.fromordinal(monday + number - 1) for number in WEEKDAYS]


def place_days(offers: Sequence[Offer], terms: Terms, month: date, age_groups: Sequence[str]) -> tuple[int, ...]:
    """Day-places of each age group in a month: the sum of the days, closures and frozen places taken out."""
    days = [available(offers, terms, day, age_groups) for day in iter_days(month_start(month), month_end(month))]
    return tuple(map(sum, zip(*days, strict=True)))


def months_ahead(day: date) -> list[date]:
    return [add_months(month_start(day), number) for number in range(MONTHS)]


def overbooked(offers: Sequence[Offer], terms: Terms, day: date) -> list[date]:
    """The days of the week of `day` where more is offered than the house may open."""
    limits = [(each, open_places(terms, each)) for each in week(day)]
    return [each for each, limit in limits if limit is not None and limit and offered(offers, each) > limit]
