"""The overview: sums divided once, what is missing and what is not validated said plainly."""

import datetime

import pytest
from django.urls import reverse

from indicators.models import MonthlyActivity
from indicators.overview import read_overview
from tests.factories import EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory
from tests.pdf_reading import extract_text, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def shown(client, user, **query):
    client.force_login(user)
    return plain(client.get("/indicateurs/", query).content.decode())


@pytest.fixture
def two_houses(creche, sector):
    """Golden vector 13: 10,000/16,667 h and 4,000/5,000 h make 64,6 %, not 70 %."""
    other = EstablishmentFactory(name="Crèche Rampal", sector=sector)
    for house, actual, authorised in ((creche, 10_000, 16_667), (other, 4_000, 5_000)):
        ActivityFactory(
            establishment=house,
            validated=True,
            authorised_hours=authorised,
            open_hours=authorised,
            contracted_hours=authorised,
            actual_hours=actual,
        )
    return creche, other


def test_golden_vector_13_hours_are_summed_then_divided(coordinator, two_houses):
    found = read_overview(coordinator, FEBRUARY)
    assert [str(line.attendance) for line in found.houses] == ["60.00", "80.00"]
    assert str(found.total.attendance) == "64.61"
    assert found.sectors[0].activity == found.total.activity


def test_the_coverage_names_what_is_missing_and_counts_what_is_not_validated(coordinator, two_houses, sector):
    EstablishmentFactory(name="Crèche Sans Chiffres", sector=sector)
    ActivityFactory(establishment=EstablishmentFactory(name="Crèche En Saisie", sector=sector))
    ActivityFactory(establishment=EstablishmentFactory(name="Crèche Soumise", sector=sector), submitted=True)
    found = read_overview(coordinator, FEBRUARY)
    assert found.coverage == "3 établissements sur 5, dont 1 non validé"
    assert found.missing == ["Crèche En Saisie", "Crèche Sans Chiffres"]
    assert found.total.activity.actual_hours == 10_000 + 4_000 + 9_630


def test_a_house_closed_all_month_is_counted_apart(coordinator, creche):
    nothing = dict.fromkeys(["authorised_hours", "open_hours", "contracted_hours", "actual_hours", "billed_hours"], 0)
    ActivityFactory(establishment=creche, validated=True, **nothing)
    found = read_overview(coordinator, FEBRUARY)
    assert (found.closed_all_month, found.total.activity.attendance_rate) == (1, None)


def test_houses_not_yet_open_or_already_closed_are_not_expected(coordinator, creche, sector):
    EstablishmentFactory(sector=sector, opened_on=D(2026, 3, 1))
    EstablishmentFactory(sector=sector, closed_on=D(2026, 2, 1))
    EstablishmentFactory(sector=sector, closed_on=D(2026, 2, 2))
    assert read_overview(coordinator, FEBRUARY).expected == 2


def test_the_three_levers_and_their_product_stand_on_one_line(client, coordinator, creche):
    ActivityFactory(establishment=creche, validated=True)
    text = shown(client, coordinator).partition("<tbody>")[2]
    for rate in ("90,0", "90,1", "73,0"):
        assert f">{rate}<" in text
    assert "heures réalisées ÷ heures autorisées" in shown(client, coordinator)


def test_what_is_not_validated_is_hatched_and_said(client, coordinator, creche):
    ActivityFactory(establishment=creche, submitted=True)
    text = shown(client, coordinator)
    assert "soumise, non validée" in text
    assert 'class="tone-watch"' in text
    assert text.count("chart-sparkline") == 1
    assert "&lt;svg" not in text
    assert "non validé</span>" in text
    assert "chart-provisional" in text


@pytest.mark.parametrize("month", ["2026-13", "x", "2030-01", "2026-03", "1999-01"])
def test_a_bad_month_falls_back_on_the_last_complete_one(client, coordinator, creche, month):
    assert "Indicateurs, février 2026" in shown(client, coordinator, mois=month)


