"""Dashboards of territories: sums equal to their parts, columns by right, a past month, exports, nothing foreign."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from core.calendar import add_months
from dashboard.moments import Moment, moment_of
from dashboard.rows import dashboard_of, total
from dashboard.sentences import headline
from establishments.models import Capability, SectorAttachment, TerritoryBoundary
from indicators.rates import NO_ACTIVITY
from tests.dashboard.city import FEBRUARY, ask_leave, busy_sector, month
from tests.factories import LONG_AGO, TODAY, DirectorshipFactory, EstablishmentFactory, TerritoryFactory
from tests.pdf_reading import extract_text
from tests.visits.controls import entered, found, measured
from tests.visits.factories import ActionFactory, VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
EVERYTHING = {Capability.VIEW_AGGREGATES, Capability.VIEW_STAFF, Capability.VIEW_ACTIONS}


def page(client, user, territory, **query):
    client.force_login(user)
    response = client.get(reverse("dashboard:territory", args=[territory.pk]), query)
    assert response.status_code == 200
    return response


def text(response):
    return response.content.decode()


def exported(client, user, territory, kind="csv", **query):
    response = page(client, user, territory, export=kind, **query)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8-sig") if kind == "csv" else content


def lines_of(user, territory, moment=None, held=EVERYTHING):
    return dashboard_of(user, territory, moment or Moment(TODAY), held)


def test_a_sector_has_one_line_per_house_with_its_facts(client, coordinator, creche, sector):
    DirectorshipFactory(establishment=creche, person__first_name="Alice", person__last_name="Roux")
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=datetime.date(2026, 1, 8))
    month(creche, actual=718, by=coordinator)
    ActionFactory(establishment=creche, due_on=TODAY - datetime.timedelta(days=1))
    ActionFactory(establishment=creche)
    ask_leave(creche, coordinator)
    (line,) = lines_of(coordinator, sector).lines
    assert (line.name, line.places, line.category) == ("Crèche Les Lilas", 40, "grande crèche")
    assert line.freshness.label == "en retard de 9 jours"
    assert line.direction.name == "Alice Roux"
    assert (line.attendance, line.hours.validated) == (Decimal("0.718"), 1)
    assert (line.leaves, line.actions, line.late) == (1, 2, 1)
    shown = text(page(client, coordinator, sector))
    for words in (
        "Crèche Les Lilas",
        "grande crèche",
        "40 places",
        "en retard de 9 jours",
        "Alice Roux",
        "71,8\u202f%",
    ):
        assert words in shown


def test_the_late_houses_come_first(coordinator, sector):
    fresh = EstablishmentFactory(name="A jour", sector=sector)
    late = EstablishmentFactory(name="Z en retard", sector=sector)
    VisitFactory(establishment=fresh, visited_on=TODAY - datetime.timedelta(days=3))
    VisitFactory(establishment=late, visited_on=TODAY - datetime.timedelta(days=90))
    assert [line.name for line in lines_of(coordinator, sector).lines] == ["Z en retard", "A jour"]


def test_a_house_without_a_director_says_whom_to_call(client, coordinator, creche, sector):
    shown = text(page(client, coordinator, sector))
    assert "vacante" in shown
    assert "appeler Samira Benali" in shown


@pytest.fixture
def two_sectors(sector, next_sector, coordinator):
    return busy_sector(sector, coordinator, 4) + busy_sector(next_sector, coordinator, 3)


def test_the_sums_of_a_pole_equal_its_sectors_and_their_houses(
    pole_head, coordinator, colleague, pole, sector, next_sector, two_sectors
):
    whole = lines_of(pole_head, pole)
    assert [line.name for line in whole.lines] == ["Secteur Belleville", "Secteur Gambetta"]
    parts = [lines_of(coordinator, sector).total, lines_of(colleague, next_sector).total]
    for line, part in zip(whole.lines, parts, strict=True):
        for name in ("houses", "places", "hours", "statuses", "vacant", "leaves", "actions", "late", "year_before"):
            assert getattr(line, name) == getattr(part, name), name
    assert whole.total.houses == 7
    assert whole.total.hours.activity == sum((part.hours.activity for part in parts), NO_ACTIVITY)
    assert whole.total.late == sum(line.late for line in whole.lines) > 0


def test_the_rate_of_a_pole_is_the_rate_of_its_hours_not_the_mean_of_rates(pole_head, pole, sector, next_sector):
    month(EstablishmentFactory(sector=sector), authorised=9000, opened=9000, contracted=9000, actual=9000)
    month(EstablishmentFactory(sector=next_sector), authorised=1000, opened=1000, contracted=1000, actual=500)
    assert lines_of(pole_head, pole).attendance.value == "95,0\u202f%"


def test_a_house_that_changed_sector_counts_once_in_the_sector_of_the_day(pole_head, pole, sector, next_sector):
    house = EstablishmentFactory(name="Partie")
    moved = datetime.date(2026, 1, 1)
    for place, start, end in ((sector, LONG_AGO, moved - datetime.timedelta(days=1)), (next_sector, moved, None)):
        SectorAttachment.objects.create(establishment=house, territory=place, starts_on=start, ends_on=end)
    month(house, FEBRUARY)
    month(house, add_months(FEBRUARY, -2))
    now = {line.name: line for line in lines_of(pole_head, pole).lines}
    assert (now["Secteur Belleville"].houses, now["Secteur Gambetta"].houses) == (0, 1)
    assert now["Secteur Gambetta"].hours.activity.authorised_hours == 1000
    assert now["Secteur Belleville"].hours.entered == 0
    before = {line.name: line for line in lines_of(pole_head, pole, Moment(TODAY, datetime.date(2025, 12, 1))).lines}
    assert (before["Secteur Belleville"].houses, before["Secteur Gambetta"].houses) == (1, 0)
    assert before["Secteur Belleville"].hours.activity.authorised_hours == 1000


def test_a_house_attached_above_the_sectors_is_not_lost(pole_head, pole, sector, creche):
    EstablishmentFactory(name="Sans secteur", sector=pole)
    lines = lines_of(pole_head, pole).lines
    assert [(line.name, line.houses) for line in lines] == [("Secteur Belleville", 1), ("Rattachés directement", 1)]


def test_drafts_stay_out_of_the_rates(coordinator, creche, sector):
    row = month(creche)
    type(row).objects.filter(pk=row.pk).update(status="draft")
    assert lines_of(coordinator, sector).attendance.rate is None


def test_the_last_month_given_by_half_of_the_houses_is_shown(coordinator, sector):
    houses = [EstablishmentFactory(sector=sector) for _ in range(3)]
    month(houses[0])
    for house in houses[:2]:
        month(house, add_months(FEBRUARY, -1))
    assert lines_of(coordinator, sector).month == datetime.date(2026, 1, 1)
    month(houses[1])
    assert lines_of(coordinator, sector).month == FEBRUARY


def test_closed_houses_are_not_counted(coordinator, creche, sector):
    EstablishmentFactory(sector=sector, closed_on=TODAY - datetime.timedelta(days=1))
    assert lines_of(coordinator, sector).total.houses == 1


def test_central_services_see_neither_leave_nor_actions(client, central, coordinator, sector, creche):
    busy_sector(sector, coordinator, 2)
    shown, file = text(page(client, central, sector)), exported(client, central, sector)
    for words in ("Congés à décider", "Actions"):
        assert words not in shown
        assert words not in file
    assert "Congés à décider" in text(page(client, coordinator, sector))
    assert "Actions en retard" in exported(client, coordinator, sector)


def test_a_past_month_shows_the_visits_of_then_and_no_leave(client, coordinator, creche, sector):
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=datetime.date(2026, 2, 20))
    month(creche, datetime.date(2026, 1, 1), actual=610)
    response = page(client, coordinator, sector, mois="2026-01")
    (line,) = response.context["dashboard"].lines
    assert line.freshness.label == "jamais visitée"
    assert "61,0\u202f%" in text(response)
    assert "31 janvier 2026" in text(response)
    assert "Congés à décider" not in text(response)
    assert "mois=2026-01" in text(response)


@pytest.mark.parametrize("value", ["2026-13", "0000-01", "abc", "2026-1", "9999-12", "1999-12", "2026-04", "٢٠٢٦-٠١"])
def test_an_unreadable_month_or_one_to_come_is_said_and_today_is_shown(client, coordinator, creche, sector, value):
    response = page(client, coordinator, sector, mois=value)
    assert response.context["moment"].is_today
    assert "aujourd’hui" in response.context["moment"].error


def test_the_month_under_way_stops_today():
    assert moment_of({"mois": "2026-03"}, TODAY).day == TODAY
    assert moment_of({"mois": "2026-02"}, TODAY).day == datetime.date(2026, 2, 28)


def test_the_exports_hold_the_lines_with_numbers(client, coordinator, creche, sector):
    month(creche, actual=718)
    content = exported(client, coordinator, sector)
    assert "Crèche Les Lilas;grande crèche;40" in content
    assert ";71,8;" in content
    assert exported(client, coordinator, sector, "xlsx")[:2] == b"PK"


def test_the_paper_holds_the_columns_that_fit_with_the_date_and_the_month(client, coordinator, creche, sector):
    DirectorshipFactory(establishment=creche, person__first_name="Alice", person__last_name="Roux")
    month(creche, actual=718)
    text_of_paper = " ".join(extract_text(exported(client, coordinator, sector, "pdf")).split())
    for words in ("Secteur Belleville, 17 mars 2026, taux de février 2026", "Crèche Les Lilas", "Alice Roux", "71,8"):
        assert words in text_of_paper
    assert "Assiduité" not in text_of_paper


def test_the_lines_sort_by_the_address(client, coordinator, sector):
    for name, actual in (("Basse", 500), ("Haute", 790)):
        month(EstablishmentFactory(name=name, sector=sector), actual=actual)
    shown = text(page(client, coordinator, sector, tri="-attendance"))
    assert shown.index("Haute") < shown.index("Basse")


def test_an_empty_territory_says_so(client, pole_head, pole):
    empty = TerritoryFactory(name="Secteur vide", parent=pole)
    shown = text(page(client, pole_head, empty))
    assert "Aucun établissement à montrer" in shown
    assert "0 établissement" in shown


def test_the_way_up_is_linked_only_where_she_may_go(client, coordinator, pole_head, sector, pole, creche):
    link = f'href="{reverse("dashboard:territory", args=[pole.pk])}"'
    assert link not in text(page(client, coordinator, sector))
    assert link in text(page(client, pole_head, sector))


def test_the_page_draws_its_map_and_its_months_with_their_tables(client, pole_head, pole, sector, creche):
    creche.latitude, creche.longitude = Decimal("48.87"), Decimal("2.39")
    creche.save()
    shown = text(page(client, pole_head, pole))
    assert "Visites par territoire et par mois" in shown
    assert "Carte des visites" in shown
    assert shown.count("Voir le tableau") == 2


@pytest.mark.parametrize("level", ["sector", "pole", "caspe", "direction"])
def test_the_dashboard_takes_the_same_queries_for_2_and_30_houses(
    client, request, level, central, coordinator, sector, django_assert_max_num_queries
):
    territory = request.getfixturevalue(level)
    user = coordinator if level == "sector" else central
    client.force_login(user)
    counts = []
    for houses in (2, 28):
        busy_sector(sector, coordinator, houses)
        with django_assert_max_num_queries(15) as captured:
            client.get(reverse("dashboard:territory", args=[territory.pk]))
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["coordinator", "colleague", "neighbour", "former", "nobody", "superuser"])
def test_no_page_says_a_name_of_another_perimeter(client, request, who, sector, next_sector, far_sector, today):
    """A word per house, visit, action, employee: only those of her own houses come out, and the pôle's in summary."""
    user = request.getfixturevalue(who)
    others = {"coordinator": "next far", "colleague": "own far", "neighbour": "own next"}.get(who, "own next far")
    for name, place in (("own", sector), ("next", next_sector), ("far", far_sector)):
        house = EstablishmentFactory(name=f"Canari{name}maison", sector=place)
        VisitFactory(establishment=house, visited_on=TODAY - datetime.timedelta(days=90))
        ActionFactory(establishment=house, title=f"Canari{name}action", due_on=TODAY, owner=user)
        leave = ask_leave(house, user)
        leave.employee.last_name = f"Canari{name}agent"
        leave.employee.save()
        month(house, actual=601)
    client.force_login(user)
    urls = [reverse("dashboard:home"), reverse("dashboard:attention_all"), f"{reverse('dashboard:search')}?q=canari"]
    urls += [reverse("dashboard:territory", args=[place.pk]) for place in (sector, next_sector, far_sector)]
    shown = {url: client.get(url).content.decode() for url in urls}
    summary = {"coordinator": {"next"}, "colleague": {"own"}}.get(who, set())
    for url, content in shown.items():
        for name in others.split():
            assert f"Canari{name}action" not in content, url
            assert f"Canari{name}agent" not in content, url
            if name not in summary or "recherche" not in url:
                assert f"Canari{name}maison" not in content, url


