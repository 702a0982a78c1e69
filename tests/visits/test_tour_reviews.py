"""A functioning review that comes due asks for its visit of analysis; the head of the pôle reads the tours."""

import datetime

import pytest
from django.urls import reverse

from tests.visits.factories import VisitFactory
from tests.visits.reviews import scheduled
from tests.visits.tour_factories import MONDAY, asked_by, houses_of
from visits.models import TourPlan
from visits.tour_facts import REVIEW_LEAD, problem_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DUE = datetime.date(2026, 6, 5)


def reviews_of(owner):
    problem = problem_of(TourPlan(owner=owner, starts_on=MONDAY, pk=0))
    return {house.id: [one.due_on for one in house.reviews] for house in problem.houses if house.reviews}


def test_the_visit_of_analysis_is_wanted_before_the_review_is_due(sector, coordinator):
    near, far, _ = houses_of(sector, 3)
    scheduled(near, due_on=DUE)
    scheduled(far, due_on=datetime.date(2027, 6, 5))
    assert reviews_of(coordinator) == {near.pk: [DUE - REVIEW_LEAD]}


def test_a_visit_of_analysis_already_made_is_not_asked_again(sector, coordinator):
    house, _ = houses_of(sector, 2)
    scheduled(house, due_on=DUE)
    VisitFactory(establishment=house, kind="review", visited_on=datetime.date(2024, 3, 1))
    assert reviews_of(coordinator) == {house.pk: [DUE - REVIEW_LEAD]}, "the one of two years ago is another one"
    VisitFactory(establishment=house, kind="review", visited_on=datetime.date(2026, 3, 2))
    assert reviews_of(coordinator) == {}


def test_the_tour_places_the_visit_of_analysis_in_time(sector, coordinator, django_capture_on_commit_callbacks):
    house, *_ = houses_of(sector, 3)
    scheduled(house, due_on=DUE)
    with django_capture_on_commit_callbacks(execute=True):
        plan = asked_by(coordinator)
    stops = TourPlan.objects.get(pk=plan.pk).stops.filter(establishment=house, kind="review")
    assert [stop.day <= DUE - REVIEW_LEAD for stop in stops] == [True]


def test_the_head_of_the_pole_reads_the_tour_and_changes_nothing(
    client, sector, coordinator, pole_head, neighbour, django_capture_on_commit_callbacks
):
    houses_of(sector, 3)
    with django_capture_on_commit_callbacks(execute=True):
        plan = asked_by(coordinator)
    client.force_login(pole_head)
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Maison 1" in page
    assert "Accepter la tournée" not in page
    assert client.post(reverse("visits:tour_accept", args=[plan.pk])).status_code == 403
    assert str(coordinator) in client.get(reverse("visits:tours")).content.decode()
    client.force_login(neighbour)
    assert client.get(plan.get_absolute_url()).status_code == 404
