"""The pages of the tours: asked for, read, rearranged without a script, accepted, printed."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from establishments.models import Mandate, Role
from tests.pdf_reading import extract_text, words_of
from tests.visits.tour_factories import MONDAY, asked_by, houses_of
from visits.models import BusyPeriod, TourPlan, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
KEY = "7f0d2c1e-9d1b-4f0e-8a35-0a1d0c1f2b3a"


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def plan(coordinator, sector, django_capture_on_commit_callbacks):
    houses_of(sector)
    with django_capture_on_commit_callbacks(execute=True):
        made = asked_by(coordinator)
    return TourPlan.objects.get(pk=made.pk)


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_a_tour_is_asked_for_and_read(client, sector, django_capture_on_commit_callbacks):
    houses_of(sector)
    data = {"starts_on": "2026-03-23", "territory": sector.pk, "base": "", "visits_a_day": "2", "client_uuid": KEY}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("visits:tours"), data)
    plan = TourPlan.objects.get()
    assert response["Location"] == plan.get_absolute_url()
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Maison 1" in page
    assert "Due le 10 avril" in page
    assert "Toutes les visites sont à l’heure" in page
    assert str(plan) in client.get(reverse("visits:tours")).content.decode()


def test_the_form_comes_filled_with_next_monday(client):
    form = client.get(reverse("visits:tours")).context["form"]
    assert form["starts_on"].value() == MONDAY


@pytest.mark.parametrize(
    "change", [{"starts_on": "2026-03-16"}, {"starts_on": "2026-08-01"}, {"visits_a_day": "9"}, {"client_uuid": "x"}]
)
def test_a_tour_that_makes_no_sense_is_refused(client, change):
    data = {"starts_on": "2026-03-23", "visits_a_day": "2", "client_uuid": KEY, **change}
    response = client.post(reverse("visits:tours"), data)
    assert response.context["form"].errors
    assert not TourPlan.objects.exists()


def test_a_sector_of_somebody_else_is_an_invalid_choice(client, far_sector):
    data = {"starts_on": "2026-03-23", "visits_a_day": "2", "client_uuid": KEY, "territory": far_sector.pk}
    assert "territory" in client.post(reverse("visits:tours"), data).context["form"].errors


def test_while_it_is_computed_the_page_shows_where_it_stands(client, coordinator, sector):
    houses_of(sector)
    plan = asked_by(coordinator)  # nothing runs before the commit
    page = client.get(plan.get_absolute_url()).content.decode()
    assert "Le calcul attend son tour" in page
    assert "Arrêter le calcul" in page
    assert client.get(reverse("visits:tour_pdf", args=[plan.pk])).status_code == 404


def test_a_visit_is_moved_by_its_form_without_any_script(client, plan):
    stop = plan.stops.first()
    data = {"day": "2026-04-08", "half_day": "afternoon"}
    page = client.post(reverse("visits:tour_move", args=[stop.pk]), data, follow=True)
    assert "elle reste à sa place désormais" in messages_of(page)[0]
    assert str(plan.stops.get(client_uuid=stop.client_uuid).day) == "2026-04-08"
    refused = client.post(
        reverse("visits:tour_move", args=[plan.stops.last().pk]),
        {"day": "2026-04-06", "half_day": "morning"},
        follow=True,
    )
    assert "férié" in messages_of(refused)[0]


@pytest.mark.parametrize(
    "data", [{}, {"day": "demain", "half_day": "morning"}, {"day": "2026-04-08", "half_day": "soir"}]
)
def test_a_forged_move_changes_nothing(client, plan, data):
    stop = plan.stops.first()
    client.post(reverse("visits:tour_move", args=[stop.pk]), data)
    kept = plan.stops.get(pk=stop.pk)
    assert (kept.day, kept.half_day) == (stop.day, stop.half_day)


def test_a_visit_is_held_then_let_go(client, plan):
    stop = plan.stops.first()
    client.post(reverse("visits:tour_hold", args=[stop.pk]), {"garder": "1"})
    held = plan.stops.get(client_uuid=stop.client_uuid)
    assert held.is_locked
    client.post(reverse("visits:tour_hold", args=[held.pk]), {"liberer": "1"})
    assert not plan.stops.get(client_uuid=stop.client_uuid).is_locked


def test_an_urgent_visit_says_what_it_moves(client, plan, sector):
    house = plan.stops.first().establishment
    data = {"establishment": house.pk, "kind": "unannounced", "due_on": "2026-03-24"}
    page = client.post(reverse("visits:tour_urgent", args=[plan.pk]), data, follow=True)
    assert "Visite urgente placée le" in messages_of(page)[0]


def test_an_urgent_visit_out_of_the_weeks_is_refused(client, plan):
    house = plan.stops.first().establishment
    data = {"establishment": house.pk, "kind": "unannounced", "due_on": "2026-12-24"}
    page = client.post(reverse("visits:tour_urgent", args=[plan.pk]), data, follow=True)
    assert "pendant la tournée" in messages_of(page)[0]


def test_accepting_twice_gives_the_same_visits_and_a_kind_message(client, plan):
    url = reverse("visits:tour_accept", args=[plan.pk])
    first = client.post(url, follow=True)
    assert messages_of(first) == ["Tournée acceptée : 4 visites planifiées."]
    made = set(Visit.objects.planned().values_list("pk", "planned_on"))
    second = client.post(url, HTTP_REFERER=plan.get_absolute_url(), follow=True)
    assert "acceptée." in second.content.decode()
    assert set(Visit.objects.planned().values_list("pk", "planned_on")) == made


def test_a_tour_is_dropped_and_nothing_is_planned(client, plan):
    page = client.post(reverse("visits:tour_drop", args=[plan.pk]), follow=True)
    assert "rien n’a été planifié" in messages_of(page)[0]
    assert not Visit.objects.planned().exists()


def test_an_accepted_tour_is_taken_again_once(client, plan, coordinator):
    plan.accept(by=coordinator)
    url = reverse("visits:tour_revise", args=[plan.pk])
    first, second = (client.post(url, {"client_uuid": KEY})["Location"] for _ in range(2))
    assert first == second != plan.get_absolute_url()
    assert client.post(url, {"client_uuid": "faux"}).status_code == 404


def test_the_paper_says_project_until_it_is_accepted_and_gives_every_visit(client, plan, coordinator):
    url = reverse("visits:tour_pdf", args=[plan.pk])
    text = words_of(extract_text(client.get(url).content))
    assert all(stop.establishment.name in text for stop in plan.stops.all())
    assert all(words_of(reason) in text for stop in plan.stops.all() for reason in stop.reason_list)
    assert "PROJET" in text
    plan.accept(by=coordinator)
    assert "PROJET" not in extract_text(client.get(url).content)


def test_her_meetings_are_noted_once_and_taken_away(client, coordinator):
    data = {"starts_on": "2026-03-24", "ends_on": "2026-03-24", "half_day": "morning", "client_uuid": KEY}
    for _ in range(2):
        assert client.post(reverse("visits:busy"), data).status_code == 302
    busy = BusyPeriod.objects.get()
    assert busy.person == coordinator
    page = client.get(reverse("visits:busy")).content.decode()
    assert "24/03/2026" in page
    client.post(reverse("visits:busy_delete", args=[busy.pk]))
    assert not BusyPeriod.objects.exists()


def test_days_in_the_wrong_order_are_refused(client):
    data = {"starts_on": "2026-03-24", "ends_on": "2026-03-20", "half_day": "", "client_uuid": KEY}
    assert client.post(reverse("visits:busy"), data).context["form"].errors
    assert not BusyPeriod.objects.exists()


def test_when_her_mandate_ends_her_tours_are_no_longer_there(client, plan, coordinator):
    Mandate.objects.filter(user=coordinator).update(ends_on=datetime.date(2026, 3, 16))
    assert client.get(plan.get_absolute_url()).status_code == 404


def test_two_coordinators_of_a_sector_do_not_read_each_other(client, plan, colleague, sector):
    Mandate.objects.create(
        user=colleague, role=Role.COORDINATOR, territory=sector, starts_on=datetime.date(2026, 1, 1)
    )
    client.force_login(colleague)
    assert client.get(plan.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["visits:tours", "visits:busy"])
def test_a_list_costs_the_same_queries_with_1_and_30_rows(client, coordinator, sector, name):
    counts = []
    for more in (1, 29):
        for n in range(more):
            day = MONDAY + datetime.timedelta(days=n)
            BusyPeriod.objects.create(person=coordinator, starts_on=day, ends_on=day)
            TourPlan.objects.create(owner=coordinator, territory=sector, starts_on=day)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_tour_costs_the_same_queries_with_1_and_30_visits(
    client, coordinator, sector, django_capture_on_commit_callbacks
):
    counts = []
    for more in (1, 29):
        houses_of(sector, more)
        with django_capture_on_commit_callbacks(execute=True):
            plan = asked_by(coordinator)
        with CaptureQueriesContext(connection) as queries:
            client.get(plan.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25
