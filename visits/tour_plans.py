"""Tours in the database: computed, told, rearranged, scheduled. The thinking is in visits/tours (pure)."""

import uuid
from contextlib import contextmanager

from django.db import transaction

from core.french import counted, day_month, sentence_list
from establishments.models import JournalHead
from establishments.workflow import TransitionRefused

from . import tours
from .models import TourLate, TourPlan, TourStop, Visit, VisitKind
from .models.tours import HOURS
from .planning import plan_visit
from .tour_facts import problem_of

SEED = 0


def read(plan):
    """The pure plan of a TourPlan, with the facts of today; visits of houses that left her perimeter are left out."""
    problem = problem_of(plan)
    houses = {house.id: house for house in problem.houses}
    visits = [
        tours.PlannedVisit(
            houses[stop.establishment_id],
            stop.day,
            stop.half_day,
            stop.kind,
            stop.due_on,
            whole_day=stop.is_whole_day,
            locked=stop.is_locked,
            own_due_on=stop.wanted_by,
        )
        for stop in plan.stops.all()
        if stop.establishment_id in houses
    ]
    return tours.TourPlan(problem, tuple(visits), (), plan.distance_km or 0.0, plan.bound_km or 0.0, plan.outcome)


@transaction.atomic
def write(plan, told):
    """Replace the stops of a plan by those of the pure plan; a stop of the same house keeps its key and its visit."""
    known = {}
    for stop in plan.stops.order_by("day", "pk"):
        known.setdefault((stop.establishment_id, stop.day), []).append(stop)
    spare = {}
    for (house, day), stops in known.items():
        if not any(visit.house.id == house and visit.day == day for visit in told.visits):
            spare.setdefault(house, []).extend(stops)
    visits = _visits_of(plan)
    rows = [_stop(plan, visit, known, spare, visits) for visit in told.visits]
    plan.stops.all().delete()
    TourStop.objects.bulk_create(rows)
    plan.late.all().delete()
    TourLate.objects.bulk_create(
        TourLate(plan=plan, establishment_id=one.house.id, due_on=one.due_on, day=one.day, why=one.why)
        for one in told.late
    )
    plan.outcome, plan.distance_km, plan.bound_km = told.status, told.distance_km, told.lower_bound_km
    plan.version += 1
    plan.save()


def _visits_of(plan):
    """{(house, day): her visit planned there}."""
    rows = Visit.objects.planned().filter(coordinator=plan.owner, planned_on__range=(plan.starts_on, plan.ends_on))
    return {(visit.establishment_id, visit.planned_on): visit for visit in rows.order_by("-pk")}


def _stop(plan, visit, known, spare, visits):
    house = visit.house.id
    same = known.get((house, visit.day)) or spare.get(house) or []
    before = same.pop(0) if same else None
    scheduled = before.visit if before else None
    if scheduled is None and visit.locked:
        scheduled = visits.get((house, visit.day))
    return TourStop(
        plan=plan,
        establishment_id=house,
        kind=_kind(visit, before, scheduled),
        day=visit.day,
        half_day=visit.half_day,
        due_on=visit.due_on,
        wanted_by=visit.own_due_on,
        is_whole_day=visit.whole_day,
        is_locked=visit.locked,
        is_settled=visit.locked and (before is None or before.is_settled),
        reasons="\n".join(visit.reasons),
        visit=scheduled,
        client_uuid=before.client_uuid if before else uuid.uuid4(),
    )


def _kind(visit, before, scheduled):
    """The kind people read: the planner knows a locked visit only by whether it counts."""
    if visit.locked and scheduled is not None:
        return scheduled.kind
    return before.kind if visit.locked and before is not None else visit.kind


def compute(plan, *, progress=None, time_limit=tours.TIME_LIMIT_SECONDS):
    """Plan anew around what is locked. Returns the pure plan, not written yet."""
    return tours.plan(problem_of(plan), seed=SEED, progress=progress, time_limit=time_limit)


@contextmanager
def _open(plan):
    """The plan, locked and still a proposal, for a change that is written on leaving."""
    with transaction.atomic():
        JournalHead.locked()
        locked = TourPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if locked.status != TourPlan.Status.PROPOSED:
            raise TransitionRefused(f"Déjà traité\u00a0: {locked.get_status_display()}.")
        yield locked


