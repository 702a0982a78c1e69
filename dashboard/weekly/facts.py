"""The facts of a week, territory by territory: what the sentences of the CRA say and what they quote.

A key is "<territory>|<Thursday>": the CRA is drafted on Thursdays, its week runs from the Friday before to that day,
so that no day is left out and what is sent on Friday does not move. Each reading takes many keys and a fixed number of
queries for one week: the page that consolidates ten territories costs what one costs. Days are local days.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from core.calendar import add_months, month_start
from core.sources import SourceKind, register
from establishments.models import Closure, Directorship, Establishment, SectorAttachment
from establishments.vocabulary import words
from indicators.models import HOURS, MonthlyActivity
from projects.models import ActionItem
from staffing.models import LeaveRequest
from visits import schedule
from visits.freshness import due_on, with_freshness
from visits.models import Event, Visit

from . import links

DAYS = 7
THURSDAY = 3
LOCKED = [MonthlyActivity.Status.VALIDATED, MonthlyActivity.Status.CLOSED]


@dataclass(frozen=True)
class Week:
    """One territory in the seven days that end on a Thursday, `last`."""

    territory: int
    last: date

    @property
    def first(self) -> date:
        return self.last - timedelta(days=DAYS - 1)

    @property
    def following(self) -> "Week":
        return Week(self.territory, self.last + timedelta(days=DAYS))

    @property
    def key(self) -> str:
        return f"{self.territory}|{self.last.isoformat()}"

    @classmethod
    def of(cls, key: str) -> "Week":
        territory, last = key.split("|")
        return cls(int(territory), date.fromisoformat(last))

    def has(self, moment: date | datetime | None) -> bool:
        day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
        return day is not None and self.first <= day <= self.last


def thursday_of(day: date) -> date:
    """The Thursday that closes the week of `day`: itself or the next one."""
    return day + timedelta(days=(THURSDAY - day.weekday()) % DAYS)


def houses_in(weeks: Iterable[Week]) -> dict[Week, dict[int, str]]:
    """{week: {house: name}} of the houses attached to the territory, or below it, on the last day of the week, and
    open then. One query a week."""
    found: dict[Week, dict[int, str]] = {week: {} for week in weeks}
    for last in {week.last for week in found}:
        of_day = {week.territory: week for week in found if week.last == last}
        rows = SectorAttachment.objects.active_on(last).filter(
            territory__ancestor_links__ancestor__in=list(of_day),
            establishment__in=Establishment.objects.open_on(last).order_by().values("pk"),
        )
        values = rows.order_by("establishment__name", "establishment").values_list(
            "territory__ancestor_links__ancestor", "establishment", "establishment__name"
        )
        for territory, house, name in values:
            found[of_day[territory]][house] = name
    return found


def _instants(weeks: Iterable[Week]) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last one, as instants."""
    first = min(week.first for week in weeks)
    last = max(week.last for week in weeks) + timedelta(days=1)
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (first, last))
    return start, end


def _reading(read: Callable) -> Callable:
    """`read(houses)` on {week: houses}, as the registry of sources calls it: by keys, known territories only."""

    def facts(keys: set[str]) -> dict[str, list]:
        houses = houses_in([Week.of(key) for key in keys])
        return {week.key: rows for week, rows in read(houses).items()} if houses else {}

    return facts


def _everywhere(houses) -> set[int]:
    return {house for held in houses.values() for house in held}


def visits_made(houses) -> dict[Week, list]:
    """[visit, house, name, kind] of the visits made in the week."""
    days = (min(week.first for week in houses), max(week.last for week in houses))
    rows = Visit.objects.done().filter(establishment__in=_everywhere(houses), visited_on__range=days)
    made = list(rows.order_by("visited_on", "pk").values_list("pk", "establishment", "kind", "visited_on"))
    return {
        week: [[pk, house, held[house], kind] for pk, house, kind, day in made if house in held and week.has(day)]
        for week, held in houses.items()
    }


def reports_moved(houses) -> dict[Week, list]:
    """[visit, "shared" or "validated"] of the reports that went one step further in the week."""
    start, end = _instants(houses)
    rows = Visit.objects.filter(establishment__in=_everywhere(houses))
    rows = rows.filter(Q(shared_at__range=(start, end)) | Q(validated_at__range=(start, end)))
    moved = list(rows.order_by("pk").values_list("pk", "establishment", "shared_at", "validated_at"))
    return {
        week: [
            [pk, step]
            for pk, house, shared, validated in moved
            if house in held
            for step, moment in (("shared", shared), ("validated", validated))
            if week.has(moment)
        ]
        for week, held in houses.items()
    }


def visits_late(houses) -> dict[Week, list]:
    """[house, name, day due] of the houses late on the last day of the week, the latest first."""
    found: dict[Week, list] = {}
    for week in houses:
        found[week] = []
    for last in {week.last for week in houses}:
        everywhere = _everywhere({week: held for week, held in houses.items() if week.last == last})
        rows = with_freshness(Establishment.objects.filter(pk__in=everywhere).order_by(), last)
        late = {one.pk: due_on(one) for one in rows.filter(freshness=schedule.OVERDUE)}
        for week, held in houses.items():
            if week.last == last:
                own = sorted((due, held[house], house) for house, due in late.items() if house in held)
                found[week] = [[house, name, due.isoformat()] for due, name, house in own]
    return found


