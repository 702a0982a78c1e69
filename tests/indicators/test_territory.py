"""A territory and what it holds: sums divided once, in the tree of the month or today's; the same on paper."""

import datetime

import pytest
from django.urls import reverse

from core.calendar import add_months
from core.planner import refresh_statistics
from establishments.models import Authorisation, Establishment, SectorAttachment
from indicators.models import HOURS, MonthlyActivity, PublishedFormula
from indicators.territory import read_territory
from tests.factories import EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory
from tests.pdf_reading import extract_text, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
D = datetime.date


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def shown(client, user, territory, **query):
    client.force_login(user)
    return plain(client.get(reverse("indicators:territory", args=[territory.pk]), query).content.decode())


def test_the_children_are_those_below_and_their_sum_is_the_whole(central, direction, creche, next_creche, far_creche):
    for house, hours in ((creche, 9_000), (next_creche, 8_000), (far_creche, 7_000)):
        ActivityFactory(establishment=house, validated=True, actual_hours=hours)
    found = read_territory(central, direction, FEBRUARY)
    assert [line.name for line in found.lines] == ["CASPE 20"]
    assert found.total.month == found.lines[0].month == MonthlyActivity.objects.all().totals()
    below = read_territory(central, found.lines[0].key and direction.children.get(), FEBRUARY)
    assert [(line.name, int(line.month.actual_hours)) for line in below.lines] == [
        ("Pôle 19e", 7_000),
        ("Pôle 20e", 17_000),
    ]


def test_a_sector_lists_its_houses_and_a_house_attached_to_the_pole_is_not_lost(pole_head, pole, sector, creche):
    ActivityFactory(establishment=creche, validated=True)
    ActivityFactory(establishment=EstablishmentFactory(name="Crèche Isolée", sector=pole), validated=True)
    assert [line.name for line in read_territory(pole_head, sector, FEBRUARY).lines] == ["Crèche Les Lilas"]
    lines = read_territory(pole_head, pole, FEBRUARY).lines
    assert [line.name for line in lines] == ["Secteur Belleville", "Rattachés directement"]


def test_the_tree_of_the_month_or_that_of_today(pole_head, creche, sector, next_sector):
    attachment = creche.attachments.get()
    attachment.ends_on = D(2026, 1, 31)
    attachment.save()
    creche.attachments.create(territory=next_sector, starts_on=D(2026, 2, 1))
    january = D(2026, 1, 1)
    ActivityFactory(establishment=creche, month=january, validated=True)
    assert read_territory(pole_head, sector, january).total.reported == 1
    assert read_territory(pole_head, sector, january, tree=FEBRUARY).total.reported == 0
    assert read_territory(pole_head, next_sector, january, tree=FEBRUARY).total.reported == 1


def test_the_same_month_a_year_before_and_twelve_months(coordinator, sector, creche):
    ActivityFactory(establishment=creche, validated=True, actual_hours=9_240)
    ActivityFactory(establishment=creche, month=D(2025, 2, 1), validated=True, actual_hours=6_600)
    ActivityFactory(establishment=creche, month=D(2025, 3, 1), validated=True, actual_hours=3_960)
    line = read_territory(coordinator, sector, FEBRUARY).total
    assert float(line.change) == pytest.approx(0.2)
    assert float(line.year.attendance_rate) == 0.5


def test_the_page_drills_down_by_its_breadcrumb_and_its_lines(client, central, pole, sector, creche):
    ActivityFactory(establishment=creche, submitted=True)
    text = shown(client, central, pole, mois="2026-02")
    assert f'href="{reverse("indicators:territory", args=[sector.pk])}?mois=2026-02"' in text
    assert f'href="{reverse("indicators:territory", args=[pole.parent_id])}?mois=2026-02"' in text
    assert "1 établissement sur 1, dont 1 non validé" in text
    assert "Taux d’admission : 90,1 %, heures contractualisées ÷ heures ouvertes (en heures)." in text


