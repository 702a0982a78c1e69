"""The calendar of a sector: what is planned and closed, on the page and on paper."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from establishments.models import Closure
from tests.factories import EstablishmentFactory
from tests.pdf_reading import extract_text, tags, words_of
from tests.visits.factories import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PLANNED = datetime.date(2026, 3, 24)


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def planned(creche, next_creche, coordinator, colleague):
    at = datetime.time(14, 0)
    VisitFactory(establishment=creche, coordinator=coordinator, planned=True, planned_on=PLANNED, planned_at=at)
    VisitFactory(establishment=next_creche, coordinator=colleague, planned=True, planned_on=PLANNED)
    days = {"starts_on": datetime.date(2026, 4, 3), "ends_on": datetime.date(2026, 4, 7)}
    Closure.objects.create(establishment=creche, cause="bridge", **days)


def test_the_weeks_give_visits_and_closures_of_her_sector_only(client, planned, creche, next_creche):
    page = client.get(reverse("visits:agenda"))
    weeks = page.context["weeks"]
    assert len(weeks) == 8
    assert [(row.establishment, row.at) for week in weeks for row in week.visits] == [(creche.name, "14\u00a0h")]
    assert [len(week.closures) for week in weeks] == [0, 0, 1, 1, 0, 0, 0, 0]
    assert next_creche.name not in page.content.decode()


def test_the_pole_head_reads_one_sector_at_a_time(client, pole_head, planned, sector, creche, next_creche):
    client.force_login(pole_head)
    both = {row.establishment for week in client.get(reverse("visits:agenda")).context["weeks"] for row in week.visits}
    assert both == {creche.name, next_creche.name}
    one = client.get(reverse("visits:agenda"), {"territory": sector.pk})
    assert {row.establishment for week in one.context["weeks"] for row in week.visits} == {creche.name}


def test_a_territory_out_of_reach_shows_nothing_of_it(client, far_sector, planned):
    for territory in (far_sector.pk, "abc", "9" * 30):
        page = client.get(reverse("visits:agenda"), {"territory": territory})
        assert page.status_code == 200
        assert "Villette" not in page.content.decode()


def test_the_paper_has_one_row_for_each_visit(client, planned, creche, coordinator):
    for _ in range(30):
        VisitFactory(establishment=creche, coordinator=coordinator, planned=True, planned_on=PLANNED)
    content = client.get(reverse("visits:agenda_pdf")).content
    assert tags(content).count("TD") == 31 * 3
    text = words_of(extract_text(content))
    assert text.count("visite régulière") == 31
    assert "pont" in text


def test_the_calendar_costs_the_same_queries_with_1_and_30_visits(client, sector, coordinator):
    counts = []
    for more in (1, 29):
        for _ in range(more):
            house = EstablishmentFactory(sector=sector)
            VisitFactory(establishment=house, coordinator=coordinator, planned=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("visits:agenda"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
