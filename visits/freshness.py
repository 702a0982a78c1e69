"""Where every establishment stands on the two-month rule, computed in SQL for lists (rules: visits/schedule.py).

While a director takes office, the interval is shorter (rule PRISE-FONCTION-30).
"""

from datetime import date, timedelta

from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from core.calendar import add_months
from core.french import sort_key
from establishments.models import Directorship, Establishment
from establishments.taking_office import VISIT_INTERVAL_DAYS

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


NEW_FOR_MONTHS = 12

# To sort the two intervals together: a short one is due about so many days before two months are over.
SHORTER = timedelta(days=61 - VISIT_INTERVAL_DAYS)


def with_last_visit(establishments, today):
    """Annotate `last_visit_on` (last counting visit up to `today`, null if none) and `takes_office`.

    A director who takes office shortens the interval.
    """
    last = (
        Visit.objects.counting()
        .filter(establishment=OuterRef("pk"), visited_on__lte=today)
        .order_by()
        .values("establishment")
        .annotate(last=Max("visited_on"))
    )
    newcomers = Directorship.objects.taking_office_on(today).filter(establishment=OuterRef("pk")).order_by()
    return establishments.annotate(last_visit_on=Subquery(last.values("last")), takes_office=Exists(newcomers))


def with_freshness(establishments, today):
    """`with_last_visit`, and `freshness` (a status). Equal to `schedule.freshness` for each row, filterable, sortable.

    Never visited comes after the latest.
    """
    overdue_before, to_plan_before = _bounds(today)
    return with_last_visit(establishments, today).annotate(
        freshness=Case(
            When(last_visit_on__isnull=True, then=Value(schedule.NEVER)),
            When(last_visit_on__lt=overdue_before, then=Value(schedule.OVERDUE)),
            When(last_visit_on__lt=to_plan_before, then=Value(schedule.TO_PLAN)),
            default=Value(schedule.UP_TO_DATE),
            output_field=CharField(),
        )
    )


def _bounds(today):
    """`schedule.bounds`, each house by its own interval."""
    pairs = zip(schedule.bounds(today, interval_days=VISIT_INTERVAL_DAYS), schedule.bounds(today), strict=True)
    return [
        Case(
            When(takes_office=True, then=Value(short, output_field=DateField())),
            default=Value(usual, output_field=DateField()),
        )
        for short, usual in pairs
    ]


def status_of(last_visit_on, takes_office, today):
    """`freshness` of one row of `with_last_visit`."""
    if last_visit_on is None:
        return schedule.NEVER
    overdue_before, to_plan_before = (
        schedule.bounds(today, interval_days=VISIT_INTERVAL_DAYS) if takes_office else schedule.bounds(today)
    )
    if last_visit_on < overdue_before:
        return schedule.OVERDUE
    return schedule.TO_PLAN if last_visit_on < to_plan_before else schedule.UP_TO_DATE


def rated(rows, today):
    """Rows of `with_last_visit` with their `freshness`, as `by_lateness` sorts them: for who reads them all.

    In SQL a status is compared by looking for the last visit again, forty times a house on SQLite.
    """
    for row in rows:
        row.freshness = status_of(row.last_visit_on, row.takes_office, today)
    return sorted(rows, key=_lateness)


def _lateness(row):
    due = row.last_visit_on and row.last_visit_on - (SHORTER if row.takes_office else timedelta(0))
    rank = {schedule.OVERDUE: 0, schedule.NEVER: 1}.get(row.freshness, 2)
    return rank, due is None, due or date.max, sort_key(row.name), row.pk


def houses_that_are(status, today):
    """Ids of the houses that have a status on a day, as a subquery."""
    return with_freshness(Establishment.objects.order_by(), today).filter(freshness=status).values("pk")


def by_lateness(establishments):
    """The most late first, then those never visited, then the others by the date they are due."""
    return establishments.order_by(
        Case(When(freshness=schedule.OVERDUE, then=0), When(freshness=schedule.NEVER, then=1), default=2),
        by_due_day().asc(nulls_last=True),
        "name",
        "pk",
    )


def by_due_day():
    """An expression that sorts annotated establishments by the day they are due, within a day or two."""
    moved = ExpressionWrapper(F("last_visit_on") - Value(SHORTER), output_field=DateTimeField())
    return Case(
        When(takes_office=True, then=moved),
        default=ExpressionWrapper(F("last_visit_on") - Value(timedelta(0)), output_field=DateTimeField()),
        output_field=DateTimeField(),
    )


def interval_days(establishment):
    """Days between two visits of an annotated establishment while a director takes office; None otherwise."""
    return VISIT_INTERVAL_DAYS if establishment.takes_office else None


def why(establishment):
    """ "intervalle de 30 jours : prise de fonction", why an annotated establishment is due so soon; else empty."""
    days = interval_days(establishment)
    return f"intervalle de {days} jours\u00a0: prise de fonction" if days else ""


def standing(establishment, today):
    """The `schedule.Freshness` of an annotated establishment: due day, days late, label."""
    return schedule.freshness(
        establishment.last_visit_on,
        today,
        interval_days=interval_days(establishment),
        first_due_on=first_due_on(establishment, today),
    )


def first_due_on(establishment, today):
    """The last day for the first visit of a new house: as long after its opening as between two visits.

    None for a house opened more than a year ago: it was visited before anybody wrote it here.
    """
    if establishment.opened_on < add_months(today, -NEW_FOR_MONTHS):
        return None
    return schedule.next_due(establishment.opened_on)


def due_on(establishment, today=None):
    """The last day for the next visit of an annotated establishment; None when nothing is known to be due."""
    if establishment.last_visit_on is None:
        return first_due_on(establishment, today or timezone.localdate())
    return schedule.next_due(establishment.last_visit_on, interval_days=interval_days(establishment))
