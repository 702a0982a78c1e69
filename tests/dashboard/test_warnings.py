"""The page of early warning: real facts light the signals, and the queries do not follow the houses."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboard.warnings.facts import warned_houses
from establishments.models import Obligation
from staffing.red_days import red_days_of
from tests.factories import DirectorshipFactory, EstablishmentFactory, UserFactory
from tests.staffing.factories import expect, worker
from tests.visits.controls import entered, found, measured
from tests.visits.factories import VisitFactory
from tests.visits.happenings import told

URL = reverse("dashboard:warnings")


def lit(user, today):
    return {one.house.name: [signal.key for signal in one.lit] for one in warned_houses(user, today)}


@pytest.fixture
def visited(creche, coordinator, today):
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=today - datetime.timedelta(days=10))
    return creche


def test_a_quiet_house_is_not_listed(visited, director, coordinator, today):
    assert lit(coordinator, today) == {}


def test_a_vacancy_of_more_than_a_month_lists_a_house_by_itself(visited, coordinator, today):
    month = datetime.timedelta(days=31)
    DirectorshipFactory(establishment=visited, person=UserFactory(), ends_on=today - month)
    assert lit(coordinator, today) == {visited.name: ["vacant"]}


def test_two_signals_list_a_house_and_one_does_not(visited, director, coordinator, today):
    Obligation.objects.create(
        establishment=visited, kind=Obligation.Kind.values[0], expires_on=today - datetime.timedelta(days=70)
    )
    assert lit(coordinator, today) == {}
    moment = datetime.datetime.combine(today, datetime.time(9), tzinfo=datetime.UTC) - datetime.timedelta(days=3)
    for _ in range(2):
        told(visited, coordinator, family="complaint", severity=1, title="Réclamation", happened_at=moment)
    assert lit(coordinator, today) == {visited.name: ["complaints", "expired"]}


def test_a_restricted_event_is_counted_nowhere(visited, director, coordinator, today):
    moment = datetime.datetime.combine(today, datetime.time(9), tzinfo=datetime.UTC)
    for _ in range(3):
        told(visited, coordinator, family="suspicion", severity=4, title="Signalement", happened_at=moment)
    assert lit(coordinator, today) == {}


def test_only_the_houses_whose_file_one_reads_are_listed(visited, coordinator, colleague, neighbour, today):
    month = datetime.timedelta(days=31)
    DirectorshipFactory(establishment=visited, person=UserFactory(), ends_on=today - month)
    assert lit(colleague, today) == lit(neighbour, today) == {}


def test_the_page_prints_reasons_and_rules_and_exports_them(client, visited, coordinator, today):
    DirectorshipFactory(establishment=visited, person=UserFactory(), ends_on=today - datetime.timedelta(days=31))
    client.force_login(coordinator)
    page = client.get(URL).content.decode()
    assert "Direction vacante depuis" in page
    assert "Personne ne dirige depuis plus de 30 jours." in page
    assert b"Direction vacante" in b"".join(client.get(URL, {"export": "csv"}).streaming_content)


def test_a_late_injunction_lists_a_house_by_itself_until_its_measures_are_verified(
    visited, director, coordinator, today
):
    injunction = found(entered(visited, coordinator), coordinator)
    assert lit(coordinator, today) == {visited.name: ["injunction"]}
    action = measured(injunction, coordinator, director)
    action.declare_done(by=director, evidence="Photo")
    assert lit(coordinator, today) == {visited.name: ["injunction"]}
    action.verify(by=coordinator)
    assert lit(coordinator, today) == {}


def test_days_under_the_ratio_are_counted_over_four_weeks_where_hours_and_children_are_known(
    visited, next_creche, director, coordinator, today
):
    window = (today - datetime.timedelta(days=28), today - datetime.timedelta(days=1))
    worker(visited)
    assert red_days_of([visited.pk], *window, today) == {visited.pk: None}
    expect(visited, 12, 12, weekdays=(1, 2))
    assert red_days_of([visited.pk, next_creche.pk], *window, today) == {visited.pk: 8, next_creche.pk: None}
    Obligation.objects.create(establishment=visited, kind="water", expires_on=today - datetime.timedelta(days=70))
    assert lit(coordinator, today) == {visited.name: ["red_ratio", "expired"]}


def test_a_house_that_holds_its_ratio_has_no_red_day(visited, today):
    for _ in range(6):
        worker(visited)
    expect(visited, 5, 8)
    window = (today - datetime.timedelta(days=28), today - datetime.timedelta(days=1))
    assert red_days_of([visited.pk], *window, today) == {visited.pk: 0}


def test_the_queries_do_not_follow_the_houses(client, sector, coordinator, visited):
    client.force_login(coordinator)
    client.get(URL)
    counts = []
    for more in (1, 29):
        for _ in range(more):
            EstablishmentFactory(sector=sector)
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15
