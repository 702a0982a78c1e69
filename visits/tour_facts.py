"""What the planner is told about a coordinator's weeks: houses, days, reviews, visits already set. Eight queries."""

from collections import defaultdict
from datetime import date, timedelta
from statistics import mean

from django.utils import timezone

from core.calendar import iter_days
from establishments.models import Capability, Closure, Establishment, OpeningHours, Unavailability
from staffing.models import LeaveRequest

from . import schedule, tours
from .freshness import first_due_on, interval_days, with_freshness
from .models import BusyPeriod, FunctioningReview, Visit, VisitKind, counting_rules, counts_on
from .models.tours import half_day_of

USUAL_MINUTES = 150
SHORT_MINUTES = 105  # what two visits a half-day leave to each
LOOK_AHEAD = timedelta(days=120)  # as far as visits.tours looks beyond the plan
REVIEW_LEAD = timedelta(days=45)  # a draft, eight working days to answer, a validation
REVIEW_RECENT = timedelta(days=180)  # a visit of analysis made within these days before is the one it waits for
FOR_GOOD = date(2200, 12, 31)
NOWHERE = (0.0, 0.0)
# Stands for a visit that does not count in the plan; any kind out of schedule.COUNTING_KINDS would do.
UNCOUNTED = VisitKind.TEAM_MEETING.value


def problem_of(plan):
    """The `tours.Problem` of a TourPlan, from what is known today."""
    first, last = plan.starts_on, plan.ends_on
    houses = list(_houses(plan))
    placed = {house.pk for house in houses}
    stops = list(plan.stops.all())
    movable = {stop.visit_id for stop in stops if stop.visit_id and not stop.is_settled}
    hers = Visit.objects.planned().while_open().filter(coordinator=plan.owner, planned_on__range=(first, last))
    hers = list(hers.exclude(pk__in=movable).order_by("planned_on", "planned_at", "pk"))
    minutes = USUAL_MINUTES if plan.visits_a_day <= 2 else SHORT_MINUTES
    elsewhere = {(visit.planned_on, half_day_of(visit)) for visit in hers if visit.establishment_id not in placed}
    return tours.Problem(
        houses=_described(houses, first, last, minutes),
        agenda=_agenda(plan, houses, elsewhere),
        locked=_locked(hers, stops, placed, minutes),
        urgent=_urgent(stops, placed),
        visits_a_day=plan.visits_a_day,
    )


def _houses(plan):
    today = timezone.localdate()
    houses = Establishment.objects.visible_to(plan.owner, Capability.LOG_VISIT).open_on(plan.starts_on)
    if plan.territory is not None:
        houses = houses.within(plan.territory)
    return with_freshness(houses, today).order_by("pk")


def _described(houses, first, last, minutes):
    weekdays, closures, today = _weekdays(houses, first, last), _closures(houses, first, last), timezone.localdate()
    reviews = _reviews(houses, last)
    return tuple(
        tours.House(
            id=house.pk,
            name=house.name,
            point=_point(house),
            last_visit_on=house.last_visit_on,
            first_due_on=first_due_on(house, today),
            interval_days=interval_days(house),
            minutes=minutes,
            weekdays=weekdays.get(house.pk, tours.WORKING_WEEK),
            reviews=tuple(reviews.get(house.pk, ())),
            closures=tuple(closures[house.pk] + ([(house.closed_on, FOR_GOOD)] if house.closed_on else [])),
        )
        for house in houses
    )


def _reviews(houses, last):
    """{house: the visit of analysis that its functioning review waits for}; one already made is not asked again.

    It is due REVIEW_LEAD days before the review is: the draft, the contradictoire and the validation come after.
    """
    waiting = [FunctioningReview.Status.SCHEDULED, FunctioningReview.Status.PREPARING]
    reviews = FunctioningReview.objects.filter(establishment__in=houses, status__in=waiting)
    found = {}
    for house, due_on in reviews.order_by("due_on").values_list("establishment", "due_on"):
        if due_on - REVIEW_LEAD <= last:
            found[house] = [tours.Review(due_on - REVIEW_LEAD)]
    since = min((review.due_on for held in found.values() for review in held), default=last) - REVIEW_RECENT
    made = Visit.objects.done().filter(establishment__in=list(found), kind=VisitKind.REVIEW, visited_on__gte=since)
    for house, visited_on in made.order_by().values_list("establishment", "visited_on"):
        if house in found and visited_on >= found[house][0].due_on - REVIEW_RECENT:
            del found[house]
    return found