def actions_moved(houses) -> dict[Week, list]:
    """[action, "created", "verified" or "late"]: raised, verified in the week, or past its day and open at its end."""
    rows = ActionItem.objects.filter(establishment__in=_everywhere(houses))
    start, end = _instants(houses)
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=start), created_at__lt=end)
    values = list(
        rows.order_by("pk").values_list(
            "pk", "establishment", "created_at", "closed_at", "due_on", "status", "declared_at"
        )
    )
    return {
        week: [
            [pk, what]
            for pk, house, created, closed, due, status, declared in values
            if house in held
            for what in _action_facts(week, created, closed, due, status, declared)
        ]
        for week, held in houses.items()
    }


def _action_facts(week, created, closed, due, status, declared):
    if week.has(created):
        yield "created"
    if week.has(closed) and status == ActionItem.Status.VERIFIED:
        yield "verified"
    ended = min(filter(None, [closed, declared]), default=None)
    still_open = ended is None or timezone.localtime(ended).date() > week.last
    if still_open and due <= week.last and timezone.localtime(created).date() <= week.last:
        yield "late"


def leaves_decided(houses) -> dict[Week, list]:
    """[request, "granted" or "refused"] decided in the week."""
    rows = LeaveRequest.objects.filter(establishment__in=_everywhere(houses), decided_at__range=_instants(houses))
    rows = rows.filter(status__in=[LeaveRequest.Status.GRANTED, LeaveRequest.Status.REFUSED])
    decided = list(rows.order_by("pk").values_list("pk", "establishment", "status", "decided_at"))
    return {
        week: [[pk, status] for pk, house, status, moment in decided if house in held and week.has(moment)]
        for week, held in houses.items()
    }


def directions(houses) -> dict[Week, list]:
    """[house, name, "vacant" or "started"]: nobody directs on the last day, or a direction began in the week."""
    everywhere, found = _everywhere(houses), {}
    last = max(week.last for week in houses)
    rows = Directorship.objects.filter(establishment__in=everywhere, position="director", starts_on__lte=last)
    periods = defaultdict(list)
    for house, start, end, interim in rows.values_list("establishment", "starts_on", "ends_on", "is_interim"):
        periods[house].append((start, end, interim))
    for week, held in houses.items():
        found[week] = []
        for house, name in held.items():
            directed = [
                (s, interim) for s, e, interim in periods[house] if s <= week.last and (not e or e >= week.last)
            ]
            if not directed:
                found[week].append([house, name, "vacant"])
            elif any(week.has(start) and not interim for start, interim in directed):
                found[week].append([house, name, "started"])
    return found


def month_hours(houses) -> dict[Week, list]:
    """[month, houses that entered it, validated, hours by name…] of the month before the one of the last day."""
    found = {}
    for month in {_month(week) for week in houses}:
        everywhere = _everywhere({week: held for week, held in houses.items() if _month(week) == month})
        rows = MonthlyActivity.objects.published().of_month(month).filter(establishment__in=everywhere)
        values = {row["establishment"]: row for row in rows.order_by().values("establishment", "status", *HOURS)}
        for week, held in houses.items():
            if _month(week) == month:
                own = [values[house] for house in held if house in values]
                locked = sum(row["status"] in LOCKED for row in own)
                sums = [str(sum(row[name] for row in own)) for name in HOURS]
                found[week] = [month.isoformat(), len(own), locked, len(held), *sums]
    return found


def _month(week: Week) -> date:
    return add_months(month_start(week.last), -1)


def to_come(houses) -> dict[Week, list]:
    """[what, number, name, day] of next week: visits planned and closures."""
    first = min(week.following.first for week in houses)
    last = max(week.following.last for week in houses)
    everywhere = _everywhere(houses)
    planned = Visit.objects.planned().filter(establishment__in=everywhere, planned_on__range=(first, last))
    visits = list(planned.order_by("planned_on", "pk").values_list("pk", "establishment", "planned_on"))
    closed = Closure.objects.touching(first, last).filter(establishment__in=everywhere)
    closures = list(closed.order_by("starts_on", "pk").values_list("pk", "establishment", "starts_on", "ends_on"))
    found = {}
    for week, held in houses.items():
        found[week] = [
            ["visit", pk, held[house], day.isoformat()]
            for pk, house, day in visits
            if house in held and week.following.has(day)
        ]
        found[week] += [
            ["closure", pk, held[house], start.isoformat()]
            for pk, house, start, end in closures
            if house in held and start <= week.following.last and end >= week.following.first
        ]
    return found


def events_told(houses) -> dict[Week, list]:
    """[event, title, house, severity] of the events told in the week; the restricted families are nobody's here."""
    rows = Event.objects.told_to_all().filter(
        establishment__in=_everywhere(houses), reported_at__range=_instants(houses)
    )
    values = list(
        rows.order_by("-severity", "pk").values_list("pk", "title", "establishment", "severity", "reported_at")
    )
    return {
        week: [[pk, title, held[h], severity] for pk, title, h, severity, at in values if h in held and week.has(at)]
        for week, held in houses.items()
    }


READINGS = {
    "week.events": (events_told, lambda: "Événements", links.events),
    "week.visits": (visits_made, lambda: words()["visit"].caps, links.visits),
    "week.late": (visits_late, lambda: "Visites en retard", links.late),
    "week.reports": (reports_moved, lambda: "Comptes rendus", links.visits),
    "week.actions": (actions_moved, lambda: words()["action"].caps, links.actions),
    "week.leaves": (leaves_decided, lambda: words()["leave"].caps, links.leaves),
    "week.directions": (directions, lambda: "Directions", links.territory),
    "week.hours": (month_hours, lambda: "Activité du mois", links.territory),
    "week.to_come": (to_come, lambda: "Semaine suivante", links.next_week),
}


def register_sources() -> None:
    for subject, (read, label, url) in READINGS.items():
        register(
            SourceKind(subject, _reading(read), lambda key, say=label: say(), lambda key, to=url: to(Week.of(key)))
        )