def test_the_total_of_nothing_is_nothing():
    nothing = total([])
    assert (nothing.houses, nothing.attendance, nothing.late) == (0, None, 0)


def test_the_map_of_a_pole_draws_the_outlines_of_its_sectors(client, creche, sector, pole, pole_head):
    creche.latitude, creche.longitude = "48.87", "2.39"
    creche.save()
    square = {"type": "Polygon", "coordinates": [[[2.38, 48.86], [2.40, 48.86], [2.40, 48.88], [2.38, 48.86]]]}
    TerritoryBoundary.objects.create(code=sector.code, name="Contour du secteur", geometry=square)
    client.force_login(pole_head)
    assert "Contour du secteur" in client.get(reverse("dashboard:territory", args=[pole.pk])).content.decode()


@pytest.mark.parametrize(
    ("places", "unknown", "said"),
    [
        (862, 0, "15 établissements, 862 places"),
        (800, 1, "15 établissements, 800 places (1 établissement sans capacité connue)"),
        (0, 15, "15 établissements, nombre de places inconnu"),
    ],
)
def test_places_that_nobody_gave_are_unknown_rather_than_zero(places, unknown, said):
    total = SimpleNamespace(houses=15, places=places, unknown_places=unknown)
    assert spaced(headline(SimpleNamespace(total=total))) == said


