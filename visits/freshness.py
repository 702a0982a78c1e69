"""Where every establishment stands on the two-month rule, computed in SQL for lists (rules: visits/schedule.py)."""

from django.db.models import Case, CharField, F, Max, OuterRef, Subquery, Value, When

from establishments.models import Establishment

from . import schedule
from .models import Visit

# From the most pressing to the least, for sorting and legends.
PRESSING = [schedule.OVERDUE, schedule.NEVER, schedule.TO_PLAN, schedule.UP_TO_DATE]
TONES = {
    schedule.OVERDUE: "alert",
    schedule.NEVER: "watch",
    schedule.TO_PLAN: "watch",
    schedule.UP_TO_DATE: "good",
}
CHOICES = [(status, schedule.STATUS_LABELS[status]) for status in PRESSING]


def with_freshness(establishments, today):
    """Annotate `last_visit_on` (last counting visit up to `today`, null if none) and `freshness` (a status).

    Equal to `schedule.freshness` for each row, filterable and sortable; never visited comes after the latest.
    """
    last = (
        Visit.objects.counting()
        .filter(establishment=OuterRef("pk"), visited_on__lte=today)
        .order_by()
        .values("establishment")
        .annotate(last=Max("visited_on"))
    )
    overdue_before, to_plan_before = schedule.bounds(today)
    return establishments.annotate(last_visit_on=Subquery(last.values("last"))).annotate(
        freshness=Case(
            When(last_visit_on__isnull=True, then=Value(schedule.NEVER)),
            When(last_visit_on__lt=overdue_before, then=Value(schedule.OVERDUE)),
            When(last_visit_on__lt=to_plan_before, then=Value(schedule.TO_PLAN)),
            default=Value(schedule.UP_TO_DATE),
            output_field=CharField(),
        )
    )


def houses_that_are(status, today):
    """Ids of the houses that have a status on a day, as a subquery."""
    return with_freshness(Establishment.objects.order_by(), today).filter(freshness=status).values("pk")


def by_lateness(establishments):
    """The most late first, then those never visited, then the others by the date they are due."""
    return establishments.order_by(
        Case(When(freshness=schedule.OVERDUE, then=0), When(freshness=schedule.NEVER, then=1), default=2),
        F("last_visit_on").asc(nulls_last=True),
        "name",
        "pk",
    )


def standing(establishment, today):
    """The `schedule.Freshness` of an annotated establishment: due day, days late, label."""
    return schedule.freshness(establishment.last_visit_on, today)


def due_on(establishment):
    """The last day for the next visit of an annotated establishment; None when never visited."""
    return schedule.next_due(establishment.last_visit_on) if establishment.last_visit_on else None