def _point(house):
    return None if house.latitude is None else (float(house.longitude), float(house.latitude))


def _weekdays(houses, first, last):
    """{house: weekdays open, Monday being 0}; a house whose hours nobody wrote is not there."""
    found = defaultdict(set)
    hours = OpeningHours.objects.filter(establishment__in=houses).touching(first, last).order_by()
    for house, weekday in hours.values_list("establishment", "weekday"):
        found[house].add(weekday - 1)
    return {house: frozenset(days) for house, days in found.items()}


def _closures(houses, first, last):
    """{house: periods}; a house closed for half a day is left alone that day."""
    found = defaultdict(list)
    rows = Closure.objects.filter(establishment__in=houses).touching(first, last + LOOK_AHEAD).order_by("starts_on")
    for house, starts_on, ends_on in rows.values_list("establishment", "starts_on", "ends_on"):
        found[house].append((starts_on, ends_on))
    return found


def away(plan):
    """(whole days as periods, half-days) when the owner of a plan cannot visit; three queries, and no motive."""
    first, last = plan.starts_on, plan.ends_on
    busy = BusyPeriod.objects.filter(person=plan.owner).touching(first, last + LOOK_AHEAD)
    away = Unavailability.objects.filter(person=plan.owner, ends_on__gte=first)
    leaves = LeaveRequest.objects.granted().filter(employee__user=plan.owner).touching(first, last + LOOK_AHEAD)
    days = [(row.starts_on, row.ends_on) for row in (*away, *leaves)]
    halves = set()
    for row in busy:
        if row.half_day:
            halves |= {(day, row.half_day) for day in iter_days(max(row.starts_on, first), min(row.ends_on, last))}
        else:
            days.append((row.starts_on, row.ends_on))
    return sorted(days), halves


def _agenda(plan, houses, elsewhere):
    days, halves = away(plan)
    return tours.Agenda(
        base=_base(plan, houses),
        starts_on=plan.starts_on,
        weeks=plan.WEEKS,
        absences=tuple(tours.Absence(*one) for one in days),
        busy=frozenset(halves | elsewhere),
    )


def _base(plan, houses):
    """Where she leaves from: the house she said, else the middle of her houses."""
    if plan.base is not None and plan.base.latitude is not None:
        return _point(plan.base)
    points = [_point(house) for house in houses if house.latitude is not None]
    return (mean(x for x, _ in points), mean(y for _, y in points)) if points else NOWHERE


def _locked(hers, stops, placed, minutes):
    """Her visits already planned, and the stops that she holds where they are; one a house and day."""
    rules, found, mornings = counting_rules(), {}, set()
    for visit in hers:
        kind = _planner_kind(rules, visit.kind, visit.planned_on, is_on_site=visit.is_on_site)
        half_day = half_day_of(visit)
        # Two visits of one day whose hours nobody wrote are not made at the same time.
        if visit.planned_at is None and visit.planned_on in mornings:
            half_day = tours.AFTERNOON
        if half_day == tours.MORNING:
            mornings.add(visit.planned_on)
        _lock(found, placed, visit.establishment_id, visit.planned_on, half_day, kind, minutes)
    for stop in stops:
        if stop.is_locked and not stop.is_settled:
            kind = _planner_kind(rules, stop.kind, stop.day)
            _lock(found, placed, stop.establishment_id, stop.day, stop.half_day, kind, minutes)
    return tuple(found.values())


def _lock(found, placed, house, day, half_day, kind, minutes):
    if house in placed:
        found.setdefault((house, day), tours.Locked(house, day, half_day, kind, minutes))


def _planner_kind(rules, kind, day, *, is_on_site=True):
    """The kind as the planner understands it: whether it counts is a dated setting, which it does not know."""
    if counts_on(rules, kind, day, is_on_site=is_on_site):
        return kind if kind in schedule.COUNTING_KINDS else schedule.REGULAR
    return kind if kind not in schedule.COUNTING_KINDS else UNCOUNTED


def _urgent(stops, placed):
    return tuple(
        tours.Urgent(stop.establishment_id, stop.wanted_by, stop.kind)
        for stop in stops
        if stop.wanted_by and not stop.is_locked and stop.establishment_id in placed
    )
