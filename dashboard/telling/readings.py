"""What happened in a place over a period, subject by subject: what the sentences of a text say and quote.

Each reading takes {span: {house: name}} for many spans at once, and a fixed number of queries: the page that tells
ten territories costs what one costs.
"""

from collections import defaultdict

from django.db.models import Q

from establishments.models import Closure, Directorship, Establishment
from projects.models import ActionItem
from staffing.models import LeaveRequest
from visits import schedule
from visits.freshness import due_on, with_freshness
from visits.models import Event, Visit
from visits.models.events import IMPACTS, impacts_said

from .memory import DROPPED, GRANTED, entered_at, journalled, was_known, was_not_yet, when_cancelled
from .spans import Told, everywhere, instants


def visits_made(houses) -> dict[Told, list]:
    """[visit, house, name, kind] of the visits made in the period."""
    days = (min(span.first for span in houses), max(span.last for span in houses))
    rows = Visit.objects.done().filter(establishment__in=everywhere(houses), visited_on__range=days)
    made = list(rows.order_by("visited_on", "pk").values_list("pk", "establishment", "kind", "visited_on"))
    return {
        span: [[pk, house, held[house], kind] for pk, house, kind, day in made if house in held and span.has(day)]
        for span, held in houses.items()
    }


def reports_moved(houses) -> dict[Told, list]:
    """[visit, "shared" or "validated"] of the reports that went one step further in the period."""
    start, end = instants(houses)
    rows = Visit.objects.filter(establishment__in=everywhere(houses))
    rows = rows.filter(Q(shared_at__range=(start, end)) | Q(validated_at__range=(start, end)))
    moved = list(rows.order_by("pk").values_list("pk", "establishment", "shared_at", "validated_at"))
    return {
        span: [
            [pk, step]
            for pk, house, shared, validated in moved
            if house in held
            for step, moment in (("shared", shared), ("validated", validated))
            if span.has(moment)
        ]
        for span, held in houses.items()
    }


def visits_late(houses) -> dict[Told, list]:
    """[house, name, day due] of the houses late on the last day of the period, the latest first."""
    found: dict[Told, list] = {}
    for span in houses:
        found[span] = []
    for last in {span.last for span in houses}:
        inside = everywhere({span: held for span, held in houses.items() if span.last == last})
        rows = with_freshness(Establishment.objects.filter(pk__in=inside).order_by(), last)
        late = {one.pk: due_on(one) for one in rows.filter(freshness=schedule.OVERDUE)}
        for span, held in houses.items():
            if span.last == last:
                own = sorted((due, held[house], house) for house, due in late.items() if house in held)
                found[span] = [[house, name, due.isoformat()] for due, name, house in own]
    return found


def actions_moved(houses) -> dict[Told, list]:
    """[action, "created", "verified" or "late"]: raised or verified in it, or late and open at its end."""
    rows = ActionItem.objects.filter(establishment__in=everywhere(houses))
    start, end = instants(houses)
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=start), created_at__lt=end)
    values = list(
        rows.order_by("pk").values_list(
            "pk", "establishment", "created_at", "closed_at", "due_on", "status", "declared_at"
        )
    )
    return {
        span: [
            [pk, what]
            for pk, house, created, closed, due, status, declared in values
            if house in held
            for what in action_facts(span, created, closed, due, status, declared)
        ]
        for span, held in houses.items()
    }


def action_facts(span, created, closed, due, status, declared):
    if span.has(created):
        yield "created"
    if span.has(closed) and status == ActionItem.Status.VERIFIED:
        yield "verified"
    ended = min(filter(None, [closed, declared]), default=None)
    _, over = span.edges
    if (ended is None or ended >= over) and due <= span.last and created < over:
        yield "late"


