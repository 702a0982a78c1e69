"""Tours in the database: what the planner is told, what is written, moved, accepted."""

import datetime
import uuid

import pytest

from core.models import Job
from establishments.models import Closure, JournalEntry, Unavailability
from establishments.workflow import TransitionRefused
from tests.factories import EstablishmentFactory
from tests.visits.factories import VisitFactory
from tests.visits.tour_factories import MONDAY, asked_by, houses_of
from visits import tour_plans, tours
from visits.models import BusyPeriod, CountingRule, TourPlan, Visit
from visits.tour_facts import problem_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)


@pytest.fixture
def houses(sector):
    return houses_of(sector)


@pytest.fixture
def plan(coordinator, houses, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = asked_by(coordinator)
    return TourPlan.objects.get(pk=made.pk)


def where(plan):
    return {(stop.establishment_id, stop.day, stop.half_day) for stop in plan.stops.all()}


def test_a_tour_is_computed_apart_with_its_progress_and_its_reasons(plan, houses):
    job = Job.objects.get()
    assert (job.status, job.done, job.total) == ("done", 100, 100)
    assert "toutes les visites sont à l’heure" in job.message
    assert (plan.status, plan.outcome) == ("proposed", "on_time")
    assert {stop.establishment_id for stop in plan.stops.all()} == {house.pk for house in houses}
    assert all(stop.reason_list[0].startswith("Due le ") for stop in plan.stops.all())
    assert all(stop.day <= stop.due_on for stop in plan.stops.all())
    assert not Visit.objects.planned().exists()


def test_the_planner_knows_the_days_of_the_house_and_of_the_coordinator(coordinator, sector):
    house = houses_of(sector, 1)[0]
    Closure.objects.create(establishment=house, cause="yearly", starts_on=MONDAY, ends_on=MONDAY + 4 * DAY)
    house.opening_hours.filter(weekday=3).delete()
    BusyPeriod.objects.create(person=coordinator, starts_on=MONDAY + 7 * DAY, ends_on=MONDAY + 7 * DAY)
    BusyPeriod.objects.create(
        person=coordinator, starts_on=MONDAY + 8 * DAY, ends_on=MONDAY + 8 * DAY, half_day="afternoon"
    )
    Unavailability.objects.create(person=coordinator, starts_on=MONDAY + 14 * DAY, ends_on=MONDAY + 15 * DAY)
    problem = problem_of(TourPlan(owner=coordinator, starts_on=MONDAY, pk=0))
    (one,) = problem.houses
    assert one.weekdays == {0, 1, 3, 4}
    assert one.closures == ((MONDAY, MONDAY + 4 * DAY),)
    assert problem.agenda.absences == (
        tours.Absence(MONDAY + 7 * DAY, MONDAY + 7 * DAY),
        tours.Absence(MONDAY + 14 * DAY, MONDAY + 15 * DAY),
    )
    assert problem.agenda.busy == {(MONDAY + 8 * DAY, "afternoon")}


def test_somebody_elses_meetings_are_not_hers(coordinator, colleague, sector):
    BusyPeriod.objects.create(person=colleague, starts_on=MONDAY, ends_on=MONDAY)
    assert problem_of(TourPlan(owner=coordinator, starts_on=MONDAY, pk=0)).agenda.absences == ()


def test_houses_of_another_sector_are_not_planned(coordinator, houses, next_creche):
    ids = {house.id for house in problem_of(TourPlan(owner=coordinator, starts_on=MONDAY, pk=0)).houses}
    assert ids == {house.pk for house in houses}


def test_a_house_that_closes_for_good_is_not_visited_afterwards(coordinator, houses):
    houses[0].closed_on = MONDAY + 3 * DAY
    houses[0].save()
    (one,) = [
        h for h in problem_of(TourPlan(owner=coordinator, starts_on=MONDAY, pk=0)).houses if h.id == houses[0].pk
    ]
    assert one.opens_on(MONDAY + 2 * DAY)
    assert not one.opens_on(MONDAY + 3 * DAY)


def test_visits_already_planned_stay_where_they_are(coordinator, houses, django_capture_on_commit_callbacks):
    on, at = datetime.date(2026, 3, 26), datetime.time(14, 0)
    visit = VisitFactory(establishment=houses[1], coordinator=coordinator, planned=True, planned_on=on, planned_at=at)
    with django_capture_on_commit_callbacks(execute=True):
        plan = asked_by(coordinator)
    stop = plan.stops.get(visit=visit)
    assert (stop.day, stop.half_day, stop.is_locked) == (on, "afternoon", True)
    assert "laissée à sa place" in stop.reasons
    assert plan.stops.filter(establishment=houses[1]).count() == 1


def test_a_planned_visit_that_does_not_count_lets_another_be_planned(
    coordinator, houses, django_capture_on_commit_callbacks
):
    CountingRule.objects.create(kind="thematic", counts=False, starts_on=datetime.date(2026, 1, 1))
    VisitFactory(establishment=houses[0], coordinator=coordinator, planned=True, kind="thematic", planned_on=MONDAY)
    with django_capture_on_commit_callbacks(execute=True):
        plan = asked_by(coordinator)
    kinds = sorted(plan.stops.filter(establishment=houses[0]).values_list("kind", flat=True))
    assert kinds == ["regular", "thematic"]


def test_the_same_request_sent_twice_is_one_tour(coordinator, houses, django_capture_on_commit_callbacks):
    key = uuid.uuid4()
    with django_capture_on_commit_callbacks(execute=True):
        first, second = asked_by(coordinator, client_uuid=key), asked_by(coordinator, client_uuid=key)
    assert first == second
    assert Job.objects.count() == 1


def test_a_stop_goes_where_it_may_and_stays_there(plan):
    stop = plan.stops.first()
    free = next(
        day
        for day in (MONDAY + n * DAY for n in range(14))
        if day.weekday() < 5 and not plan.stops.filter(day=day).exists()
    )
    tour_plans.move(stop, free, "afternoon")
    moved = plan.stops.get(client_uuid=stop.client_uuid)
    assert (moved.day, moved.half_day, moved.is_locked) == (free, "afternoon", True)
    assert plan.stops.count() == 4
    assert "Verrouillée" in moved.reasons


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (datetime.date(2026, 4, 6), "férié"),
        (datetime.date(2026, 3, 28), "n’est pas un jour travaillé"),
        (datetime.date(2026, 6, 30), "Le plan va du"),
        (datetime.date(2026, 4, 1), "est fermé"),
        (datetime.date(2026, 4, 2), "Vous n’êtes pas disponible"),
    ],
)
def test_a_stop_that_cannot_go_there_says_why_and_stays(plan, coordinator, day, reason):
    stop = plan.stops.first()
    closed = datetime.date(2026, 4, 1)
    Closure.objects.create(establishment=stop.establishment, cause="bridge", starts_on=closed, ends_on=closed)
    BusyPeriod.objects.create(person=coordinator, starts_on=closed + DAY, ends_on=closed + DAY)
    before = where(plan)
    with pytest.raises(TransitionRefused, match=reason):
        tour_plans.move(stop, day, "morning")
    assert where(plan) == before


