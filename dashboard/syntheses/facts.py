"""The facts of a place over any period: what syntheses say and quote, beside what every text shares.

A key is "t12|2026-01-01|2026-03-31" (or "e7|…" for a house). Facts are those of the last day of the period, so that
the life of the houses after it marks nothing « périmé »: only a correction of the period does.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from django.db.models import DateTimeField, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.calendar import add_months, iter_months
from core.periods import active_on
from core.sources import SourceKind, register
from establishments.models import (
    Authorisation,
    CapacityChange,
    Closure,
    TerritoryLink,
    WorksPeriod,
)
from establishments.vocabulary import words
from projects.models import ActionItem, Decision, LocalAction, Meeting, MinuteLine, PedagogicalDay
from staffing.models import LeaveRequest
from visits.models import FunctioningReview, Visit

from ..telling import links, readings
from ..telling.hours import hours_of
from ..telling.memory import DAY_VALIDATED, GRANTED, was_known, was_not_yet, when_cancelled
from ..telling.spans import Houses, Span, everywhere, instants, reading

PREFIX = "span."
YEAR = 12  # months
GIVEN_UP = [WorksPeriod.Status.REFUSED, WorksPeriod.Status.CANCELLED]
HELD_DAYS = [PedagogicalDay.Status.VALIDATED, PedagogicalDay.Status.REPORTED]


def register_rows(houses: Houses) -> dict[Span, list]:
    """[house, name, places or None, places frozen] on the last day."""
    found: dict[Span, list] = {}
    for last in {span.last for span in houses}:
        inside = everywhere({span: held for span, held in houses.items() if span.last == last})
        rows = Authorisation.objects.filter(active_on(last), establishment__in=inside).order_by()
        places = dict(rows.values_list("establishment", "places"))
        frozen: dict[int, int] = defaultdict(int)
        changes = CapacityChange.objects.filter(active_on(last), establishment__in=inside).order_by()
        for house, number in changes.values_list("establishment", "places"):
            frozen[house] += number
        for span, held in houses.items():
            if span.last == last:
                found[span] = [[pk, name, places.get(pk), frozen.get(pk, 0)] for pk, name in held.items()]
    return found


def month_hours(keys: set[str]) -> dict[str, list]:
    """[first month, last month, months entered, validated, expected, hours…] of the whole months of the period."""
    spans = {key: Span.of(key) for key in keys}
    rows = hours_of({(span.place, tuple(span.months)) for span in spans.values()})
    return {
        key: [span.months[0].isoformat(), span.months[-1].isoformat(), *rows[span.place, tuple(span.months)]]
        for key, span in spans.items()
    }


def month_rows(keys: set[str]) -> dict[str, list]:
    """The same row for each month up to the last one told: those of the period, and the year before it at least."""
    told = {key: _told_months(Span.of(key)) for key in keys}
    rows = hours_of({(Span.of(key).place, (month,)) for key, months in told.items() for month in months})
    return {
        key: [[month.isoformat(), month.isoformat(), *rows[Span.of(key).place, (month,)]] for month in months]
        for key, months in told.items()
    }


def _told_months(span: Span) -> list[date]:
    last = span.months[-1]
    return list(iter_months(min(span.months[0], add_months(last, -YEAR)), last))


def reviews(houses: Houses) -> dict[Span, list]:
    """[review, name, "validated" in the period or "due" in the days to come]."""
    ahead = (min(span.following.first for span in houses), max(span.following.last for span in houses))
    rows = FunctioningReview.objects.filter(establishment__in=everywhere(houses))
    rows = rows.filter(Q(validated_at__range=instants(houses)) | Q(due_on__range=ahead)).order_by("pk")
    values = list(rows.values_list("pk", "establishment", "validated_at", "due_on", "created_at"))
    return {
        span: [
            [pk, held[house], "validated" if span.has(validated) else "due"]
            for pk, house, validated, due, created in values
            if house in held
            if span.has(validated)
            or (span.following.has(due) and was_not_yet(span, validated) and was_known(span, created))
        ]
        for span, held in houses.items()
    }


def days(houses: Houses) -> dict[Span, list]:
    """[pedagogical day, house, day] held in the period."""
    around = (min(span.first for span in houses), max(span.last for span in houses))
    rows = PedagogicalDay.objects.filter(
        establishment__in=everywhere(houses), held_on__range=around, status__in=HELD_DAYS
    )
    values = list(rows.order_by("held_on", "pk").values_list("pk", "establishment", "held_on"))
    return {
        span: [[pk, house, day.isoformat()] for pk, house, day in values if house in held and span.has(day)]
        for span, held in houses.items()
    }


def closures(houses: Houses) -> dict[Span, list]:
    """[closure, house, name, cause, from, to] of those that nobody planned for the year, touching the period."""
    around = (min(span.first for span in houses), max(span.last for span in houses))
    rows = Closure.objects.touching(*around).filter(establishment__in=everywhere(houses))
    rows = rows.exclude(cause__in=Closure.PLANNED).order_by("starts_on", "pk")
    values = list(rows.values_list("pk", "establishment", "cause", "starts_on", "ends_on"))
    return {
        span: [
            [pk, house, held[house], cause, start.isoformat(), end.isoformat()]
            for pk, house, cause, start, end in values
            if house in held and start <= span.last and end >= span.first
        ]
        for span, held in houses.items()
    }


def works(houses: Houses) -> dict[Span, list]:
    """[works, house, name] under way in the period: no title, which is somebody's own words."""
    rows = WorksPeriod.objects.exclude(status__in=GIVEN_UP).filter(
        establishment__in=everywhere(houses), starts_on__isnull=False
    )
    values = list(rows.order_by("starts_on", "pk").values_list("pk", "establishment", "starts_on", "ends_on"))
    return {
        span: [
            [pk, house, held[house]]
            for pk, house, start, end in values
            if house in held and start <= span.last and (end is None or end >= span.first)
        ]
        for span, held in houses.items()
    }


