"""What is due, house by house: the rows of the list, and where one house stands."""

from django.db.models import Exists, Min, OuterRef, Subquery

from core.compiled import rows_once
from establishments.models import Capability, Establishment

from .freshness import TONES, by_lateness, standing, why, with_freshness
from .models import Visit
from .schedule import bimester_label, bimester_satisfied


def due_rows(user, today):
    """Open houses of the full perimeter by lateness, with their sector and their next planned visit."""
    planned = Visit.objects.planned_to_count().filter(establishment=OuterRef("pk"), planned_on__gte=today).order_by()
    first = planned.values("establishment").annotate(first=Min("planned_on")).values("first")
    loggable = Establishment.objects.visible_to(user, Capability.LOG_VISIT).order_by()
    houses = Establishment.objects.visible_to(user).open_on(today).with_territories(today)
    houses = houses.annotate(next_planned_on=Subquery(first), may_log=Exists(loggable.filter(pk=OuterRef("pk"))))
    return by_lateness(with_freshness(houses, today))


def annotated(house, today):
    """One house with its freshness."""
    return _annotated(house, today)[0]


@rows_once
def _annotated(house, today):
    return with_freshness(Establishment.objects.filter(pk=house.pk), today)


def standing_facts(house, today):
    """Where a house stands on the two readings of the rule, for those who follow it."""
    if house is None:
        return {"standing": None}
    days = _counting_days(house, today)
    return {
        "standing": standing(house, today),
        "why": why(house),
        "standing_tone": TONES[house.freshness],
        "bimesters": bimester_label(bimester_satisfied(days, today.year)),
    }


@rows_once
def _counting_days(house, today):
    made = Visit.objects.counting().filter(establishment=house, visited_on__year=today.year)
    return made.values_list("visited_on", flat=True)
