"""The lists a coordinator lives in: what is due, what was done, month by month, and the page of one visit."""

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from establishments.models import JournalEntry
from tests.factories import EstablishmentFactory
from tests.visits.factories import ActionFactory, ObservationFactory, VisitFactory, accept_remarks
from visits.models import Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.date


def shown(response):
    return list(response.context["list"]["rows"])


def exported(client, url):
    content = b"".join(client.get(url).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


def test_the_most_late_house_comes_first_with_its_days(client, sector, creche):
    VisitFactory(establishment=creche, visited_on=DAY(2026, 3, 1))
    late = EstablishmentFactory(name="Crèche Piat", sector=sector)
    VisitFactory(establishment=late, visited_on=DAY(2025, 12, 8))
    rows = shown(client.get(reverse("visits:due")))
    assert "Crèche Piat" in rows[0]
    assert "en retard de 37 jours" in rows[0]
    assert "à jour" in rows[1]


def test_a_closed_house_leaves_the_list_the_same_day(client, creche):
    assert len(shown(client.get(reverse("visits:due")))) == 1
    creche.closed_on = DAY(2026, 3, 17)
    creche.save()
    assert shown(client.get(reverse("visits:due"))) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=crèche+piât", {"Crèche Piat"}),
        ("freshness=never", {"Crèche Piat"}),
        ("freshness=up_to_date", {"Crèche Les Lilas"}),
    ],
)
def test_what_is_due_is_filtered(client, sector, creche, query, expected):
    VisitFactory(establishment=creche, visited_on=DAY(2026, 3, 1))
    EstablishmentFactory(name="Crèche Piat", sector=sector)
    rows = exported(client, f"{reverse('visits:due')}?{query}&export=csv")
    assert {row["Établissement"] for row in rows} == expected


def test_visits_are_filtered_by_everything_the_list_shows(client, creche, sector, coordinator, pole_head):
    other = EstablishmentFactory(name="Crèche Piat", sector=sector)
    VisitFactory(establishment=creche, coordinator=coordinator, visited_on=DAY(2026, 1, 5))
    VisitFactory(establishment=creche, coordinator=coordinator, kind="thematic", shared=True)
    VisitFactory(establishment=other, coordinator=pole_head, planned=True)
    url = reverse("visits:list")
    counts = {
        "": 3,
        "q=piat": 1,
        "kind=thematic": 1,
        f"coordinator={pole_head.pk}": 1,
        f"territory={sector.pk}": 3,
        "since=2026-03-01": 2,
        "until=2026-01-31": 1,
        "status=planned": 1,
        "report=draft": 1,
        "report=shared": 1,
        "freshness=never": 1,
    }
    assert {query: len(exported(client, f"{url}?{query}&export=csv")) for query in counts} == counts


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_the_list_is_given_away(client, creche, coordinator, kind):
    VisitFactory(establishment=creche, coordinator=coordinator)
    response = client.get(f"{reverse('visits:list')}?export={kind}&kind=regular")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200
    assert content[:2] in {b"\xef\xbb", b"PK", b"%P"}


def test_the_month_by_month_grid_says_the_same_as_its_table(client, creche):
    VisitFactory(establishment=creche, visited_on=DAY(2026, 3, 2))
    VisitFactory(establishment=creche, visited_on=DAY(2025, 10, 20))
    VisitFactory(establishment=creche, visited_on=DAY(2026, 1, 12), kind="appointment")
    figure = client.get(reverse("visits:calendar")).context["figure"]
    row = dict(zip(figure.headers, figure.rows[0], strict=True))
    assert (row["octobre 2025"], row["mars 2026"], row["janvier 2026"]) == ("1", "1", "autre venue")
    assert row["novembre 2025"] == "sans visite, dans les temps"
    assert row["décembre 2025"] == row["février 2026"] == "en retard en fin de mois"
    assert figure.sentence == "La visite n’est pas en retard."


def test_a_house_that_was_not_open_yet_has_empty_months(client, creche):
    creche.opened_on = DAY(2026, 2, 1)
    creche.save()
    figure = client.get(reverse("visits:calendar")).context["figure"]
    assert figure.rows[0][1:11] == ["—"] * 10


def heads_of(client, name):
    """(main actions, quiet ones, those folded in the menu) at the head of a list."""
    page = client.get(reverse(name)).content.decode()
    head = page.partition('<div class="page-actions">')[2].partition('<div class="page-body">')[0]
    row, _, menu = head.partition('<ul class="menu-panel">')
    return row.count('<a class="btn"'), row.count('<a class="btn quiet"'), menu.count("<li>")