def local_actions(houses: Houses) -> dict[Span, list]:
    """[local action, partners, families, told] led in the period: in a territory of the place or with a house of it.

    `families` is 0 until the balance is told; no title, which is somebody's own words (S-081).
    """
    around = (min(span.first for span in houses), max(span.last for span in houses))
    rows = LocalAction.objects.exclude(status=LocalAction.Status.CANCELLED).filter(
        starts_on__lte=around[1], ends_on__gte=around[0]
    )
    values = list(
        rows.order_by("starts_on", "pk").values_list(
            "pk", "territory", "starts_on", "ends_on", "families_reached", "status"
        )
    )
    places = [span.number for span in houses if not span.is_house]
    inside = defaultdict(set)
    for above, below in TerritoryLink.objects.filter(ancestor__in=places).values_list("ancestor", "descendant"):
        inside[above].add(below)
    with_houses, partners = (
        _of_local(values, LocalAction.houses.through),
        _of_local(values, LocalAction.partners.through),
    )
    return {
        span: [
            [pk, sorted(partners[pk]), families or 0, int(status == LocalAction.Status.REPORTED)]
            for pk, territory, start, end, families, status in values
            if start <= span.last
            and end >= span.first
            and (with_houses[pk] & held.keys() or (not span.is_house and territory in inside[span.number]))
        ]
        for span, held in houses.items()
    }


def commitments(houses: Houses) -> dict[Span, list]:
    """[what, number, state] decided in the meetings of the territory held in the period (S-085).

    `state` is that of the last day: "kept", "dropped", "late" or "open". A house holds no meeting.
    """
    around = (min(span.first for span in houses), max(span.last for span in houses))
    inside = _territories_inside(houses)
    lines = MinuteLine.objects.filter(removed_at__isnull=True, meeting__held_on__range=around)
    lines = lines.exclude(meeting__status=Meeting.Status.CANCELLED).order_by("meeting__held_on", "pk")
    values = list(
        lines.values_list(
            "meeting__series__territory", "meeting__held_on", "kind", *_DECISION_COLUMNS, *_ACTION_COLUMNS
        )
    )
    return {
        span: [
            _commitment(span.last, kind, decision, action)
            for territory, held_on, kind, *rest in values
            for decision, action in [(rest[:3], rest[3:])]
            if span.has(held_on) and not span.is_house and territory in inside[span.number]
        ]
        for span in houses
    }


_DECISION_COLUMNS = ("decision", "decision__status", "decision__settled_at")
_ACTION_COLUMNS = ("action", "action__status", "action__closed_at", "action__declared_at", "action__due_on")


def _commitment(last, kind, decision, action):
    if kind == MinuteLine.Kind.DECISION:
        pk, status, settled_at = decision
        settled = settled_at is not None and timezone.localdate(settled_at) <= last
        state = "open" if not settled else "dropped" if status == Decision.Status.DROPPED else "kept"
        return [kind, pk, state]
    pk, status, closed_at, declared_at, due_on = action
    if closed_at is not None and timezone.localdate(closed_at) <= last:
        return [kind, pk, "dropped" if status == ActionItem.Status.ABANDONED else "kept"]
    declared = declared_at is not None and timezone.localdate(declared_at) <= last
    return [kind, pk, "kept" if declared else "late" if due_on < last else "open"]


def _territories_inside(houses):
    """{territory of a span: keys of itself and of those below}. One query."""
    places = [span.number for span in houses if not span.is_house]
    inside = defaultdict(set)
    for above, below in TerritoryLink.objects.filter(ancestor__in=places).values_list("ancestor", "descendant"):
        inside[above].add(below)
    return inside


