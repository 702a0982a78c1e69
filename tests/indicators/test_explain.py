"""Any rate opens down to its rows: formula, days left out, who entered and validated, behind the door."""

import csv
import datetime
import io
import re
from decimal import ROUND_HALF_UP, Decimal
from html import unescape

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from core.french import percent
from core.models import User
from establishments.models import CapacityChange, Closure
from indicators.explaining import DEFINITIONS, explain
from indicators.links import explain_url
from indicators.territory import read_territory
from tests.factories import EstablishmentFactory
from tests.indicators.factories import FEBRUARY, ActivityFactory

pytestmark = pytest.mark.django_db
D = datetime.date
ATTENDANCE = DEFINITIONS["attendance_rate"]


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def shown(client, user, url):
    client.force_login(user)
    return plain(client.get(url).content.decode())


# --- The oracle: thirty lines that know nothing of the product but the rows that it lists.


def listed_rows(client, url):
    lines = b"".join(client.get(f"{url}&export=csv").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(lines), delimiter=";"))


def exact(text):
    return Decimal(text.replace("\u202f", "").replace(",", ".") or 0)


def recomputed(rows):
    counted = [row for row in rows if row["Compté"] == "oui"]
    top = sum(exact(row["Numérateur (h)"]) for row in counted)
    bottom = sum(exact(row["Dénominateur (h)"]) for row in counted)
    if not bottom:
        return "—"
    rate = (top * 100 / bottom).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return str(rate).replace(".", ",")


def displayed_rates(page):
    """(address, "73,0") of each rate that a page links to its rows."""
    for href, value in re.findall(r'<a class="rate" href="([^"]+)" data-panel>([^<]*)<', page):
        yield unescape(href), value.replace("\u202f", "").replace("%", "").strip()


# --- end of the oracle


def test_a_thousand_rates_of_the_demo_city_are_those_of_their_rows(client, settings):
    """Each rate that the overview shows over fourteen months, houses, sectors and total, is opened and recomputed."""
    with time_machine.travel(datetime.datetime(2026, 3, 17, 8, tzinfo=datetime.UTC), tick=False):
        call_command("seed_demo", size="pole", today=D(2026, 3, 17), verbosity=0)
        client.force_login(User.objects.get(email="cheffe.de.pole@demo.example"))
        cells, wrong = 0, []
        for back in range(14):
            year, month = divmod(2026 * 12 + 1 - back, 12)
            page = client.get(reverse("indicators:overview"), {"mois": f"{year}-{month + 1:02d}"}).content.decode()
            for url, value in displayed_rates(page):
                cells += 1
                found = recomputed(listed_rows(client, url))
                wrong += [(url, value, found)] if found != value else []
    print(f"\n{cells} taux affichés, {len(wrong)} écart")  # noqa: T201 - the figure that the issue asks for
    assert cells >= 1_000
    assert wrong == []