@pytest.mark.parametrize(
    ("who", "main", "quiet", "folded"),
    [("coordinator", 1, 2, 4), ("pole_head", 1, 2, 4), ("assistant", 0, 1, 3), ("central", 0, 0, 0)],
)
def test_the_list_of_visits_has_one_main_action_for_those_who_log_them(
    client, creche, request, who, main, quiet, folded
):
    client.force_login(request.getfixturevalue(who))
    assert heads_of(client, "visits:list") == (main, quiet, folded)


@pytest.mark.parametrize("name", ["visits:due", "visits:bimesters", "visits:practices", "visits:practice_items"])
def test_the_other_lists_of_visits_shout_no_way_on(client, creche, name):
    assert heads_of(client, name)[0] == 0


def test_the_page_of_a_house_tells_both_readings_of_the_rule(client, creche):
    for day in (DAY(2026, 1, 20), DAY(2026, 3, 2)):
        VisitFactory(establishment=creche, visited_on=day)
    page = client.get(reverse("visits:establishment_visits", args=[creche.pk]))
    assert page.context["bimesters"] == "2 bimestres sur 6"
    assert page.context["standing"].due_on == DAY(2026, 5, 2)


def test_the_page_of_a_draft_lists_what_is_missing_and_shares_nothing(client, creche, coordinator):
    visit = VisitFactory(establishment=creche, coordinator=coordinator)
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "Écrivez la synthèse" in page
    assert "Transmettre ce compte rendu" not in page


def test_a_complete_draft_says_who_will_read_it_and_until_when(client, visit):
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "Transmettre ce compte rendu" in page
    assert "Alice Roux" in page
    assert "vendredi 27 mars 2026" in page
    assert "1 observation" in page  # what stays inside the pôle is named before the click


def test_the_director_reads_the_shared_report_without_what_is_inside_the_pole(client, visit, coordinator, director):
    visit.share(by=coordinator)
    client.force_login(director)
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "Une équipe posée." in page
    for inside in ("Un poste vacant depuis un mois.", "Porte du local ouverte", "Point 2"):
        assert inside not in page
    assert "Votre réponse" in page


def test_the_director_answers_and_the_coordinator_validates(client, visit, coordinator, director):
    client.post(reverse("visits:share", args=[visit.pk]))
    client.force_login(director)
    client.post(reverse("visits:answer", args=[visit.pk]), {"remark": "Le plan est affiché."})
    client.force_login(coordinator)
    assert "Le plan est affiché." in client.get(visit.get_absolute_url()).content.decode()
    accept_remarks(visit, coordinator)
    page = client.get(visit.get_absolute_url()).content.decode()
    assert "Valider ce compte rendu" in page
    client.post(reverse("visits:validate", args=[visit.pk]))
    visit.refresh_from_db()
    assert visit.report_status == "validated"


def test_a_visit_is_planned_once_even_when_sent_twice(client, creche, coordinator):
    url = f"{reverse('visits:plan')}?etablissement={creche.pk}"
    form = client.get(url).context["form"]
    data = {
        "establishment": creche.pk,
        "kind": "regular",
        "planned_on": "2026-03-24",
        "is_announced": "on",
        "client_uuid": str(form["client_uuid"].value()),
    }
    client.post(url, data)
    client.post(url, data)
    planned = Visit.objects.get()
    assert (planned.status, planned.planned_on, planned.coordinator) == ("planned", DAY(2026, 3, 24), coordinator)
    assert [entry.verb for entry in JournalEntry.objects.about(planned)] == ["visite planifiée"]


def test_a_house_of_another_sector_is_an_invalid_choice(client, next_creche):
    form = client.get(reverse("visits:plan")).context["form"]
    data = {
        "establishment": next_creche.pk,
        "kind": "regular",
        "planned_on": "2026-03-24",
        "client_uuid": str(form["client_uuid"].value()),
    }
    assert client.post(reverse("visits:plan"), data).status_code == 200
    assert not Visit.objects.exists()


@pytest.mark.parametrize("name", ["list", "due", "calendar", "house", "detail"])
def test_a_page_costs_the_same_queries_with_1_and_30_rows(client, name, creche, sector, coordinator, grid):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, grid=grid)
    url = {
        "house": reverse("visits:establishment_visits", args=[creche.pk]),
        "detail": visit.get_absolute_url(),
    }.get(name) or reverse(f"visits:{name}")
    counts = []
    for more in (0, 29):
        for number in range(more):
            house = EstablishmentFactory(name=f"Crèche {number}", sector=sector)
            VisitFactory(establishment=house, coordinator=coordinator)
            VisitFactory(establishment=creche, coordinator=coordinator)
            ActionFactory(establishment=creche)
        if more:
            for item in grid.items.all():
                ObservationFactory(visit=visit, item=item)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= (25 if name in {"house", "detail"} else 12)