def test_the_published_definition_is_printed_beside_the_number(client, coordinator, sector, creche):
    ActivityFactory(establishment=creche, validated=True)
    PublishedFormula.objects.create(
        territory=sector,
        indicator="admission_rate",
        formula="admission_heads",
        source="Vœu 12",
        starts_on=D(2026, 1, 1),
    )
    PublishedFormula.objects.create(
        territory=sector,
        indicator="attendance_rate",
        formula="attendance_days",
        source="Vœu 12",
        starts_on=D(2026, 1, 1),
    )
    text = shown(client, coordinator, sector, mois="2026-02")
    assert "Taux d’admission : 160,0 %, enfants inscrits ÷ places autorisées (en enfants)" in text
    assert "définition publiée depuis le 1er janvier 2026 (Vœu 12)" in text
    assert "Les journées-enfants ne sont pas saisies." in text


def test_the_paper_holds_the_same_figures(client, coordinator, sector, creche):
    creche.latitude, creche.longitude = "48.87", "2.38"
    creche.save()
    ActivityFactory(establishment=creche, validated=True)
    client.force_login(coordinator)
    response = client.get(reverse("indicators:territory_pdf", args=[sector.pk]), {"mois": "2026-02"})
    paper = words_of(extract_text(response.content))
    assert "Indicateurs, Secteur Belleville, février 2026" in paper
    assert "Carte de la fréquentation" in paper
    assert "73,0" in paper


@pytest.mark.parametrize("level", ["sector", "pole", "direction"])
def test_the_same_queries_for_1_and_30_houses(client, central, request, sector, level, django_assert_max_num_queries):
    def add(count):
        for _ in range(count):
            house = EstablishmentFactory(sector=sector, latitude="48.87", longitude="2.38")
            ActivityFactory(establishment=house, submitted=True)
            ActivityFactory(establishment=house, month=D(2025, 2, 1), validated=True)

    territory = request.getfixturevalue(level)
    add(1)
    shown(client, central, territory)
    with django_assert_max_num_queries(15) as few:
        client.get(reverse("indicators:territory", args=[territory.pk]))
    add(29)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse("indicators:territory", args=[territory.pk]))


def a_city_of_months(sector, houses, months=24, *, first=0):
    """`houses` houses of a sector with their months, written in bulk."""
    rows = [Establishment(code=f"v{n}", name=f"Crèche {n}", search_name=f"creche {n}", opened_on=D(2012, 1, 1),
                          latitude="48.87", longitude="2.38") for n in range(first, first + houses)]  # fmt: skip
    Establishment.objects.bulk_create(rows)
    since = {"starts_on": D(2012, 1, 1)}
    SectorAttachment.objects.bulk_create(SectorAttachment(establishment=h, territory=sector, **since) for h in rows)
    Authorisation.objects.bulk_create(Authorisation(establishment=h, places=40, **since) for h in rows)
    known = ActivityFactory(establishment=rows[0], month=D(2020, 1, 1))
    hours = {name: getattr(known, name) for name in (*HOURS, "children_enrolled", "opening_days")}
    hours |= {"entered_by": known.entered_by}
    MonthlyActivity.objects.bulk_create(
        MonthlyActivity(establishment=h, month=add_months(D(2026, 2, 1), -n), status="submitted", **hours)
        for h in rows
        for n in range(months)
    )
    refresh_statistics()


@pytest.mark.slow
@pytest.mark.parametrize("dashboard", ["indicators:territory", "dashboard:territory"])
def test_the_same_queries_for_a_pole_of_30_and_a_direction_of_450_over_24_months(
    client, central, direction, sector, dashboard, django_assert_max_num_queries
):
    counts = []
    client.force_login(central)
    for first, houses in ((0, 30), (30, 420)):
        a_city_of_months(sector, houses, first=first)
        client.get(reverse(dashboard, args=[direction.pk]))
        with django_assert_max_num_queries(15) as found:
            client.get(reverse(dashboard, args=[direction.pk]))
        counts.append(len(found.captured_queries))
    assert counts[0] == counts[1]
    assert MonthlyActivity.objects.count() == 450 * 24 + 2
