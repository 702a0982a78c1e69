"""What expires in the next ninety days, over a house, a sector or the city: nothing forgotten, nothing too early."""

import datetime

import pytest
from django.urls import reverse

from establishments.expiring import expiring
from establishments.models import Authorisation, Establishment, Obligation
from tests.factories import EstablishmentFactory

pytestmark = pytest.mark.usefixtures("today")
URL = reverse("establishments:expiring")
DAY = datetime.timedelta(days=1)


def duty(house, kind, days=None, done=400, today=datetime.date(2026, 3, 17)):
    expires = None if days is None else today + days * DAY
    done_on = None if done is None else today - done * DAY
    return Obligation.objects.create(establishment=house, kind=kind, done_on=done_on, expires_on=expires)


def told(today, **asked):
    return [(line.sort, line.state) for line in expiring(Establishment.objects.all(), today, **asked)]


def test_what_is_expired_and_what_expires_within_ninety_days_is_listed_and_nothing_later(creche, today):
    Authorisation.objects.update(expires_on=None)
    duty(creche, "water", -3)
    duty(creche, "air", 90)
    duty(creche, "evacuation", 91)
    duty(creche, "lockdown")
    assert told(today) == [("water", "late"), ("air", "ahead")]
    assert told(today, days=180) == [("water", "late"), ("air", "ahead"), ("evacuation", "ahead")]
    assert told(today, state="late") == [("water", "late")]
    assert told(today, sort="air") == [("air", "ahead")]


def test_the_five_year_evaluation_falls_due_five_years_after_the_last_one(creche, today):
    Authorisation.objects.update(expires_on=None)
    row = duty(creche, "evaluation", done=5 * 365 - 60)
    assert told(today) == [("evaluation", "ahead")]
    row.done_on = today - 300 * DAY
    row.save()
    assert told(today) == []


@pytest.mark.parametrize(
    ("months", "found"),
    [(30, []), (26, [("authorisation", "ahead")]), (18, [("authorisation", "ahead")]),
     (10, [("authorisation", "late")]), (-1, [("authorisation", "late")])],
)  # fmt: skip
def test_the_window_to_ask_for_the_renewal_is_told_from_its_opening(creche, today, months, found):
    Authorisation.objects.filter(establishment=creche).update(expires_on=today + months * 30.4 * DAY)
    assert told(today) == found


def test_what_was_never_done_is_listed_when_asked_for(creche, today):
    duty(creche, "water", 20)
    never = told(today, state="never")
    assert ("water", "never") not in never
    assert len(never) == len(Obligation.Kind.values) - 1


def test_only_the_houses_whose_file_one_reads_and_the_territory_asked_for(
    client, creche, next_creche, far_creche, pole_head, sector, next_sector
):
    for house in (creche, next_creche, far_creche):
        duty(house, "water", 10)
    client.force_login(pole_head)
    page = client.get(URL).content.decode()
    assert creche.name in page
    assert next_creche.name in page
    assert far_creche.name not in page
    assert "3 échéances" not in page
    narrowed = b"".join(client.get(URL, {"territory": next_sector.pk, "export": "csv"}).streaming_content).decode()
    assert next_creche.name in narrowed
    assert creche.name not in narrowed


def test_the_queries_do_not_follow_the_houses(client, coordinator, sector, creche, django_assert_max_num_queries):
    client.force_login(coordinator)
    for more in (1, 29):
        for house in (EstablishmentFactory(sector=sector) for _ in range(more)):
            duty(house, "water", 10)
        with django_assert_max_num_queries(12):
            client.get(URL)
