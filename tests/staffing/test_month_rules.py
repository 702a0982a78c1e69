"""The 40 % of a month and the hours of its weeks: on the page of a house and in the compliance table."""

import datetime
from fractions import Fraction

import pytest
from django.urls import reverse

from staffing.models import Posting
from staffing.month_rules import month_lines, month_rules
from tests.factories import TODAY, EstablishmentFactory
from tests.staffing.factories import expect, worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MARCH = datetime.date(2026, 3, 1)
ASSISTANT = Posting.Job.ASSISTANT


def rules(house, month=MARCH):
    return month_rules([house.pk], month, TODAY)[0]


def test_category_1_is_compared_with_the_need_of_the_ratio_without_the_floor(creche):
    expect(creche, 0, 4)  # half a professional by the ratio, two by the floor
    worker(creche, 7.5, 13)
    worker(creche, job=ASSISTANT)
    found = rules(creche)
    # Half of the opening with one of category 1°, against one required by the ratio.
    assert found.qualification.share == Fraction(1, 2)
    assert found.with_floor.share == Fraction(1, 4)
    assert (found.tone, found.known, found.days) == ("good", True, 22)


def test_a_house_of_category_2_only_is_in_breach(creche):
    expect(creche, 5, 8)
    worker(creche, job=ASSISTANT)
    found = rules(creche)
    assert (found.share, found.tone) == ("0,0\u202f%", "alert")
    assert "non tenue" in found.sentence
    (line, _) = month_lines([creche.pk], TODAY)
    assert (line.required, line.state, line.gap) == ("40\u202f%", "en écart", "−\u202f40,0 points")
    assert line.article == "CSP R. 2324-42, R. 2324-43 I"


def test_the_weeks_that_touch_the_month_are_whole(creche):
    expect(creche, 0, 8)
    worker(creche)
    weeks = rules(creche).weeks
    assert [week.monday for week in weeks][0] == datetime.date(2026, 2, 23)
    assert {week.load.presence_hours for week in weeks} == {8 * 11 * 5}
    assert {week.is_met for week in weeks} == {True}


def test_a_week_beyond_its_hours_is_in_breach_with_its_article(sector):
    house = EstablishmentFactory(sector=sector, places=12)
    expect(house, 0, 13)
    worker(house)
    found = rules(house)
    assert {(week.rate, week.state, week.over) for week in found.weeks} == {("108,3\u202f%", "en écart", 0)}
    (_, line) = month_lines([house.pk], TODAY)
    assert (line.actual, line.state, line.article[:13]) == ("108,3\u202f%", "en écart", "CSP R. 2324-2")


def test_more_than_115_percent_at_once_is_counted_by_half_hours(sector):
    house = EstablishmentFactory(sector=sector, places=12)
    expect(house, 0, 15, weekdays=(2,))
    worker(house)
    assert {week.over for week in rules(house).weeks} == {22}


def test_without_hours_nothing_is_judged(creche):
    expect(creche, 0, 8)
    found = rules(creche)
    assert (found.tone, found.share) == ("neutral", "—")
    assert "ne se calcule pas" in found.sentence


def test_the_page_of_the_month_and_its_export(client, director, creche):
    expect(creche, 5, 8)
    worker(creche)
    client.force_login(director)
    url = reverse("staffing:establishment_month", args=[creche.pk])
    page = client.get(url, {"mois": "2026-02"})
    html = page.content.decode()
    assert page.context["found"].month == datetime.date(2026, 2, 1)
    assert "CSP R. 2324-42" in html
    assert "Février 2026" in html
    csv = b"".join(client.get(url, {"export": "csv"})).decode("utf-8-sig")
    assert "CSP R. 2324-27" in csv
    assert client.get(url, {"mois": "1999-13"}).context["found"].month == MARCH


def test_the_compliance_table_shows_both_with_their_articles(client, coordinator, creche):
    expect(creche, 5, 8)
    worker(creche, job=ASSISTANT)
    client.force_login(coordinator)
    html = client.get(reverse("staffing:compliance")).content.decode()
    assert "Catégorie\u00a01°, mars 2026" in html
    assert "CSP R. 2324-42, R. 2324-43 I" in html
