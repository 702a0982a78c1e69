"""Completeness: each gap is named once, with the person who is to fill it."""

import datetime

import pytest
from django.urls import reverse

from indicators.completeness import gaps, summary
from tests.factories import EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date
TODAY = D(2026, 3, 17)


def told(user, count=1, **given):
    return [(gap.house, gap.lacking, gap.owner) for gap in gaps(user, FEBRUARY, TODAY, count=count, **given)]


def test_each_state_has_its_owner(coordinator, pole_head, director, creche, sector):
    assert told(coordinator) == [("Crèche Les Lilas", "à saisir", "Alice Roux")]
    row = ActivityFactory(establishment=creche)
    assert told(coordinator) == [("Crèche Les Lilas", "en saisie, à soumettre", "Alice Roux")]
    row.submit(by=director)
    assert told(coordinator) == [("Crèche Les Lilas", "à valider", "Samira Benali")]
    row.validate_activity(by=coordinator)
    assert told(coordinator) == []


def test_a_month_validated_long_ago_is_to_be_closed_by_the_pole(coordinator, pole_head, creche):
    ActivityFactory(establishment=creche, month=D(2025, 11, 1), validated=True)
    closing = [gap for gap in gaps(coordinator, FEBRUARY, TODAY) if gap.lacking == "à clore"]
    assert [(gap.month, gap.owner) for gap in closing] == [(D(2025, 11, 1), "Hélène Marchand")]


def test_nobody_designated_is_said(pole_head, creche):
    assert told(pole_head) == [("Crèche Les Lilas", "à saisir", "personne n’est désigné")]


def test_an_unknown_capacity_is_a_gap_of_the_register_told_once(coordinator, sector):
    EstablishmentFactory(name="Crèche Sans Arrêté", sector=sector, places=False)
    assert told(coordinator, count=12) == [("Crèche Sans Arrêté", "capacité inconnue", "Samira Benali")]


def test_months_before_the_opening_are_not_expected(coordinator, sector):
    EstablishmentFactory(name="Crèche Neuve", sector=sector, opened_on=D(2026, 1, 20))
    assert [gap.month for gap in gaps(coordinator, FEBRUARY, TODAY)] == [D(2026, 1, 1), FEBRUARY]


def test_a_house_closed_since_still_owes_its_last_months(coordinator, sector):
    EstablishmentFactory(name="Crèche Close", sector=sector, opened_on=D(2025, 11, 3), closed_on=D(2026, 1, 10))
    months = [gap.month for gap in gaps(coordinator, FEBRUARY, TODAY)]
    assert months == [D(2025, 11, 1), D(2025, 12, 1), D(2026, 1, 1)]


def test_lateness_counts_from_the_tenth(coordinator, creche):
    (gap,) = gaps(coordinator, FEBRUARY, TODAY, count=1)
    assert gap.lateness == 7
    (gap,) = gaps(coordinator, FEBRUARY, D(2026, 3, 10), count=1)
    assert gap.lateness is None


def test_the_perimeter_is_that_of_the_user(colleague, director, creche, next_creche):
    assert [house for house, *_ in told(colleague)] == ["Crèche Gambetta"]
    assert [house for house, *_ in told(director)] == ["Crèche Les Lilas"]


def test_the_summary_counts_by_kind(coordinator, creche, sector):
    ActivityFactory(establishment=EstablishmentFactory(sector=sector), submitted=True)
    assert summary(gaps(coordinator, FEBRUARY, TODAY, count=1)) == "1 mois à saisir et 1 mois à valider."
    assert summary([]) == "Rien ne manque\u00a0: chaque mois est validé."


def test_the_page_and_its_file_ask_the_same_queries_for_1_and_30_houses(
    client, coordinator, sector, django_assert_max_num_queries
):
    EstablishmentFactory(sector=sector)
    client.force_login(coordinator)
    url = reverse("indicators:completeness")
    with django_assert_max_num_queries(12) as few:
        client.get(url)
    for _ in range(29):
        EstablishmentFactory(sector=sector)
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "30 manques" not in client.get(url).content.decode()
    rows = b"".join(client.get(url, {"export": "csv"}).streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 30 * 12


def test_a_doubt_of_the_form_comes_from_the_habits_of_the_house(client, coordinator, creche):
    for back in range(1, 11):
        ActivityFactory(establishment=creche, month=D(2025, back + 1, 1), validated=True, actual_hours=9_600 + back)
    client.force_login(coordinator)
    sent = {
        "authorised_hours": "13200",
        "open_hours": "11880",
        "opening_days": "20",
        "contracted_hours": "10700",
        "actual_hours": "963",
        "billed_hours": "1020",
        "children_enrolled": "64",
        "version": "0",
    }
    url = f"{reverse('indicators:activity_edit', args=[creche.pk])}?mois=2026-02"
    page = client.post(url, sent, follow=True).content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    assert "Heures réalisées : 963 h, on attendait de" in page
