"""A dashboard as of a day: the tree, the capacities and the rates valid then; what is sent is read around."""

import datetime

import pytest
from django.urls import reverse

from dashboard.models import WeeklyReport
from dashboard.moments import moment_of
from dashboard.weekly.drafting import draft
from establishments.models import Authorisation, Role, Territory
from tests.conftest import holder
from tests.factories import TODAY, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.date(2025, 9, 14)


def test_a_day_gives_that_day_and_the_last_month_known_on_it():
    moment = moment_of({"au": "2025-09-14"}, TODAY)
    assert (moment.day, moment.last_month, moment.is_today) == (DAY, datetime.date(2025, 8, 1), False)
    assert "14 septembre 2025" in moment.past_note


@pytest.mark.parametrize("asked", ["2099-01-01", "hier", "2025-13-40"])
def test_a_day_that_cannot_be_shown_is_said(asked):
    moment = moment_of({"au": asked}, TODAY)
    assert moment.is_today
    assert moment.error


def test_the_territory_shows_the_capacity_of_the_day(client, creche, sector, coordinator):
    Authorisation.objects.filter(establishment=creche).update(starts_on=datetime.date(2025, 12, 1))
    client.force_login(coordinator)
    url = reverse("dashboard:territory", args=[sector.pk])
    now, then = (client.get(url, query) for query in ({}, {"au": "2025-09-14"}))
    assert now.context["dashboard"].total.places > 0
    assert then.context["dashboard"].total.unknown_places == 1
    assert 'value="2025-09-14"' in then.content.decode()


def test_the_warnings_are_those_of_the_day_and_say_so(client, creche, coordinator):
    client.force_login(coordinator)
    page = client.get(reverse("dashboard:warnings"), {"au": "2025-09-14"}).content.decode()
    assert "14 septembre 2025" in page


def test_a_sent_report_is_read_by_the_coordinators_of_the_circonscription_and_no_draft_is(
    creche, far_creche, pole, pole_head, coordinator, neighbour, former, director
):
    report = draft(pole, datetime.date(2026, 3, 12))
    readers = (coordinator, neighbour, former, director)
    assert not any(WeeklyReport.objects.visible_to(who).exists() for who in readers)
    report.send(by=pole_head)
    seen = [who for who in readers if WeeklyReport.objects.visible_to(who).exists()]
    assert seen == [coordinator, neighbour]


def test_a_coordinator_of_another_circonscription_reads_nothing(creche, pole, pole_head, direction):
    other = TerritoryFactory(kind=Territory.Kind.DIVISION, code="caspe-5", name="CASPE 5", parent=direction)
    away = TerritoryFactory(code="jussieu", name="Secteur Jussieu", parent=other)
    stranger = holder(Role.COORDINATOR, "Ugo", "Loin", territory=away)
    report = draft(pole, datetime.date(2026, 3, 12))
    report.send(by=pole_head)
    assert not WeeklyReport.objects.visible_to(stranger).exists()
