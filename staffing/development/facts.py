"""The hours due, planned and done of several houses: four queries for any number of them."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from django.db.models import Count, Sum

from establishments.regulation import quotas

from ..compliance import real_values
from ..models import Category, Intervention, Posting, Training
from ..models.development import FUNCTIONS
from .due import Held, HoursLine, Minimum, lines_of

LABELS = dict(FUNCTIONS)


def hours_due(houses, year, today) -> list[HoursLine]:
    """Every line of the houses of a queryset, by house."""
    ids = houses.order_by().values("pk")
    real, teams, held = real_values(ids, today), _teams(ids, today), _held(ids, year)
    return [
        replace(line, house=house.pk, house_name=house.name)
        for house in houses.with_places(today).order_by("name", "pk")
        for line in lines_of(
            year, _minimum(house, today, real.get(house.pk)), teams[house.pk], held[house.pk], today, LABELS
        )
    ]


def _minimum(house, today, real):
    if not house.places:
        return Minimum()
    asked = quotas(house.kind, house.places, today)
    return Minimum(
        rsai_year=asked.rsai_hours_year,
        rsai_quarter=asked.rsai_hours_quarter,
        rsai_article=asked.articles.get("rsai_hours_year", ""),
        health_fte=asked.health_fte,
        health_posted=(real or {}).get("health_fte", Decimal(0)),
        health_article=asked.articles.get("health_fte", ""),
    )


def _teams(houses, today):
    """{house: professionals with the children}: those of R. 2324-42 posted that day, the pool apart."""
    rows = Posting.objects.filter(establishment__in=houses, pool__isnull=True, category__in=Category.values)
    counted = rows.active_on(today).order_by().values_list("establishment").annotate(n=Count("employee"))
    return defaultdict(int, counted)


def _held(houses, year):
    rows = Intervention.objects.filter(establishment__in=houses, held_on__year=year).exclude(status="cancelled")
    found = defaultdict(list)
    columns = ("establishment", "function", "held_on", "hours", "people", "status")
    for house, function, on, hours, people, status in rows.order_by("held_on").values_list(*columns):
        found[house].append(Held(function, on, hours, people or 0, status == Intervention.Status.DONE))
    return found


def training_of(house, year):
    """[(state, trainings, people, hours)] of a house and a year. One query."""
    rows = Training.objects.filter(establishment=house, year=year).order_by().values_list("status")
    counted = rows.annotate(n=Count("pk"), people=Sum("people"), hours=Sum("hours"))
    by_status = {status: rest for status, *rest in counted}
    return [(label, *by_status[status]) for status, label in Training.Status.choices if status in by_status]