def test_a_day_that_is_full_refuses_a_third_visit(plan, houses):
    first, second, third, _ = plan.stops.order_by("pk")
    day = MONDAY + 17 * DAY
    tour_plans.move(first, day, "morning")
    tour_plans.move(second, day, "afternoon")
    with pytest.raises(TransitionRefused, match="compte déjà 2 visites"):
        tour_plans.move(third, day, "morning")


def test_a_stop_moved_too_late_is_told_and_not_refused(plan):
    stop = plan.stops.order_by("due_on").first()
    tour_plans.move(stop, datetime.date(2026, 5, 13), "morning")
    plan.refresh_from_db()
    assert plan.outcome == "late_unproven"
    assert plan.late.get().establishment == stop.establishment


def test_computing_again_keeps_what_is_held(plan, django_capture_on_commit_callbacks):
    from visits.tour_jobs import ask_again

    stop = plan.stops.last()
    tour_plans.hold(stop, is_locked=True)
    with django_capture_on_commit_callbacks(execute=True):
        assert ask_again(plan)
    held = plan.stops.get(establishment=stop.establishment)
    assert (held.day, held.half_day, held.is_locked) == (stop.day, stop.half_day, True)


def test_an_urgent_visit_moves_at_most_three_others_and_names_them(plan, houses):
    before = where(plan)
    told = tour_plans.add_urgent(plan, house=houses[0], due_on=MONDAY + DAY, kind="unannounced")
    stop = plan.stops.get(kind="unannounced")
    assert (stop.establishment, stop.wanted_by) == (houses[0], MONDAY + DAY)
    assert stop.day <= MONDAY + DAY
    assert "Visite urgente placée le" in told
    assert len({one for one in before - where(plan) if one[0] != houses[0].pk}) <= 3


def test_an_urgent_visit_elsewhere_is_refused(plan, next_creche):
    with pytest.raises(TransitionRefused, match="n’est pas dans cette tournée"):
        tour_plans.add_urgent(plan, house=next_creche, due_on=MONDAY + DAY, kind="unannounced")


