"""The profiles of houses and their months, read for comparison, in queries whose number does not grow."""

from collections import defaultdict

from core.calendar import add_months
from establishments.models import Establishment, OpeningHours

from .models import HOURS, MonthlyActivity
from .quality import Entry
from .rates import Activity
from .similar import Profile

PAST = 24  # months of habits


def profiles(day, houses=None):
    """{id: Profile} of the houses open on a day: all of them, or those of a queryset. Two queries."""
    rows = (Establishment.objects.all() if houses is None else houses).open_on(day).with_places(day).order_by()
    minutes = defaultdict(int)
    for house, opens, closes in (
        OpeningHours.objects.active_on(day).order_by().values_list("establishment", "opens_at", "closes_at")
    ):
        minutes[house] += (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    return {
        pk: Profile(pk, kind, places, minutes.get(pk)) for pk, kind, places in rows.values_list("pk", "kind", "places")
    }


def entries_and_profiles(month, *, past=PAST, ahead=0):
    """({id: [Entry]}, {id: Profile}) of the published months around `month`, oldest first. One query.

    The size of a house is here its place-hours a day, which its last month tells: entry asks no more queries.
    """
    entries, found = defaultdict(list), {}
    rows = MonthlyActivity.objects.published().between(add_months(month, -past), add_months(month, ahead))
    columns = ("establishment", "establishment__kind", "month", "children_enrolled", "opening_days", *HOURS)
    for house, kind, when, children, days, *hours in rows.order_by("month").values_list(*columns):
        entries[house].append(Entry(when, Activity(*hours), children, days))
        if days and hours[0]:
            found[house] = Profile(house, kind, round(hours[0] / days), None)
    return entries, found
