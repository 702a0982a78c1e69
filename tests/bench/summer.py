"""The summer of a sector judged at once, against the coverage engine alone on the same days (issue: at most 3)."""

from datetime import date, timedelta

from django.utils import timezone

from establishments.models import Establishment, Territory
from staffing.coverage import assess_days
from staffing.day_book import Scenario, open_book
from staffing.judged import pending_of
from staffing.models import Roster
from staffing.summer_page import judge_summer

START = date(2026, 7, 1)
DAYS = 60
HOUSES = 15


def _houses():
    """Fifteen houses whose hours are recorded: a sector of the first pôle."""
    timed = Roster.objects.order_by().values("posting__establishment")
    for sector in Territory.objects.filter(kind=Territory.Kind.SECTOR).order_by("pk"):
        found = Establishment.objects.within(sector, on=timezone.localdate()).filter(pk__in=timed)
        if found.count() >= HOUSES:
            return list(found.order_by("pk").values_list("pk", flat=True)[:HOUSES])
    return []


def measures(measure):
    houses, end = _houses(), START + timedelta(days=DAYS - 1)
    book = open_book(houses, START, end)
    after = Scenario(granted=pending_of(book, houses))
    days = {
        (house, day): given
        for house in houses
        for n in range(DAYS)
        if (given := book.house_day(house, day := START + timedelta(days=n), after)) is not None
    }
    agents = sum(len(found) for found in book.people.agents.values())
    label = f"été de {len(houses)} maisons, {agents} agents"
    yield measure(label, lambda: judge_summer(houses, START, end), lambda: assess_days(days), 3, rounds=5)