@pytest.mark.usefixtures("today")
class TestExplaining:
    def test_a_month_of_a_house_tells_its_formula_its_people_and_its_text(self, client, coordinator, creche):
        row = ActivityFactory(establishment=creche, validated=True)
        text = shown(client, coordinator, explain_url("attendance_rate", FEBRUARY, establishment=creche.pk))
        assert "Taux de fréquentation, Crèche Les Lilas, février 2026" in text
        assert "9 630 h ÷ 13 200 h = 72,95 %" in text
        assert "taux de fréquentation = heures réalisées ÷ heures autorisées" in text
        assert "CSP R. 2324-20" in text
        assert str(row.entered_by) in text
        assert str(row.validated_by) in text

    def test_a_house_closed_since_explains_the_page_of_its_territory_in_the_tree_of_today(
        self, pole_head, pole, sector, creche
    ):
        gone = EstablishmentFactory(sector=sector)
        for house in (creche, gone):
            ActivityFactory(establishment=house, month=D(2025, 10, 1), validated=True)
        gone.closed_on = D(2025, 12, 1)
        gone.save()
        month, today = D(2025, 10, 1), D(2026, 3, 1)
        page = read_territory(pole_head, pole, month, tree=today).total.month
        assert page == explain(pole_head, ATTENDANCE, month, month, tree=today, territory=pole).activity
        assert page.actual_hours == 19_260

    def test_the_days_left_out_say_why_and_which_hours_they_leave(self, coordinator, creche):
        ActivityFactory(establishment=creche, month=D(2026, 5, 1), validated=True)
        for cause, start, end in (("bridge", 15, 15), ("works", 18, 19), ("pedagogical", 2, 3)):
            Closure.objects.create(
                establishment=creche, cause=cause, starts_on=D(2026, 5, start), ends_on=D(2026, 5, end)
            )
        CapacityChange.objects.create(establishment=creche, places=6, reason="vacancy", starts_on=D(2026, 5, 20))
        month = D(2026, 5, 1)
        found = explain(coordinator, ATTENDANCE, month, month, establishment=creche)
        assert [(one.reason, one.how_much) for one in found.excluded] == [
            ("Jours fériés", "4 jours de semaine"),
            ("Pont", "1 jour"),  # the pedagogical days fall on a weekend: nothing is left out
        ]
        opening = explain(coordinator, DEFINITIONS["occupancy_rate"], month, month, establishment=creche)
        assert [one.reason for one in opening.excluded][2:] == ["Travaux", "Places gelées (poste vacant)"]
        assert opening.excluded[2].how_much == "2 jours"
        assert opening.excluded[2].leaves_words == "heures ouvertes"

    def test_a_draft_is_listed_and_not_counted_and_the_missing_are_named(self, coordinator, creche, sector):
        ActivityFactory(establishment=creche, submitted=True)
        ActivityFactory(establishment=EstablishmentFactory(name="Crèche En Saisie", sector=sector), actual_hours=1)
        EstablishmentFactory(name="Crèche Muette", sector=sector)
        found = explain(coordinator, ATTENDANCE, FEBRUARY, FEBRUARY, territory=sector)
        assert [(row.house, row.counted) for row in found.rows] == [
            ("Crèche En Saisie", False),
            ("Crèche Les Lilas", True),
        ]
        assert plain(found.operation) == "9 630 h ÷ 13 200 h = 72,95 %"
        assert found.missing == ("Crèche En Saisie", "Crèche Muette")
        assert found.coverage == "1 établissement sur 3, dont 1 non validé"

    def test_twelve_months_are_summed_then_divided(self, coordinator, creche):
        ActivityFactory(establishment=creche, validated=True, actual_hours=1_320)
        ActivityFactory(establishment=creche, month=D(2025, 3, 1), validated=True, actual_hours=13_200)
        ActivityFactory(establishment=creche, month=D(2025, 2, 1), validated=True, actual_hours=0)
        found = explain(coordinator, ATTENDANCE, D(2025, 3, 1), FEBRUARY, establishment=creche)
        assert (float(found.rate), len(found.rows)) == (0.55, 2)
        assert found.coverage == "2 mois d’établissements sur 12"

    def test_the_tree_of_a_month_says_which_houses_are_added(self, pole_head, creche, sector, next_sector):
        attachment = creche.attachments.get()
        attachment.ends_on = D(2026, 1, 31)
        attachment.save()
        creche.attachments.create(territory=next_sector, starts_on=D(2026, 2, 1))
        ActivityFactory(establishment=creche, month=D(2026, 1, 1), validated=True)
        january = D(2026, 1, 1)
        then = explain(pole_head, ATTENDANCE, january, january, territory=sector)
        now = explain(pole_head, ATTENDANCE, january, january, territory=sector, tree=FEBRUARY)
        assert (len(then.rows), len(now.rows)) == (1, 0)

    def test_the_door_holds(self, client, coordinator, director, creche, next_creche, far_creche, sector):
        client.force_login(coordinator)
        answers = [
            client.get(explain_url("attendance_rate", FEBRUARY, establishment=house.pk)).status_code
            for house in (creche, next_creche, far_creche)
        ]
        assert answers == [200, 403, 404]
        client.force_login(director)
        assert client.get(explain_url("attendance_rate", FEBRUARY, establishment=creche.pk)).status_code == 200
        assert client.get(explain_url("attendance_rate", FEBRUARY, territory=sector.pk)).status_code == 404
        page = client.get(explain_url("attendance_rate", FEBRUARY)).content.decode()
        assert far_creche.name not in page

    @pytest.mark.parametrize(
        "query", ["taux=nul", "mois=2026-13", "mois=2031-01", "depuis=2026-03&mois=2026-01", "etablissement=x"]
    )
    def test_an_address_that_means_nothing_is_not_found(self, client, coordinator, creche, query):
        client.force_login(coordinator)
        assert client.get(f"{reverse('indicators:explain')}?{query}").status_code == 404

    def test_the_page_asks_the_same_queries_for_1_and_30_houses(
        self, client, coordinator, sector, django_assert_max_num_queries
    ):
        def add(count):
            for _ in range(count):
                ActivityFactory(establishment=EstablishmentFactory(sector=sector), submitted=True)

        add(1)
        client.force_login(coordinator)
        url = explain_url("opening_rate", FEBRUARY, territory=sector.pk)
        with django_assert_max_num_queries(15) as few:
            client.get(url)
        add(29)
        with django_assert_max_num_queries(len(few.captured_queries)):
            client.get(url)

    def test_rates_of_the_screens_lead_to_their_rows(self, client, coordinator, creche, sector, next_sector):
        ActivityFactory(establishment=creche, validated=True)
        for url in (reverse("indicators:overview"), reverse("indicators:establishment_activity", args=[creche.pk])):
            links = list(displayed_rates(shown(client, coordinator, url)))
            assert len(links) >= 4
            for link, value in links:
                found = client.get(link).context_data["found"]
                assert plain(percent(found.rate)) == f"{value} %"

    def test_twelve_months_and_billing_rates_open_too(self, client, coordinator, creche, sector):
        for month, actual in ((FEBRUARY, 9_630), (D(2025, 6, 1), 8_001)):
            ActivityFactory(establishment=creche, month=month, validated=True, actual_hours=actual)
        page = shown(client, coordinator, reverse("indicators:territory", args=[sector.pk]) + "?mois=2026-02")
        year = [(link, value) for link, value in displayed_rates(page) if "depuis=2025-03" in link]
        assert len(year) == 2  # the figure of the sector, the line of the house
        for link, value in year:
            assert recomputed(listed_rows(client, link)) == value.removesuffix(" ") == "66,8"
        page = shown(client, coordinator, reverse("indicators:establishment_psu", args=[creche.pk]))
        for link in re.findall(r'href="([^"]+taux=billing_rate[^"]*)"', page):
            assert plain(percent(client.get(unescape(link)).context_data["found"].rate, 2)) == "108,89 %"
        assert page.count("taux=billing_rate") == 2  # the month, the year

    def test_a_page_in_the_tree_of_today_opens_on_the_tree_of_today(self, client, pole_head, pole, sector, creche):
        ActivityFactory(establishment=creche, month=D(2025, 10, 1), validated=True)
        page = shown(
            client, pole_head, reverse("indicators:territory", args=[pole.pk]) + "?mois=2025-10&decoupage=jour"
        )
        assert f'href="{reverse("indicators:territory", args=[sector.pk])}?mois=2025-10&amp;decoupage=jour"' in page
