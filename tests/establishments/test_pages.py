"""The pages of the register: what is read on them, what they write, how many queries they cost."""

import datetime
import re

import pytest
from django.urls import reverse

from core.spreadsheets import read_table
from establishments.attention import attention
from establishments.breadcrumbs import establishment_breadcrumb, territory_breadcrumb
from establishments.changes import changes_of
from establishments.models import (
    Authorisation,
    CapacityChange,
    Closure,
    Obligation,
    OpeningProject,
    SharedRole,
    TerritoryBoundary,
)
from tests.establishments.reading import get, html, pdf_text, post_closure
from tests.factories import LONG_AGO, TODAY, DirectorshipFactory, EstablishmentFactory, UserFactory

pytestmark = pytest.mark.usefixtures("today")
DAY = datetime.timedelta(days=1)
LONG = "Établissement d’accueil du jeune enfant Simone-Veil-et-des-Mille-et-Une-Nuits de la rue du Télégraphe "
LONG_NAME = (LONG + "X" * 160)[:160]


def many_houses(sector, count):
    for number in range(count):
        house = EstablishmentFactory(
            name=f"Crèche {number:03}", sector=sector, latitude=48.87, longitude=2.38 + number / 10_000, hours=False
        )
        if number % 3 == 0:
            DirectorshipFactory(establishment=house)
        if number % 5 == 0:
            CapacityChange.objects.create(establishment=house, places=5, reason="vacancy", starts_on=LONG_AGO)


# --- The list


def test_the_list_shows_a_house_its_places_its_sector_and_who_directs_it(client, coordinator, creche, director):
    CapacityChange.objects.create(establishment=creche, places=6, reason="works", starts_on=TODAY)
    creche.phone = "01 43 00 00 00"
    creche.save()
    client.force_login(coordinator)
    text = html(client, "list")
    for shown in ("Crèche Les Lilas", "12 rue des Lilas, 75020 Paris", "grande crèche", "Alice Roux", "dont 6 gelées"):
        assert shown in text
    assert 'href="tel:0143000000"' in text
    assert "Secteur Belleville" in text


def test_the_list_of_a_coordinator_holds_her_pole_and_nothing_beyond(
    client, coordinator, creche, next_creche, far_creche
):
    client.force_login(coordinator)
    text = html(client, "list")
    assert "2 établissements" in text
    assert "Crèche Gambetta" in text
    assert "Crèche Villette" not in text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=eglantier", {"Les Églantiers"}),
        ("?q=ÉGLANTIERS+menilmontant", {"Les Églantiers"}),
        ("?kind=halte_garderie", {"Les Églantiers"}),
        ("?category=micro-creche", {"Les Églantiers"}),
        ("?category=grande-creche", {"Crèche Les Lilas"}),
        ("?places=unknown", {"Sans places"}),
        ("?places=known", {"Les Églantiers", "Crèche Les Lilas", "Fermée"}),
        ("?state=closed", {"Fermée"}),
        ("?state=coming", {"Sans places"}),
        ("?state=open", {"Les Églantiers", "Crèche Les Lilas"}),
        ("?management_mode=association", {"Les Églantiers"}),
        ("?category=grande-creche&kind=halte_garderie", set()),
    ],
)
def test_each_filter_lets_through_what_it_says(client, coordinator, creche, sector, query, names):
    EstablishmentFactory(
        name="Les Églantiers",
        street="3 rue de Ménilmontant",
        kind="halte_garderie",
        management_mode="association",
        places=12,
        sector=sector,
    )
    EstablishmentFactory(name="Sans places", places=False, sector=sector, opened_on=TODAY + DAY)
    EstablishmentFactory(name="Fermée", places=20, sector=sector, closed_on=TODAY)
    client.force_login(coordinator)
    text = html(client, "list", query=query)
    found = {name for name in ("Les Églantiers", "Crèche Les Lilas", "Sans places", "Fermée") if f">{name}<" in text}
    assert found == names