def _of_local(values, through):
    """{local action: keys on the other side of one of its links}. One query."""
    other = next(field.attname for field in through._meta.fields if field.name not in ("id", "localaction"))
    found = defaultdict(set)
    rows = through.objects.filter(localaction__in=[pk for pk, *_ in values])
    for action, key in rows.values_list("localaction", other):
        found[action].add(key)
    return found


def late_actions(houses: Houses) -> dict[Span, list]:
    """[action, house, name, due on, priority] open and past their day on the last one; no title either."""
    latest = max(span.last for span in houses)
    rows = ActionItem.objects.filter(establishment__in=everywhere(houses), due_on__lte=latest)
    columns = ("pk", "establishment", "due_on", "priority", "created_at", "closed_at", "declared_at", "status")
    values = list(rows.order_by("due_on", "priority", "pk").values_list(*columns))
    return {
        span: [
            [pk, house, held[house], due.isoformat(), priority]
            for pk, house, due, priority, created, closed, declared, status in values
            if house in held
            if "late" in readings.action_facts(span, created, closed, due, status, declared)
        ]
        for span, held in houses.items()
    }


def decisions(houses: Houses) -> dict[Span, list]:
    """[what, number]: asked on or before the last day, and not decided that day."""
    mine = {"establishment__in": everywhere(houses)}
    leaves = LeaveRequest.objects.filter(**mine)
    asked = [
        ("leave", _answered(leaves, LeaveRequest, GRANTED, "proposed_at")),
        ("report", _reports(mine)),
        ("review", _answering(mine)),
        ("day", _asked_days(mine)),
    ]
    values = [(what, *row) for what, rows in asked for row in rows.order_by("pk")]
    return {
        span: [[what, pk] for what, pk, house, since, until in values if house in held and _waits(span, since, until)]
        for span, held in houses.items()
    }


def _reports(mine):
    return Visit.objects.filter(shared_at__isnull=False, **mine).values_list(
        "pk", "establishment", "shared_at", "validated_at"
    )


def _answering(mine):
    return FunctioningReview.objects.filter(shared_at__isnull=False, **mine).values_list(
        "pk", "establishment", "shared_at", "validated_at"
    )


def _asked_days(mine):
    return _answered(PedagogicalDay.objects.filter(**mine), PedagogicalDay, DAY_VALIDATED, "created_at")


def _answered(rows, model, verbs, since):
    """What was cancelled after its answer waited until that answer; what never had any, until it was cancelled."""
    until = Coalesce(when_cancelled(model, verbs), "decided_at", output_field=DateTimeField())
    rows = rows.annotate(until=until)
    return rows.values_list("pk", "establishment", since, "until")


def _waits(span, since, until):
    return timezone.localdate(since) <= span.last and (until is None or timezone.localdate(until) > span.last)


# subject: (reading, what it is called, the page that holds its rows)
READINGS: dict[str, tuple[Callable, Callable, Callable]] = {
    "register": (register_rows, lambda: "Registre", links.territory),
    "visits": (readings.visits_made, lambda: words()["visit"].caps, links.visits),
    "late": (readings.visits_late, lambda: "Visites en retard", links.late),
    "reports": (readings.reports_moved, lambda: "Comptes rendus", links.visits),
    "reviews": (reviews, lambda: words()["review"].caps, links.reviews),
    "actions": (readings.actions_moved, lambda: words()["action"].caps, links.actions),
    "late_actions": (late_actions, lambda: "Actions en retard", links.actions),
    "leaves": (readings.leaves_decided, lambda: words()["leave"].caps, links.leaves),
    "directions": (readings.directions, lambda: "Directions", links.territory),
    "events": (readings.events_told, lambda: "Événements", links.events),
    "days": (days, lambda: "Journées pédagogiques", links.days),
    "closures": (closures, lambda: "Fermetures", links.closures),
    "works": (works, lambda: "Travaux", links.works),
    "commitments": (commitments, lambda: "Décisions de réunion", links.meetings),
    "local": (local_actions, lambda: "Actions locales", links.local),
    "decisions": (decisions, lambda: "Demandes à décider", links.leaves),
    "to_come": (readings.to_come, lambda: "Jours à venir", links.following),
}


def register_sources() -> None:
    known = {name: (reading(read, Span.of), label, url) for name, (read, label, url) in READINGS.items()}
    known["hours"] = (month_hours, lambda: "Activité des mois", links.activity)
    known["months"] = (month_rows, lambda: "Activité mois par mois", links.activity)
    for name, (facts, label, url) in known.items():
        register(
            SourceKind(
                PREFIX + name,
                facts,
                lambda key, say=label: f"{say()}, {Span.of(key).title}",
                lambda key, to=url: to(Span.of(key)),
            )
        )