def spaced(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_late_injunctions_are_named_first_to_those_who_read_inspections(client, pole_head, pole, creche, coordinator):
    late = found(entered(creche, coordinator), coordinator)
    shown = text(page(client, pole_head, pole))
    assert "1 injonction en retard" in shown
    assert "délai passé de 7 jours" in shown
    measured(late, coordinator).verify(by=pole_head, evidence="Vu.")
    assert "injonction en retard" not in text(page(client, pole_head, pole))


def test_the_days_to_close_a_measure_are_a_median_with_its_table(
    client, pole_head, pole, creche, next_creche, director
):
    for house, days in ((creche, 10), (creche, 20), (creche, 60), (next_creche, 4)):
        closed = datetime.datetime(2026, 3, 1, 9, tzinfo=datetime.UTC)
        ActionFactory(
            establishment=house, kind="corrective", status="verified", evidence="Vu.", declared_by=director,
            declared_at=closed, closed_by=pole_head, closed_at=closed,
            created_at=closed - datetime.timedelta(days=days),
        )  # fmt: skip
    shown = text(page(client, pole_head, pole))
    assert "Jours pour clore une mesure corrective" in shown
    for said in ("20 jours", "4 jours", "60 jours", "15 jours", "4 mesures vérifiées"):
        assert said in shown.replace("\u00a0", " ")
