"""The dated terms of houses, read for `indicators/capacity.py`: six queries, whatever the number of houses."""

from collections import defaultdict
from dataclasses import replace

from django.conf import settings

from core.calendar import minutes_of, month_end, month_start
from establishments.models import (
    Authorisation,
    AuthorisationSlot,
    CapacityChange,
    Closure,
    Establishment,
    OpeningHours,
)

from .capacity import Closed, Frozen, Hours, Places, Slot, Terms, month_capacity

DATED = ("starts_on", "ends_on")


def terms_of(houses, start, end):
    """{establishment id: Terms} of what touches start–end, for establishments given by their ids."""
    houses = list(houses)
    lives = Establishment.objects.filter(pk__in=houses).order_by().values_list("pk", "opened_on", "closed_on")
    local = {"alsace_moselle": settings.RONDE_ALSACE_MOSELLE}
    terms = {pk: Terms(opened_on, closed_on, **local) for pk, opened_on, closed_on in lives}
    parts = {
        "places": _places(houses, start, end),
        "hours": _grouped(OpeningHours, houses, start, end, _hours),
        "closures": _grouped(Closure, houses, start, end, _closed),
        "frozen": _grouped(CapacityChange, houses, start, end, _frozen),
    }
    return {
        pk: replace(term, **{name: tuple(found.get(pk, ())) for name, found in parts.items()})
        for pk, term in terms.items()
    }


def terms_of_one(establishment, start, end):
    return terms_of([establishment.pk], start, end)[establishment.pk]


def opening_terms(establishment, start, end):
    """Its life, places and hours alone, as if nothing ever closed nor froze. Two queries."""
    houses = [establishment.pk]
    return Terms(
        establishment.opened_on,
        establishment.closed_on,
        places=tuple(Places(*row) for row in _rows(Authorisation, houses, start, end).values_list(*DATED, "places")),
        hours=tuple(map(_hours, _rows(OpeningHours, houses, start, end))),
    )


def computed_capacity(establishment, month):
    """The Capacity of a month, None when the register does not know all of it (no authorisation, no hours)."""
    return known_capacity(terms_of_one(establishment, month_start(month), month_end(month)), month)


def known_capacity(terms, month):
    """Same, for terms already read."""
    if not (terms.places and terms.hours):
        return None
    found = month_capacity(terms, month)
    return None if found.unknown_days else found


def _rows(model, houses, start, end):
    return model.objects.filter(establishment__in=houses).touching(start, end).order_by("starts_on", "pk")


def _grouped(model, houses, start, end, make):
    found = defaultdict(list)
    for row in _rows(model, houses, start, end):
        found[row.establishment_id].append(make(row))
    return found


def _places(houses, start, end):
    slots = defaultdict(list)
    for slot in AuthorisationSlot.objects.filter(authorisation__establishment__in=houses).order_by():
        made = Slot(slot.weekday, minutes_of(slot.starts_at), minutes_of(slot.ends_at), slot.places)
        slots[slot.authorisation_id].append(made)

    def make(row):
        return Places(row.starts_on, row.ends_on, row.places, tuple(slots[row.pk]))

    return _grouped(Authorisation, houses, start, end, make)


def _hours(row):
    return Hours(row.starts_on, row.ends_on, row.weekday, minutes_of(row.opens_at), minutes_of(row.closes_at))


def _closed(row):
    return Closed(row.starts_on, row.ends_on, row.cause in Closure.PLANNED, row.part)


def _frozen(row):
    return Frozen(row.starts_on, row.ends_on, row.places)