def test_the_territory_filter_follows_the_tree_and_stops_at_the_perimeter(
    client, coordinator, creche, next_creche, far_creche, pole, sector, far_sector
):
    client.force_login(coordinator)
    text = html(client, "list")
    options = re.findall(r'<option value="(\d+)">((?:\s|&nbsp;)*)', text[text.index('name="territory"') :])
    assert [int(pk) for pk, _ in options[:3]][0] == pole.pk
    assert str(far_sector.pk) not in {pk for pk, _ in options[:3]}
    assert options[1][1] != "", "a sector is set in under its pôle"
    assert "1 établissement" in html(client, "list", query=f"?territory={sector.pk}")
    assert "2 établissements" in html(client, "list", query=f"?territory={pole.pk}")
    forged = html(client, "list", query=f"?territory={far_sector.pk}")
    assert "Choix invalide" in forged
    assert "Crèche Villette" not in forged


def test_the_exports_hold_the_rows_of_the_screen(client, coordinator, creche, director):
    client.force_login(coordinator)
    table = read_table(b"".join(get(client, "list", query="?export=csv").streaming_content))
    row = dict(zip(table.headers, table.rows[0].cells, strict=False))
    assert row["Établissement"] == "Crèche Les Lilas"
    assert row["Direction"] == "Alice Roux"
    assert row["Catégorie"] == "grande crèche"
    assert str(row["Places"]) == "40"
    text = pdf_text(get(client, "list", query="?export=pdf&q=lilas"))
    assert "Crèche Les Lilas" in text
    assert "Nom ou adresse = lilas" in text


def test_an_empty_register_says_so(client, coordinator):
    client.force_login(coordinator)
    assert "0 sur 0 établissement" in html(client, "map")
    assert "Aucun établissement" in html(client, "list")
    assert "Aucune ouverture prévue" in html(client, "pipeline")


@pytest.mark.parametrize("rows", [30, 450])
def test_the_list_costs_the_same_at_30_and_at_450(client, coordinator, sector, rows, django_assert_max_num_queries):
    many_houses(sector, rows)
    client.force_login(coordinator)
    with django_assert_max_num_queries(12) as captured:
        html(client, "list", query=f"?territory={sector.pk}&category=grande-creche&q=creche")
    assert len(captured) == 10


# --- The map


def outline(code, west=2.37, south=48.86):
    ring = [[west, south], [west + 0.04, south], [west + 0.04, south + 0.03], [west, south + 0.03], [west, south]]
    return TerritoryBoundary.objects.create(
        code=code, name=f"Contour {code}", geometry={"type": "Polygon", "coordinates": [ring]}
    )


def test_the_map_draws_the_outlines_of_the_perimeter_and_a_point_for_each_house(client, coordinator, creche, director):
    outline("75020")
    outline("69001")
    creche.latitude, creche.longitude = "48.870000", "2.390000"
    creche.save()
    client.force_login(coordinator)
    text = html(client, "map")
    assert "Contour 75020" in text
    assert "Contour 69001" not in text
    assert f'href="{creche.get_absolute_url()}"' in text
    assert "1 sur 1 établissement avec une position" in text
    assert "ne sont pas importés" not in text


def test_without_outlines_the_points_alone_are_shown_and_the_page_says_so(client, coordinator, creche):
    creche.latitude, creche.longitude = "48.870000", "2.390000"
    creche.save()
    client.force_login(coordinator)
    text = html(client, "map")
    assert "seuls les points sont montrés" in text
    assert "direction vacante" in text


def test_an_outline_imported_again_replaces_the_one_drawn_before(client, coordinator, creche):
    client.force_login(coordinator)
    first = outline("75020")
    before = html(client, "map")
    first.delete()
    outline("75020", west=2.0, south=48.0)
    assert html(client, "map") != before


def test_the_map_shares_the_filters_of_the_list_and_prints(client, coordinator, creche, next_creche):
    client.force_login(coordinator)
    text = html(client, "map", query="?q=gambetta")
    assert "Crèche Gambetta" in text
    assert "Crèche Les Lilas" not in text
    printed = pdf_text(get(client, "map", query="?q=gambetta&export=pdf"))
    assert "Crèche Gambetta" in printed
    assert "Nom ou adresse = gambetta" in printed


@pytest.mark.parametrize("rows", [1, 450])
def test_the_map_costs_the_same_whatever_the_number_of_houses(
    client, coordinator, sector, rows, django_assert_max_num_queries
):
    many_houses(sector, rows)
    client.force_login(coordinator)
    with django_assert_max_num_queries(12) as captured:
        html(client, "map")
    assert len(captured) == 9