def move(stop, day, half_day):
    """Put a stop on another half-day and hold it there. Raises TransitionRefused with the reason it cannot be."""
    with _open(stop.plan) as plan:
        stop = plan.stops.filter(client_uuid=stop.client_uuid).first()
        if stop is None:
            raise TransitionRefused("Cette visite n’est plus dans la tournée.")
        if stop.is_settled:
            raise TransitionRefused("Cette visite est déjà planifiée\u00a0: reportez-la depuis sa page.")
        current = read(plan)
        moved = next((v for v in current.visits if (v.house.id, v.day) == (stop.establishment_id, stop.day)), None)
        if moved is None:
            raise TransitionRefused("Cet établissement n’est plus dans votre périmètre.")
        refusal = tours.objection(current, moved, day, half_day)
        if refusal:
            raise TransitionRefused(refusal)
        stop.day, stop.half_day, stop.is_locked = day, half_day, True
        stop.save()
        write(plan, tours.rearranged(read(plan)))


def hold(stop, *, is_locked):
    """Lock a stop where it is, or let it move again."""
    with _open(stop.plan) as plan:
        plan.stops.filter(client_uuid=stop.client_uuid, is_settled=False).update(is_locked=is_locked)
        write(plan, tours.rearranged(read(plan)))


def add_urgent(plan, *, house, due_on, kind):
    """Add a visit wanted by a day, at most three others moved. Returns the French sentence that says what changed."""
    with _open(plan) as plan:
        before = read(plan)
        try:
            after = tours.replan(before, tours.Urgent(house.pk, due_on, kind))
        except (ValueError, StopIteration) as refusal:
            raise TransitionRefused(f"«\u00a0{house.name}\u00a0» n’est pas dans cette tournée.") from refusal
        write(plan, after)
    others = tours.moved(before, after, house.pk)
    placed = [visit for visit in after.visits if visit.house.id == house.pk and visit.day <= due_on]
    where = f"placée le {day_month(placed[0].day)}" if placed else "sans place avant l’échéance"
    if not others:
        return f"Visite urgente {where}\u202f; aucune autre ne bouge."
    names = sentence_list([visit.house.name for visit in others])
    return f"Visite urgente {where}\u202f; {counted(len(others), 'autre bouge', 'autres bougent')}\u00a0: {names}."


def revision_of(plan, *, client_uuid, by):
    """A new proposal that starts from an accepted tour as it stands: its visits may move again. Once a key."""
    with transaction.atomic():
        JournalHead.locked()
        known = TourPlan.objects.filter(client_uuid=client_uuid, owner=by).first()
        if known is not None:
            return known
        stops = [stop for stop in plan.stops.select_related("visit") if _may_move(stop)]
        revision = TourPlan.objects.create(
            owner=by,
            territory=plan.territory,
            base=plan.base,
            starts_on=plan.starts_on,
            visits_a_day=plan.visits_a_day,
            status=TourPlan.Status.PROPOSED,
            outcome=plan.outcome,
            revises=plan,
            client_uuid=client_uuid,
        )
        TourStop.objects.bulk_create(_again(revision, stop) for stop in stops)
        write(revision, tours.rearranged(read(revision)))
    return revision


def _may_move(stop):
    return stop.visit is not None and stop.visit.status == Visit.Status.PLANNED


def _again(revision, stop):
    from .models.tours import half_day_of

    return TourStop(
        plan=revision,
        establishment_id=stop.establishment_id,
        kind=stop.visit.kind,
        day=stop.visit.planned_on,
        half_day=half_day_of(stop.visit),
        due_on=stop.due_on,
        wanted_by=stop.wanted_by,
        is_whole_day=stop.is_whole_day,
        visit=stop.visit,
    )


def schedule(stops, *, by):
    """(how many visits were planned, how many moved): each stop has its visit, on its half-day."""
    made = moved = 0
    there = {
        (visit.establishment_id, visit.planned_on): visit
        for visit in Visit.objects.planned().filter(establishment__in=[stop.establishment_id for stop in stops])
    }
    for stop in stops:
        at = HOURS[stop.half_day]
        if stop.visit is not None:
            if stop.visit.status == Visit.Status.PLANNED and not stop.is_scheduled_there:
                stop.visit.move(by=by, to=stop.day, at=at)
                moved += 1
            continue
        visit = there.get((stop.establishment_id, stop.day))
        if visit is None:
            visit = plan_visit(
                stop.client_uuid,
                by=by,
                establishment=stop.establishment,
                kind=stop.kind,
                is_announced=stop.kind != VisitKind.UNANNOUNCED,
                planned_on=stop.day,
                planned_at=at,
            )
            made += 1
        stop.visit = visit
        stop.save(update_fields=["visit"])
    return made, moved
