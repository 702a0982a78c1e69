"""What is open in a territory on the day of a meeting, room by room: one union, each leg behind the door of its room.

Nothing that few may read is gathered: no sensitive file, no restricted family of events nor the actions they raised,
no action kept inside the pôle. An agenda is read by every member of the series.
"""

from datetime import timedelta

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Concat, TruncDate

from core.calendar import add_months, month_end
from core.compiled import rows_once
from core.unions import EMPTY, leg
from establishments.due_dates import AHEAD_DAYS as EXPIRING_DAYS
from establishments.models import (
    Authorisation,
    Capability,
    Closure,
    Directorship,
    Establishment,
    Obligation,
    Territory,
    WorksPeriod,
)
from indicators.attention import DUE_DAY
from indicators.models import MonthlyActivity
from indicators.months import last_complete_month
from indicators.overview import living
from projects.models import ActionItem, MinuteLine, ServiceRequest
from projects.models.actions import SHARED
from staffing.models import LeavePlan
from visits.freshness import with_last_visit
from visits.models import ActionOrigin, Event, Finding, FunctioningReview, Visit
from visits.models.events import RESTRICTED

WORKS_AHEAD = timedelta(days=60)
CLOSURES_AHEAD = timedelta(days=30)
REVIEW_MONTHS = 1
ACTION, INJUNCTION, ALERT, REVIEW, DIRECTION = "action", "injunction", "alert", "review", "direction"
PLAN, WORKS, CLOSURE, DUTY, REQUEST, ACTIVITY = "plan", "works", "closure", "duty", "request", "activity"
NO_DAY = Value(None, DateField())


@rows_once
def open_points(user, territory, series, day, today):
    """(what, row, a_house, a_title, a_day, a_sort) of everything open, whatever its room: one query."""
    houses = Establishment.objects.within(territory, day).open_on(day).order_by().values("pk")
    legs = [
        *_of_projects(user, territory, series, houses, day),
        *_of_visits(user, houses, day),
        *_of_the_register(user, houses, day),
        *_of_the_activity(user, houses, today),
    ]
    return legs[0].union(*legs[1:], all=True).order_by("a_day", "row")


def _columns(house, day, title=EMPTY, sort=EMPTY):
    return {"a_house": house, "a_title": title, "a_day": day, "a_sort": sort}


def _text(name):
    return Cast(F(name), CharField())


def _of_projects(user, territory, series, houses, day):
    below = Territory.objects.within(territory).order_by().values("pk")
    here = Q(establishment__in=houses) | Q(territory__in=below)
    place = Coalesce("establishment__name", "territory__name")
    # What the meetings of the series asked for opens the agenda already (projects/meeting_page.py).
    asked = MinuteLine.objects.filter(meeting__series=series, action__isnull=False).order_by().values("action")
    restricted = ActionOrigin.objects.filter(event__family__in=RESTRICTED).order_by().values("action")
    actions = ActionItem.objects.visible_to(user).open().filter(here, level__in=SHARED)
    pressing = Q(due_on__lt=day) | Q(priority=ActionItem.Priority.HIGH)
    actions = actions.filter(pressing).exclude(pk__in=asked).exclude(pk__in=restricted)
    requests = ServiceRequest.objects.visible_to(user).open().filter(here, same_as__isnull=True)
    works = WorksPeriod.objects.visible_to(user, Capability.VIEW).filter(
        establishment__in=houses, status=WorksPeriod.Status.DECIDED, starts_on__lte=day + WORKS_AHEAD
    )
    plans = LeavePlan.objects.visible_to(user, Capability.DECIDE_LEAVE).to_decide().filter(establishment__in=houses)
    yield leg(actions, ACTION, **_columns(place, F("due_on"), F("title"), _text("priority")))
    yield leg(requests, REQUEST, **_columns(place, F("due_on"), F("title")))
    yield leg(works, WORKS, **_columns(F("establishment__name"), F("starts_on"), F("title")))
    yield leg(plans, PLAN, **_columns(F("establishment__name"), F("starts_on"), EMPTY, _text("season")))


def _of_visits(user, houses, day):
    findings = Finding.objects.visible_to(user).injunctions().late(day)
    events = Event.objects.visible_to(user).told_to_all().alerts().open().filter(establishment__in=houses)
    reviews = FunctioningReview.objects.visible_to(user, Capability.VIEW).to_conduct(day)
    reviews = reviews.filter(establishment__in=houses)
    reviews = reviews.exclude(status__in=FunctioningReview.TRANSMITTED).filter(
        due_on__lte=add_months(day, REVIEW_MONTHS)
    )
    house = F("establishment__name")
    yield leg(
        findings.filter(inspection__establishment__in=houses),
        INJUNCTION,
        **_columns(F("inspection__establishment__name"), F("due_on"), EMPTY, _text("inspection__authority")),
    )
    state = Concat("family", Value("|"), "status", output_field=CharField())
    yield leg(events, ALERT, **_columns(house, TruncDate("happened_at"), EMPTY, state))
    yield leg(reviews, REVIEW, **_columns(house, F("due_on")))


def _of_the_register(user, houses, day):
    read = Establishment.objects.visible_to(user, Capability.VIEW).filter(pk__in=houses)
    keys = read.order_by().values("pk")
    ever = Directorship.objects.filter(establishment=OuterRef("pk"), position="director")
    # A direction that nobody recorded yet is a register to complete, not a point for a meeting.
    vacant = read.filter(Exists(ever), ~Exists(ever.active_on(day)))
    duties = Obligation.objects.filter(establishment__in=keys, expires_on__lte=day + timedelta(days=EXPIRING_DAYS))
    closures = Closure.objects.filter(
        establishment__in=keys, works__isnull=True, starts_on__range=(day, day + CLOSURES_AHEAD)
    )
    house = F("establishment__name")
    yield leg(vacant, DIRECTION, **_columns(F("name"), NO_DAY))
    yield leg(duties, DUTY, **_columns(house, F("expires_on"), EMPTY, _text("kind")))
    yield leg(closures, CLOSURE, **_columns(house, F("starts_on"), EMPTY, _text("cause")))


def _of_the_activity(user, houses, today):
    """Houses whose last complete month is missing today, once it was due: a month to come is not late."""
    month = last_complete_month(today)
    if today <= add_months(month, 1).replace(day=DUE_DAY):
        return
    sent = MonthlyActivity.objects.of_month(month).published().order_by().values("establishment")
    known = Authorisation.objects.touching(month, month_end(month)).order_by().values("establishment")
    read = Establishment.objects.visible_to(user, Capability.VALIDATE_ACTIVITY).filter(pk__in=houses)
    missing = living(read, month).filter(pk__in=known).exclude(pk__in=sent)
    yield leg(missing, ACTIVITY, **_columns(F("name"), Value(month, DateField())))


@rows_once
def houses_to_visit(user, territory, day, today):
    """Houses of the territory whose file the user reads and where no visit is planned, as `with_last_visit`."""
    planned = Visit.objects.planned_to_count().filter(establishment=OuterRef("pk"), planned_on__gte=today)
    houses = Establishment.objects.visible_to(user, Capability.VIEW).within(territory, day).open_on(day)
    return with_last_visit(houses.filter(~Exists(planned)).only("name", "opened_on"), day).order_by()


def houses_with_teams(user, territory, day):
    """Houses of the territory whose teams the user sees: where the direction may be missing."""
    return Establishment.objects.visible_to(user, Capability.DECIDE_LEAVE).within(territory, day).open_on(day)
