"""The profiles of houses and their months, read for comparison, in queries whose number does not grow."""

from collections import defaultdict

from establishments.models import Establishment, OpeningHours

from .models import HOURS, MonthlyActivity
from .quality import Entry
from .rates import Activity
from .similar import Profile


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


def entries_between(first, last):
    """({id: [Entry]}, {id: legal kind}) of the months published between two, oldest first. One query."""
    entries, kinds = defaultdict(list), {}
    rows = MonthlyActivity.objects.published().between(first, last)
    columns = ("establishment", "establishment__kind", "month", "children_enrolled", "opening_days", *HOURS)
    for house, kind, when, children, days, *hours in rows.order_by("month").values_list(*columns):
        entries[house].append(Entry(when, Activity(*hours), children, days))
        kinds[house] = kind
    return entries, kinds


def profile_of(house, kind, entries):
    """The profile that months tell, None when none does: the size is here the place-hours a day of the last one."""
    sizes = (
        round(entry.activity.authorised_hours / entry.opening_days)
        for entry in reversed(entries)
        if entry.opening_days and entry.activity.authorised_hours
    )
    size = next(sizes, None)
    return None if size is None else Profile(house, kind, size, None)
