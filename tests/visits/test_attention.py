"""What the visits put on the home page of each person, and what they leave out."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.attention import LATE, SOON
from tests.factories import TODAY, EstablishmentFactory
from tests.visits.factories import VisitFactory
from visits.attention import attention

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def days_ago(days):
    return TODAY - datetime.timedelta(days=days)


def keys(user):
    return {item.key for item in attention(user, TODAY)}


def test_a_late_house_says_how_late_and_since_when(coordinator, creche):
    VisitFactory(establishment=creche, visited_on=days_ago(90), shared=True)
    item = next(item for item in attention(coordinator, TODAY) if item.key == f"visit-due-{creche.pk}")
    assert (item.weight, item.tone, item.due_on) == (LATE, "alert", datetime.date(2026, 2, 17))
    assert item.reason == "En retard de 28 jours\u00a0: dernière visite le 17 décembre."


def test_a_house_to_plan_comes_after_a_late_one(coordinator, creche):
    VisitFactory(establishment=creche, visited_on=days_ago(55))
    (item,) = [item for item in attention(coordinator, TODAY) if item.key.startswith("visit-due")]
    assert item.weight == SOON


@pytest.mark.parametrize("case", ["up_to_date", "planned", "closed"])
def test_nothing_is_asked_for_a_house_visited_planned_or_closed(coordinator, creche, case):
    if case == "up_to_date":
        VisitFactory(establishment=creche, visited_on=days_ago(3), shared=True)
    elif case == "planned":
        VisitFactory(establishment=creche, planned=True)
    else:
        creche.closed_on = TODAY
        creche.save()
    assert keys(coordinator) == set()


def test_a_missed_plan_does_not_hide_the_lateness(coordinator, creche):
    VisitFactory(establishment=creche, planned=True, planned_on=days_ago(2))
    assert keys(coordinator) == {f"visit-due-{creche.pk}"}


@pytest.mark.parametrize(("days", "asked"), [(7, False), (8, True)])
def test_a_draft_is_to_finish_after_a_week(coordinator, creche, days, asked):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, visited_on=days_ago(days))
    assert (f"visit-draft-{visit.pk}" in keys(coordinator)) is asked


def test_a_draft_is_asked_of_its_author_only(coordinator, pole_head, creche):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, visited_on=days_ago(20))
    assert f"visit-draft-{visit.pk}" not in keys(pole_head)


@pytest.mark.parametrize(("due", "asked"), [(TODAY, False), (days_ago(1), True)])
def test_silence_is_to_validate_from_the_day_after(coordinator, creche, due, asked):
    visit = VisitFactory(establishment=creche, shared=True, answer_due_on=due)
    assert (f"visit-validate-{visit.pk}" in keys(coordinator)) is asked


def test_an_answer_is_to_read_at_once(coordinator, pole_head, creche):
    visit = VisitFactory(establishment=creche, answered=True)
    for user in (coordinator, pole_head):
        item = next(item for item in attention(user, TODAY) if item.key == f"visit-validate-{visit.pk}")
        assert (item.button, "observations reçues" in item.reason) == ("Lire la réponse", True)


@pytest.mark.parametrize(("due", "asked"), [(TODAY, True), (days_ago(1), False)])
def test_the_director_is_told_until_the_last_day(director, creche, due, asked):
    visit = VisitFactory(establishment=creche, shared=True, answer_due_on=due)
    assert (keys(director) == {f"visit-answer-{visit.pk}"}) is asked


def test_the_director_hears_of_no_draft_nor_plan(director, creche):
    VisitFactory(establishment=creche, visited_on=days_ago(30))
    VisitFactory(establishment=creche, planned=True)
    assert keys(director) == set()


@pytest.mark.parametrize("who", ["colleague", "neighbour", "former", "central", "nobody", "superuser", "elected"])
def test_others_are_asked_nothing(request, creche, who):
    VisitFactory(establishment=creche, visited_on=days_ago(90))
    VisitFactory(establishment=creche, shared=True, answer_due_on=days_ago(1))
    assert keys(request.getfixturevalue(who)) == set()


def test_the_number_of_queries_does_not_follow_the_number_of_visits(coordinator, sector):
    counts = []
    for more in (1, 29):
        for _ in range(more):
            house = EstablishmentFactory(sector=sector)
            VisitFactory(establishment=house, visited_on=days_ago(90), coordinator=coordinator)
            VisitFactory(establishment=house, visited_on=days_ago(80), answered=True)
        with CaptureQueriesContext(connection) as queries:
            attention(coordinator, TODAY)
        counts.append(len(queries))
    assert counts == [6, 6]  # houses, reports, events, findings, reviews, rules


@pytest.mark.parametrize(("houses", "lines"), [(5, 5), (6, 1), (30, 1)])
def test_a_register_just_imported_is_one_line_with_its_list(client, coordinator, sector, houses, lines):
    EstablishmentFactory.create_batch(houses, sector=sector)
    found = attention(coordinator, TODAY)
    assert len(found) == lines
    if lines == 1:
        assert found[0].title == f"{houses} établissements jamais visités"
        client.force_login(coordinator)
        page = client.get(found[0].url)
        assert len(page.context["list"]["rows"]) == houses