def leaves_decided(houses) -> dict[Told, list]:
    """[request, "granted" or "refused"] decided in the period, even if it was cancelled after it."""
    start, end = instants(houses)
    status = LeaveRequest.Status
    rows = LeaveRequest.objects.filter(establishment__in=everywhere(houses))
    standing = Q(status__in=[status.GRANTED, status.REFUSED], decided_at__range=(start, end))
    rows = rows.filter(standing | Q(status=status.CANCELLED, decided_at__gte=start, proposed_at__lt=end))
    rows = rows.annotate(granted_at=when_cancelled(LeaveRequest, GRANTED)).order_by("pk")
    decided = list(rows.values_list("pk", "establishment", "status", "decided_at", "granted_at"))
    return {
        span: [
            [pk, what]
            for pk, house, now, moment, granted in decided
            if house in held
            if (what := _decided(span, now, moment, granted))
        ]
        for span, held in houses.items()
    }


def _decided(span, status, moment, granted):
    """What was decided in the period, as it stood on its last day; None when nothing was."""
    if status != LeaveRequest.Status.CANCELLED:
        return status if span.has(moment) else None
    return LeaveRequest.Status.GRANTED.value if span.has(granted) and was_not_yet(span, moment) else None


def directions(houses) -> dict[Told, list]:
    """[house, name, "vacant" or "started"]: nobody directs on the last day, or a direction began in the period."""
    inside, found = everywhere(houses), {}
    last = max(span.last for span in houses)
    rows = Directorship.objects.filter(establishment__in=inside, position="director", starts_on__lte=last)
    periods = defaultdict(list)
    for house, start, end, interim in rows.values_list("establishment", "starts_on", "ends_on", "is_interim"):
        periods[house].append((start, end, interim))
    for span, held in houses.items():
        found[span] = []
        for house, name in held.items():
            directed = [
                (s, interim) for s, e, interim in periods[house] if s <= span.last and (not e or e >= span.last)
            ]
            if not directed:
                found[span].append([house, name, "vacant"])
            elif any(span.has(start) and not interim for start, interim in directed):
                found[span].append([house, name, "started"])
    return found


def to_come(houses) -> dict[Told, list]:
    """[what, number, name, day] of what follows, as it was on the calendar on the last day: visits and closures."""
    first = min(span.following.first for span in houses)
    last = max(span.following.last for span in houses)
    inside = everywhere(houses)
    planned = Visit.objects.filter(establishment__in=inside, planned_on__range=(first, last))
    planned = planned.annotate(dropped_at=journalled(Visit, DROPPED)).order_by("planned_on", "pk")
    columns = ("pk", "establishment", "planned_on", "status", "created_at", "visited_on", "dropped_at")
    visits = list(planned.values_list(*columns))
    closed = Closure.objects.touching(first, last).filter(establishment__in=inside)
    closed = closed.annotate(entered_at=entered_at()).order_by("starts_on", "pk")
    closures = list(closed.values_list("pk", "establishment", "starts_on", "ends_on", "entered_at"))
    found = {}
    for span, held in houses.items():
        found[span] = [
            ["visit", pk, held[house], day.isoformat()]
            for pk, house, day, *state in visits
            if house in held and span.following.has(day) and _was_planned(span, *state)
        ]
        found[span] += [
            ["closure", pk, held[house], start.isoformat()]
            for pk, house, start, end, entered in closures
            if house in held and start <= span.following.last and end >= span.following.first
            if was_known(span, entered)
        ]
    return found


def _was_planned(span, status, created, visited_on, dropped):
    """Whether the visit was on the calendar on the last day told: entered, not made yet, not given up yet."""
    given_up = status in (Visit.Status.CANCELLED, Visit.Status.POSTPONED)
    still = (dropped is not None and was_not_yet(span, dropped)) if given_up else True
    return still and was_known(span, created) and (visited_on is None or visited_on > span.last)


def events_told(houses) -> dict[Told, list]:
    """[event, title and what it led to, house, severity] told in the period, without the restricted families."""
    rows = Event.objects.told_to_all().filter(
        establishment__in=everywhere(houses), reported_at__range=instants(houses)
    )
    columns = ("pk", "title", "establishment", "severity", "reported_at", "places_lost", *IMPACTS)
    values = list(rows.order_by("-severity", "pk").values_list(*columns))
    return {
        span: [
            [pk, ", ".join([title, *impacts_said(*led_to)]), held[house], severity]
            for pk, title, house, severity, at, *led_to in values
            if house in held and span.has(at)
        ]
        for span, held in houses.items()
    }
