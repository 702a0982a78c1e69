"""The yearly count « 6 bimestres sur 6 », house by house, in the database."""

from datetime import date

from django.db.models import Max, OuterRef, Subquery

from core.calendar import add_months, month_end

from .models import Visit
from .schedule import bimester_label

BIMESTERS = range(1, 7)
LABELS = ["Janv.-févr.", "Mars-avr.", "Mai-juin", "Juil.-août", "Sept.-oct.", "Nov.-déc."]


def with_bimesters(houses, year):
    """Annotate `bimester_1` … `bimester_6`: the last counting visit of each bimestre of a year, null without one."""
    last = Visit.objects.counting().filter(establishment=OuterRef("pk")).order_by().values("establishment")
    found = {}
    for index in BIMESTERS:
        first = date(year, 2 * index - 1, 1)
        within = last.filter(visited_on__range=(first, month_end(add_months(first, 1))))
        found[f"bimester_{index}"] = Subquery(within.annotate(last=Max("visited_on")).values("last"))
    return houses.annotate(**found)


def label_of(house):
    """ "5 bimestres sur 6" of an annotated house."""
    return bimester_label(getattr(house, f"bimester_{index}") is not None for index in BIMESTERS)


def years(today):
    """The years that may be asked for, the current one first."""
    return [(str(year), str(year)) for year in range(today.year, today.year - 6, -1)]