# --- The record


def test_the_summary_says_what_it_is_who_to_call_and_what_comes(client, coordinator, creche, director, sector):
    Authorisation.objects.filter(establishment=creche).update(expires_on=TODAY + 500 * DAY)
    Obligation.objects.create(establishment=creche, kind="evacuation", done_on=LONG_AGO, expires_on=TODAY + 12 * DAY)
    Obligation.objects.create(establishment=creche, kind="water", done_on=LONG_AGO, expires_on=TODAY + 91 * DAY)
    Closure.objects.create(establishment=creche, cause="yearly", starts_on=TODAY + 60 * DAY, ends_on=TODAY + 75 * DAY)
    client.force_login(coordinator)
    text = html(client, "detail", creche.pk)
    for shown in (
        "Alice Roux",
        "Samira Benali",
        "renouvellement à demander avant le",
        "Exercice d’évacuation",
        "expire dans 12 jours",
        "Fermeture, fermeture annuelle",
        "46 enfants",
        "1 pour 5 et 1 pour 8, sommé",
    ):
        assert shown in text
    assert "Contrôle de l’eau" not in text


def test_a_house_closed_for_good_keeps_its_page_and_expects_nothing(client, coordinator, creche):
    Obligation.objects.create(establishment=creche, kind="water", done_on=LONG_AGO, expires_on=TODAY + DAY)
    creche.closed_on = TODAY
    creche.save()
    client.force_login(coordinator)
    text = html(client, "detail", creche.pk)
    assert "Fermé définitivement depuis le 17 mars 2026" in text
    assert "Contrôle de l’eau" not in text
    assert attention(coordinator, TODAY) == []


def test_recent_decisions_are_for_those_who_read_the_file(client, coordinator, colleague, creche):
    client.force_login(coordinator)
    post_closure(client, creche)
    assert "Fermeture enregistrée" in html(client, "detail", creche.pk)
    client.force_login(colleague)
    assert "Dernières décisions" not in html(client, "detail", creche.pk)


@pytest.mark.parametrize("rows", [1, 30])
def test_each_tab_costs_the_same_whatever_the_past_of_the_house(
    client, coordinator, creche, sector, rows, django_assert_max_num_queries
):
    for n in range(rows):
        day = TODAY + n * DAY
        Closure.objects.create(establishment=creche, cause="works", starts_on=day, ends_on=day)
        CapacityChange.objects.create(establishment=creche, places=1, reason="works", starts_on=day, ends_on=day)
        SharedRole.objects.create(function="rsai", person=UserFactory(), territory=sector, rank=n + 1, starts_on=day)
        DirectorshipFactory(establishment=creche, starts_on=day, ends_on=day)
    client.force_login(coordinator)
    expected = {"detail": 24, "authorisation": 18, "calendar": 16, "obligations": 13, "documents": 12, "history": 25}
    for tab, most in expected.items():
        with django_assert_max_num_queries(most):
            html(client, tab, creche.pk)


def test_the_fiche_prints_what_the_page_shows(client, colleague, creche, director, pole_head):
    client.force_login(colleague)
    text = pdf_text(get(client, "detail_pdf", creche.pk))
    for shown in ("Crèche Les Lilas", "grande crèche", "Alice Roux", "Hélène Marchand", "Lundi", "7 h 30 – 18 h 30"):
        assert shown.lower() in text.lower()
    assert "46 enfants" in text
    past = pdf_text(get(client, "detail_pdf", creche.pk, query="?au=2019-01-01"))
    assert "valable le mardi 1er janvier 2019" in past


def test_a_name_of_160_characters_fits_every_page_and_paper(client, coordinator, creche):
    creche.name = LONG_NAME
    creche.operator = LONG_NAME
    creche.save()
    client.force_login(coordinator)
    for tab in ("detail", "authorisation", "calendar", "obligations", "documents", "history"):
        assert LONG_NAME in html(client, tab, creche.pk)
    printed = pdf_text(get(client, "detail_pdf", creche.pk)).replace(" ", "")
    assert LONG_NAME.replace(" ", "") in printed


# --- History, breadcrumbs, openings, attention