def test_accepting_schedules_every_visit_once(plan, coordinator):
    made, moved = plan.accept(by=coordinator)
    assert (made, moved) == ("4 visites planifiées", 0)
    visits = list(Visit.objects.planned().order_by("pk"))
    assert {(v.establishment_id, v.planned_on) for v in visits} == {
        (s.establishment_id, s.day) for s in plan.stops.all()
    }
    assert {v.planned_at.hour for v in visits} <= {9, 14}
    assert all(v.coordinator == coordinator for v in visits)
    assert JournalEntry.objects.filter(verb="visite planifiée").count() == 4
    assert JournalEntry.objects.filter(verb="tournée acceptée").count() == 1
    with pytest.raises(TransitionRefused, match="acceptée"):
        TourPlan.objects.get(pk=plan.pk).accept(by=coordinator)
    assert list(Visit.objects.planned().order_by("pk")) == visits


def test_a_visit_planned_by_hand_meanwhile_is_not_doubled(plan, coordinator):
    stop = plan.stops.first()
    visit = VisitFactory(establishment=stop.establishment, coordinator=coordinator, planned=True, planned_on=stop.day)
    made, _ = plan.accept(by=coordinator)
    assert made == "3 visites planifiées"
    assert plan.stops.get(client_uuid=stop.client_uuid).visit == visit


def test_a_tour_whose_days_are_past_is_not_accepted(plan, coordinator):
    plan.stops.filter(pk=plan.stops.first().pk).update(day=datetime.date(2026, 3, 16))
    with pytest.raises(TransitionRefused, match="sont passés"):
        plan.accept(by=coordinator)
    assert not Visit.objects.planned().exists()


def test_an_accepted_tour_is_not_rearranged(plan, coordinator):
    plan.accept(by=coordinator)
    with pytest.raises(TransitionRefused, match="acceptée"):
        tour_plans.move(plan.stops.first(), MONDAY, "morning")


def test_an_accepted_tour_taken_again_moves_its_visits_and_makes_none(plan, coordinator):
    plan.accept(by=coordinator)
    visits = {visit.pk: visit.planned_on for visit in Visit.objects.planned()}
    key = uuid.uuid4()
    revision = tour_plans.revision_of(plan, client_uuid=key, by=coordinator)
    assert tour_plans.revision_of(plan, client_uuid=key, by=coordinator) == revision
    assert {(s.visit_id, s.day) for s in revision.stops.all()} == set(visits.items())
    stop = revision.stops.first()
    free = MONDAY + 16 * DAY
    tour_plans.move(stop, free, "afternoon")
    assert {visit.pk: visit.planned_on for visit in Visit.objects.planned()} == visits
    made, moved = revision.accept(by=coordinator)
    assert (made, moved) == ("0 visite planifiée", 1)
    visit = Visit.objects.get(pk=stop.visit_id)
    assert (visit.planned_on, visit.planned_at, visit.edition) == (free, datetime.time(14, 0), 2)
    assert JournalEntry.objects.filter(verb="visite déplacée").count() == 1
    assert Visit.objects.planned().count() == 4


def test_a_house_that_left_her_perimeter_is_neither_shown_nor_planned(plan, coordinator, houses):
    houses[0].attachments.update(ends_on=datetime.date(2026, 3, 16))
    assert houses[0].pk not in {s.establishment_id for s in plan.stops.visible_to(coordinator)}
    plan.accept(by=coordinator)
    assert not Visit.objects.planned().filter(establishment=houses[0]).exists()


def test_a_computation_that_is_stopped_proposes_nothing(coordinator, houses, monkeypatch):
    from visits import tour_jobs

    monkeypatch.setattr(tour_jobs.Progress, "advance", _stopped)
    plan = asked_by(coordinator)
    tour_jobs.compute_tour.func(plan.pk)
    plan.refresh_from_db()
    assert plan.status == "dropped"
    assert (plan.job.status, plan.stops.count()) == ("stopped", 0)


def _stopped(self, done):
    from core.jobs import JobStopped

    raise JobStopped


def test_a_sector_of_one_never_visited_house_opened_long_ago_is_planned(
    coordinator, sector, django_capture_on_commit_callbacks
):
    EstablishmentFactory(sector=sector, name="Ancienne")
    with django_capture_on_commit_callbacks(execute=True):
        plan = asked_by(coordinator)
    assert "Jamais visitée" in plan.stops.get().reasons


def test_two_visits_of_a_day_without_hours_are_not_made_at_once(
    coordinator, houses, django_capture_on_commit_callbacks
):
    for house in houses[:2]:
        VisitFactory(establishment=house, coordinator=coordinator, planned=True, planned_on=MONDAY)
    with django_capture_on_commit_callbacks(execute=True):
        plan = asked_by(coordinator)
    assert sorted(plan.stops.filter(day=MONDAY).values_list("half_day", flat=True)) == ["afternoon", "morning"]
