"""Hours and trainings that a team received in the period: numbers, never who took part (domain 5.2, parts 4 and 8)."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Count

from establishments.models import Establishment
from establishments.regulation import quotas
from staffing.development.due import PRACTICE, RSAI
from staffing.models import Category, Intervention, Posting, Training

from .facts import Span


def _held(span: Span, function):
    """[(house, hours, people)] of the interventions done."""
    rows = Intervention.objects.filter(
        function=function, status=Intervention.Status.DONE, held_on__range=span.days, **span.mine
    )
    return rows.order_by("held_on", "pk").values_list("establishment", "hours", "people")


def practice(span):
    """{sessions, hours, received, team}: `received` sums the hours of each person, `team` those of the last day."""
    found = defaultdict(lambda: {"sessions": 0, "hours": Decimal(0), "received": Decimal(0)})
    for house, hours, people in _held(span, PRACTICE):
        held = found[house]
        held["sessions"] += 1
        held["hours"] += hours
        held["received"] += hours * (people or 0)
    posted = Posting.objects.filter(pool__isnull=True, category__in=Category.values, establishment__in=list(found))
    teams = dict(posted.active_on(span.until).order_by().values_list("establishment").annotate(n=Count("employee")))
    return {house: {**_plain(held), "team": teams.get(house, 0)} for house, held in found.items()}


def _plain(held):
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in held.items()}


def rsai(span):
    """{hours, required, article}: hours done in the period, hours that a year requires ("" without any text)."""
    done = defaultdict(Decimal)
    for house, hours, _ in _held(span, RSAI):
        done[house] += hours
    asked = {}
    for house in Establishment.objects.filter(pk__in=list(done)).with_places(span.until):
        if house.places:
            found = quotas(house.kind, house.places, span.until)
            asked[house.pk] = found.rsai_hours_year, found.articles.get("rsai_hours_year", "")
    made = {}
    for house, hours in done.items():
        required, article = asked.get(house, (None, ""))
        made[house] = {"hours": str(hours), "required": "" if required is None else str(required), "article": article}
    return made


def courses(span):
    """[training, theme, hours of each, people]"""
    rows = Training.objects.filter(done_on__range=span.days, status=Training.Status.DONE, **span.mine)
    found = defaultdict(list)
    values = rows.order_by("done_on", "pk").values_list("establishment", "pk", "theme", "hours", "people")
    for house, pk, theme, hours, people in values:
        found[house].append([pk, theme, str(hours), people])
    return dict(found)


READINGS_OF_THE_TEAM = {read.__name__: read for read in (practice, rsai, courses)}