def test_the_history_tells_each_field_before_and_after(client, coordinator, creche):
    authorisation = creche.authorisations.get()
    authorisation.places = 45
    authorisation.save()
    authorisation.save()
    titles = [(change.title, change.text) for change in changes_of(creche)]
    assert ("Autorisation modifiée", "places autorisées\u00a0: 40 → 45") in titles
    assert sum(title == "Autorisation modifiée" for title, _ in titles) == 1
    client.force_login(coordinator)
    post_closure(client, creche)
    text = html(client, "history", creche.pk)
    assert "par Samira Benali" in text
    assert "Fermeture «\u00a0pont\u00a0» créée" in text
    assert "Rattachement créé" in text
    assert "Secteur Belleville" in text


def test_breadcrumbs_link_what_the_user_may_open(creche, coordinator, pole_head, sector, django_assert_num_queries):
    with django_assert_num_queries(1):
        trail = establishment_breadcrumb(creche, coordinator)
    assert [label for label, _ in trail] == [
        "Direction de la petite enfance",
        "CASPE 20",
        "Pôle 20e",
        "Secteur Belleville",
        "Crèche Les Lilas",
    ]
    assert [url is None for _, url in trail] == [True, True, True, False, False]
    assert trail[3][1] == reverse("dashboard:territory", args=[sector.pk])
    assert [url is None for _, url in establishment_breadcrumb(creche, pole_head)] == [True, True, False, False, False]
    assert trail[-1][1] == creche.get_absolute_url()
    with django_assert_num_queries(1):
        assert [label for label, _ in territory_breadcrumb(sector, pole_head)][-1] == "Secteur Belleville"


def test_openings_are_summed_by_quarter_without_a_gap(client, coordinator, sector, far_sector):
    for name, day, places, status, where in (
        ("Rampal", "2026-05-01", 40, "works", sector),
        ("Piat", "2026-06-30", 20, "decided", sector),
        ("Jourdain", "2026-12-01", 30, "study", sector),
        ("Abandonné", "2026-05-01", 99, "dropped", sector),
        ("Ailleurs", "2026-05-01", 77, "works", far_sector),
    ):
        OpeningProject.objects.create(
            name=name, territory=where, places=places, staff_to_recruit=10, opens_on=day, status=status
        )
    client.force_login(coordinator)
    text = html(client, "pipeline")
    twin = re.sub(r"\s+", " ", text[text.index("<tbody>") : text.index("</tbody>")])
    rows = [re.findall(r">([^<]*)</t[hd]>", row) for row in twin.split("<tr>")[1:]]
    assert rows == [["T2 2026", "60", "20", "2"], ["T3 2026", "0", "0", "0"], ["T4 2026", "30", "10", "1"]]
    assert "Ailleurs" not in text
    assert "90 places prévues, 30 agents à recruter." in text


def test_attention_tells_what_is_due_to_those_who_keep_the_house(
    coordinator, colleague, director, administrator, central, creche, next_creche, django_assert_num_queries
):
    Authorisation.objects.filter(establishment=creche).update(expires_on=TODAY + 300 * DAY)
    Obligation.objects.create(establishment=creche, kind="water", done_on=LONG_AGO, expires_on=TODAY - DAY)
    Obligation.objects.create(establishment=creche, kind="air", done_on=LONG_AGO, expires_on=TODAY + 31 * DAY)
    with django_assert_num_queries(3):
        items = attention(coordinator, TODAY)
    assert {item.key.rsplit("-", 1)[0]: item.tone for item in items} == {
        "authorisation": "alert",
        "obligation": "alert",
    }
    assert "expirée depuis 1 jour" in items[1].reason.lower()
    assert [item.title for item in attention(colleague, TODAY)] == ["Direction à renseigner pour 1 établissement"]
    assert {item.key.split("-")[0] for item in attention(administrator, TODAY)} == {"authorisation", "directions"}
    assert attention(director, TODAY) == attention(central, TODAY) == []


def test_an_interim_that_ends_is_told_unless_somebody_comes_after(coordinator, creche):
    DirectorshipFactory(establishment=creche, is_interim=True, ends_on=TODAY + 15 * DAY)
    assert [item.due_on for item in attention(coordinator, TODAY)] == [TODAY + 15 * DAY]
    assert attention(coordinator, TODAY - DAY) == []
    DirectorshipFactory(establishment=creche, starts_on=TODAY + 16 * DAY)
    assert attention(coordinator, TODAY) == []
