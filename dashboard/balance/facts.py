"""What one person did in a month, subject by subject. A key is "p12|2026-02-01|2026-02-28".

Only numbers come out of here: no house is named, so that the page is the same for her and for her head, whatever
their perimeters; the lists behind each sentence open through the door.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.sources import SourceKind, register
from establishments.models import Mandate, Role, WorksPeriod
from establishments.vocabulary import words
from projects.models import ActionItem, EstablishmentProject, PedagogicalDay
from staffing.models import LeaveRequest
from visits.models import Event, FunctioningReview, Visit

from ..telling import readings
from ..telling.spans import Span, houses_in

PREFIX = "bilan."
ROUNDS = [Role.COORDINATOR]


@dataclass(frozen=True)
class Month:
    """One person, from the first to the last day of a month."""

    person: int
    first: date
    last: date

    @property
    def key(self) -> str:
        return f"p{self.person}|{self.first.isoformat()}|{self.last.isoformat()}"

    @classmethod
    def of(cls, key: str) -> "Month":
        person, first, last = key.split("|")
        return cls(int(person[1:]), date.fromisoformat(first), date.fromisoformat(last))

    @property
    def days(self) -> tuple[date, date]:
        return (self.first, self.last)

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Half-open: from midnight of the first day to midnight after the last."""
        after = self.last + timedelta(days=1)
        start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (self.first, after))
        return start, end

    def during(self, field: str) -> Q:
        start, end = self.instants
        return Q(**{f"{field}__gte": start, f"{field}__lt": end})


def _days(since, until) -> int:
    """Days from one moment to the other, a day being a local one."""
    return (_local(until) - _local(since)).days


def _local(moment):
    return timezone.localdate(moment) if isinstance(moment, datetime) else moment


def visits(month: Month) -> list:
    """[visit, kind] made by her."""
    rows = Visit.objects.done().filter(coordinator=month.person, visited_on__range=month.days)
    return [list(row) for row in rows.order_by("visited_on", "pk").values_list("pk", "kind")]


def late(month: Month) -> list:
    """[houses late of a visit on the last day, houses held] in the territories that she goes round that day."""
    held = Mandate.objects.active_on(month.last).filter(user=month.person, role__in=ROUNDS, territory__isnull=False)
    spans = [Span(f"t{pk}", month.first, month.last) for pk in held.order_by().values_list("territory", flat=True)]
    if not spans:
        return [0, 0]
    houses = houses_in(spans)
    found = readings.visits_late(houses)
    return [
        len({house for rows in found.values() for house, *_ in rows}),
        len({house for rows in houses.values() for house in rows}),
    ]


def reports(month: Month) -> list:
    """[visit, "shared" or "validated", days since the visit] of the reports she took one step further."""
    rows = Visit.objects.filter(
        Q(month.during("shared_at"), shared_by=month.person)
        | Q(month.during("validated_at"), validated_by=month.person)
    )
    columns = ("pk", "visited_on", "shared_at", "shared_by", "validated_at", "validated_by")
    return [
        [pk, step, _days(visited, moment)]
        for pk, visited, *stamps in rows.order_by("pk").values_list(*columns)
        for step, moment, by in (("shared", *stamps[:2]), ("validated", *stamps[2:]))
        if by == month.person and month.first <= _local(moment) <= month.last
    ]


def actions(month: Month) -> list:
    """[action, "created", "verified" or "abandoned"] by her."""
    rows = ActionItem.objects.filter(
        Q(month.during("created_at"), created_by=month.person) | Q(month.during("closed_at"), closed_by=month.person)
    )
    columns = ("pk", "status", "created_at", "created_by", "closed_at", "closed_by")
    return [
        [pk, what]
        for pk, status, *stamps in rows.order_by("pk").values_list(*columns)
        for what, moment, by in (("created", *stamps[:2]), (status, *stamps[2:]))
        if by == month.person and month.first <= _local(moment) <= month.last
    ]


def leaves(month: Month) -> list:
    """[request, "granted" or "refused", days since it was asked] decided by her."""
    rows = LeaveRequest.objects.filter(
        month.during("decided_at"),
        decided_by=month.person,
        status__in=[LeaveRequest.Status.GRANTED, LeaveRequest.Status.REFUSED],
    )
    values = rows.order_by("pk").values_list("pk", "status", "proposed_at", "decided_at")
    return [[pk, status, _days(asked, decided)] for pk, status, asked, decided in values]


def reviews(month: Month) -> list:
    """[review, "shared" or "validated"] by her."""
    rows = FunctioningReview.objects.filter(
        Q(month.during("shared_at"), shared_by=month.person)
        | Q(month.during("validated_at"), validated_by=month.person)
    )
    columns = ("pk", "shared_at", "shared_by", "validated_at", "validated_by")
    return [
        [pk, step]
        for pk, *stamps in rows.order_by("pk").values_list(*columns)
        for step, moment, by in (("shared", *stamps[:2]), ("validated", *stamps[2:]))
        if by == month.person and month.first <= _local(moment) <= month.last
    ]


def events(month: Month) -> list:
    """[event, days between its telling and her taking it in hand]; the restricted families are nobody's here."""
    rows = Event.objects.told_to_all().filter(month.during("acknowledged_at"), acknowledged_by=month.person)
    values = rows.order_by("pk").values_list("pk", "reported_at", "acknowledged_at")
    return [[pk, _days(told, taken)] for pk, told, taken in values]


def projects(month: Month) -> list:
    """[what, number, days since it was asked] decided by her: pedagogical days, works, projects."""
    asked = [
        ("day", PedagogicalDay, "created_at"),
        ("works", WorksPeriod, "created_at"),
        ("project", EstablishmentProject, "proposed_at"),
    ]
    return [
        [what, pk, _days(since, decided) if since else 0]
        for what, model, field in asked
        for pk, since, decided in model.objects.filter(month.during("decided_at"), decided_by=month.person)
        .order_by("pk")
        .values_list("pk", field, "decided_at")
    ]


def _list(name, month=None, **query):
    if month is not None:
        query |= {"since": month.first.isoformat(), "until": month.last.isoformat()}
    return f"{reverse(name)}?{urlencode(query)}"


READINGS: dict[str, tuple[Callable, Callable, Callable]] = {
    "visits": (visits, lambda: words().visit.caps, lambda m: _list("visits:list", m, coordinator=m.person)),
    "late": (late, lambda: "Visites en retard", lambda m: _list("visits:list", freshness="overdue")),
    "reports": (reports, lambda: words().report.caps, lambda m: _list("visits:list", coordinator=m.person)),
    "actions": (actions, lambda: words().action.caps, lambda m: reverse("projects:action_list")),
    "leaves": (leaves, lambda: words().leave.caps, lambda m: reverse("staffing:leave_list")),
    "reviews": (reviews, lambda: words().review.caps, lambda m: reverse("visits:reviews")),
    "events": (events, lambda: "Événements", lambda m: _list("visits:events", m)),
    "projects": (projects, lambda: "Projets", lambda m: reverse("projects:project_list")),
}


def register_sources() -> None:
    for name, (read, label, url) in READINGS.items():
        register(
            SourceKind(
                PREFIX + name,
                lambda keys, read=read: {key: read(Month.of(key)) for key in keys},
                lambda key, say=label: say(),
                lambda key, to=url: to(Month.of(key)),
            )
        )
