"""The calendar of a perimeter: eight weeks of visits to come and of closures, for the page and for the paper."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.calendar import iter_days, overlaps
from core.french import clock, day_month, period
from establishments.models import Closure, Establishment

from .models import Visit

WEEKS = 8


@dataclass(frozen=True)
class AgendaVisit:
    day: date
    at: str
    establishment: str
    kind: str
    who: str
    url: str


@dataclass(frozen=True)
class AgendaWeek:
    starts_on: date
    label: str
    visits: tuple[AgendaVisit, ...]
    closures: tuple[str, ...]


def monday_of(day):
    return day - timedelta(days=day.weekday())


def agenda_of(user, territory, today):
    """The weeks of what a person may read in full, in a territory or everywhere. Two queries."""
    first = monday_of(today)
    last = first + timedelta(days=7 * WEEKS - 1)
    visits = Visit.objects.visible_to(user).planned().while_open().filter(planned_on__range=(first, last))
    houses = Establishment.objects.visible_to(user).open_on(today).order_by()
    if territory is not None:
        visits, houses = visits.within(territory), houses.within(territory)
    rows = visits.select_related("establishment", "coordinator").order_by("planned_on", "planned_at", "pk")
    planned = [_row(visit) for visit in rows]
    closed = Closure.objects.filter(establishment__in=houses.values("pk")).touching(first, last)
    closures = list(closed.select_related("establishment").order_by("starts_on", "establishment__name", "pk"))
    return [_week(day, planned, closures) for day in iter_days(first, last) if day.weekday() == 0]


def _row(visit):
    return AgendaVisit(
        day=visit.planned_on,
        at=clock(visit.planned_at) if visit.planned_at else "",
        establishment=visit.establishment.name,
        kind=visit.get_kind_display(),
        who=visit.coordinator.short_name,
        url=visit.get_absolute_url(),
    )


def _week(monday, planned, closures):
    sunday = monday + timedelta(days=6)
    return AgendaWeek(
        starts_on=monday,
        label=f"Semaine du {day_month(monday)} au {day_month(sunday)}",
        visits=tuple(row for row in planned if monday <= row.day <= sunday),
        closures=tuple(
            f"{one.establishment}, {one.get_cause_display()}, {period(one.starts_on, one.ends_on)}"
            for one in closures
            if overlaps(one.starts_on, one.ends_on, monday, sunday)
        ),
    )