def test_another_month_and_a_sector_are_chosen_by_the_address(client, pole_head, creche, next_creche, sector):
    ActivityFactory(establishment=creche, month=D(2025, 12, 1), validated=True)
    text = shown(client, pole_head, mois="2025-12", territoire=sector.pk)
    assert "Indicateurs, décembre 2025, Secteur Belleville" in text
    assert "Crèche Gambetta" not in text


def test_a_territory_out_of_reach_is_left_out(client, coordinator, creche, far_sector):
    assert "Secteur Villette" not in shown(client, coordinator, territoire=far_sector.pk)


def test_the_director_sees_her_house_and_no_other(client, director, creche, next_creche):
    text = shown(client, director)
    assert "Crèche Les Lilas" in text
    assert "Crèche Gambetta" not in text


@pytest.mark.parametrize("sort", ["attendance", "-attendance", "name", "-sector", "state", "nulle"])
def test_the_lines_sort_with_and_without_numbers(client, coordinator, two_houses, sector, sort):
    EstablishmentFactory(name="Crèche Sans Chiffres", sector=sector)
    assert "Crèche Sans Chiffres" in shown(client, coordinator, tri=sort)


def test_the_files_hold_the_houses_their_sums_and_the_hours(client, coordinator, two_houses):
    client.force_login(coordinator)
    response = client.get("/indicateurs/", {"export": "csv"})
    rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 2 + 1 + 1
    assert rows[-1].split(";")[:2] == ["Ensemble", "somme"]
    assert "64,61" in rows[-1]
    assert "14000" in rows[-1].replace("\u202f", "").replace("14 000", "14000")
    paper = words_of(extract_text(client.get("/indicateurs/", {"export": "pdf"}).content))
    assert "Indicateurs, février 2026" in paper
    assert "64,6" in paper


def test_the_page_asks_the_same_queries_for_1_and_30_houses(
    client, coordinator, sector, django_assert_max_num_queries
):
    def add(count):
        for _ in range(count):
            house = EstablishmentFactory(sector=sector)
            for month in (D(2025, 2, 1), FEBRUARY):
                ActivityFactory(establishment=house, month=month, submitted=True)

    add(1)
    client.force_login(coordinator)
    with django_assert_max_num_queries(12) as few:
        client.get("/indicateurs/")
    add(29)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get("/indicateurs/")


def test_the_curve_compares_with_the_same_month_of_the_year_before(client, coordinator, creche):
    ActivityFactory(establishment=creche, validated=True)
    ActivityFactory(establishment=creche, month=D(2025, 2, 1), validated=True, actual_hours=9_240)
    text = shown(client, coordinator)
    assert "La fréquentation est de 73,0 % en février 2026, contre 70,0 % un an plus tôt (+ 3,0 points)." in text


def test_two_sums_agree_on_random_months(coordinator, sector):
    """The sum of the lines, done by the database, equals the total done here."""
    for number in range(1, 9):
        ActivityFactory(
            establishment=EstablishmentFactory(sector=sector),
            validated=True,
            actual_hours=number * 137,
            contracted_hours=number * 211,
        )
    assert read_overview(coordinator, FEBRUARY).total.activity == MonthlyActivity.objects.all().totals()


def test_the_months_of_a_house_are_a_file(client, coordinator, creche):
    ActivityFactory(establishment=creche, validated=True)
    ActivityFactory(establishment=creche, month=datetime.date(2026, 1, 1))
    client.force_login(coordinator)
    address = reverse("indicators:establishment_activity", args=[creche.pk])
    assert 'href="?export=csv"' in client.get(address).content.decode()
    rows = b"".join(client.get(address, {"export": "csv"})).decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Mois;Ouverture (%);× Admission (%)")
    assert rows[1].endswith(";90,00;90,07;90,00;72,95;validée;13200,00;11880,00;10700,00;9630,00;10486,00")
    assert rows[2].endswith(";;;;;en saisie;;;;;")  # a draft counts nowhere
    assert "72,9" not in rows[2]
