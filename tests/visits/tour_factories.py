"""Tours asked for and proposed, without waiting for a worker."""

import datetime

from tests.factories import EstablishmentFactory
from tests.visits.factories import VisitFactory
from visits.models import TourPlan
from visits.tour_jobs import ask_for

MONDAY = datetime.date(2026, 3, 23)
# A kilometre apart, around Belleville.
SPOTS = [("48.870000", "2.385000"), ("48.872000", "2.387000"), ("48.880000", "2.400000"), ("48.865000", "2.370000")]


def houses_of(sector, count=4, *, visited_on=datetime.date(2026, 2, 10)):
    """Houses of a sector, each visited once, due two months later."""
    found = []
    for number in range(count):
        latitude, longitude = SPOTS[number % len(SPOTS)]
        house = EstablishmentFactory(
            sector=sector, name=f"Maison {number + 1}", latitude=latitude, longitude=longitude
        )
        if visited_on:
            VisitFactory(establishment=house, visited_on=visited_on + datetime.timedelta(days=number))
        found.append(house)
    return found


def asked_by(owner, **more):
    """A tour computed at once (jobs run at once in tests, on commit)."""
    return ask_for(TourPlan(owner=owner, starts_on=more.pop("starts_on", MONDAY), **more))
