"""« À traiter »: ranked, at most seven, with the reason of each; an empty list means that nothing is due."""

import datetime
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.attention import AttentionItem, ranked
from core.models import Notification
from dashboard.attention import ROOMS, heading
from establishments.models import Closure, record
from tests.dashboard.access import WHO
from tests.dashboard.city import busy_sector, month
from tests.factories import TODAY, DirectorshipFactory, EstablishmentFactory
from tests.visits.factories import ActionFactory, VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NOW = datetime.datetime(2026, 3, 17, 8, 0, tzinfo=datetime.UTC)


def home(client, user, url="dashboard:home"):
    client.force_login(user)
    response = client.get(reverse(url))
    assert response.status_code == 200
    return response


def text(response):
    return response.content.decode()


def offer(monkeypatch, count):
    """`count` things to do, the last of the most pressing weight."""
    items = [
        AttentionItem(f"chose-{n}", n, f"Chose {n}", f"raison {n}", f"/visites/{n}/", "Ouvrir") for n in range(count)
    ]
    monkeypatch.setattr("dashboard.views.things_to_do", lambda user, today: ranked(items))


@pytest.mark.parametrize("who", WHO)
def test_everyone_has_a_home_without_a_gap(client, request, who, creche, next_creche, far_creche):
    shown = text(home(client, request.getfixturevalue(who)))
    assert "None" not in shown
    assert "mardi 17 mars 2026" in shown
    assert "à traiter" in shown


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "Rien à traiter"),
        (1, "Une chose à traiter"),
        (2, "Deux choses à traiter"),
        (5, "Cinq choses à traiter"),
        (16, "Seize choses à traiter"),
        (24, "24 choses à traiter"),
    ],
)
def test_the_heading_agrees_with_the_number_of_things(count, words):
    assert heading(count) == words


def test_seven_things_at_most_then_a_link_to_the_rest(client, coordinator, creche, monkeypatch):
    offer(monkeypatch, 9)
    response = home(client, coordinator)
    shown = text(response)
    assert [item.title for item in response.context["items"]] == [f"Chose {n}" for n in range(8, 1, -1)]
    assert "Neuf choses à traiter" in shown
    assert "Voir aussi 2 autres choses à traiter" in shown
    assert "raison 8" in shown
    assert "Chose 1<" not in shown
    everything = text(home(client, coordinator, "dashboard:attention_all"))
    assert all(f"Chose {n}" in everything for n in range(9))


def test_with_seven_things_there_is_no_link_to_the_rest(client, coordinator, creche, monkeypatch):
    offer(monkeypatch, 7)
    assert reverse("dashboard:attention_all") not in text(home(client, coordinator))


@pytest.mark.parametrize("who", WHO)
def test_an_empty_list_means_that_no_room_offers_anything(client, request, who, creche, next_creche, far_creche):
    user = request.getfixturevalue(who)
    VisitFactory(establishment=creche, visited_on=TODAY - datetime.timedelta(days=100))
    ActionFactory(establishment=creche, due_on=TODAY - datetime.timedelta(days=3), owner=user)
    offered = {item.key for room in ROOMS for item in room.attention(user, TODAY)}
    shown = {item.key for item in home(client, user, "dashboard:attention_all").context["items"]}
    assert shown == offered
    assert ("Rien à traiter" in text(home(client, user))) == (not offered)


def test_who_has_no_mandate_is_told_kindly_what_to_do(client, nobody, superuser, creche):
    for user in (nobody, superuser):
        shown = text(home(client, user))
        assert "Rien à traiter" in shown
        assert "Aucun territoire ni aucun établissement ne vous est confié" in shown
        assert "Les Lilas" not in shown


def test_the_week_tells_planned_visits_closures_and_actions_due(client, coordinator, creche, sector):
    VisitFactory(establishment=creche, coordinator=coordinator, planned=True, planned_on=datetime.date(2026, 3, 19))
    rampal = EstablishmentFactory(name="Multi-accueil Rampal", sector=sector)
    Closure.objects.create(
        establishment=rampal, cause="works", starts_on=datetime.date(2026, 3, 1), ends_on=datetime.date(2026, 3, 18)
    )
    ActionFactory(establishment=creche, due_on=datetime.date(2026, 3, 20))
    week = {day.label: day.entries for day in home(client, coordinator).context["week"]}
    assert list(week) == ["mar. 17", "mer. 18", "jeu. 19", "ven. 20"]
    assert week["mar. 17"] == (("Multi-accueil Rampal", "1 fermeture · travaux", ""),)
    assert week["jeu. 19"][0][:2] == ("Crèche Les Lilas", "visite régulière")
    assert week["ven. 20"] == (("1 action à échéance", "", ""),)


def test_a_director_does_not_learn_of_an_unannounced_visit(client, director, coordinator, creche):
    visit = VisitFactory(
        establishment=creche,
        coordinator=coordinator,
        planned=True,
        kind="unannounced",
        is_announced=False,
        planned_on=datetime.date(2026, 3, 18),
    )
    shown = text(home(client, director))
    assert visit.get_absolute_url() not in shown
    assert "inopinée" not in shown


def test_the_attendance_is_the_one_of_her_own_sector_with_its_lever(client, coordinator, creche, next_creche):
    month(creche, authorised=1000, opened=950, contracted=800, actual=700)
    month(next_creche, authorised=1000, opened=1000, contracted=1000, actual=1000)
    attendance = home(client, coordinator).context["attendance"]
    assert attendance.value == "70,0\u202f%"
    assert attendance.coverage == "1 établissement sur 1, dont 0 validé"
    assert [lever["label"] for lever in attendance.levers if lever["weak"]] == ["Admission"]
    assert attendance.lever_sentence == "Le levier du mois est l’admission\u00a0: 150 heures ouvertes sans contrat."


def test_central_services_read_the_reports_transmitted_to_them(client, central, coordinator, creche):
    shared = VisitFactory(establishment=creche, coordinator=coordinator, shared=True)
    draft = VisitFactory(establishment=creche, coordinator=coordinator)
    shown = text(home(client, central))
    assert shared.get_absolute_url() in shown
    assert draft.get_absolute_url() not in shown


def test_what_others_did_since_the_last_time_is_told_and_what_she_did_is_not(client, coordinator, pole_head, creche):
    action = ActionFactory(establishment=creche, title="Refaire le plan d’évacuation")
    record("action vérifiée", action, by=pole_head, establishment=creche)
    record("action lancée", action, by=coordinator, establishment=creche)
    Notification.objects.create(user=coordinator, event="essai", title="Congé accordé", created_at=NOW)
    titles = [news.title for news in home(client, coordinator).context["news"]]
    assert sorted(titles) == ["Action vérifiée par Hélène Marchand", "Congé accordé"]


def test_marked_as_seen_is_written_by_the_button_only_and_up_to_the_page_shown(client, coordinator, pole_head, creche):
    action = ActionFactory(establishment=creche)
    record("action vérifiée", action, by=pole_head, establishment=creche)
    home(client, coordinator)
    coordinator.refresh_from_db()
    assert coordinator.home_seen_at is None
    response = client.post(reverse("dashboard:seen"), {"jusqua": NOW.isoformat()})
    assert response.headers["Location"] == reverse("dashboard:home")
    coordinator.refresh_from_db()
    assert coordinator.home_seen_at == NOW
    assert home(client, coordinator).context["news"] == []


@pytest.mark.parametrize(
    "value", ["", "hier", "2026-03-17", "9999-99-99T00:00:00+00:00", "\x00", "2026-03-17T08:00:00"]
)
def test_an_unreadable_instant_marks_nothing(client, coordinator, value):
    client.force_login(coordinator)
    assert client.post(reverse("dashboard:seen"), {"jusqua": value}).status_code == 302
    coordinator.refresh_from_db()
    assert coordinator.home_seen_at is None


def test_the_future_cannot_be_marked_as_seen(client, coordinator):
    client.force_login(coordinator)
    client.post(reverse("dashboard:seen"), {"jusqua": "2036-01-01T00:00:00+00:00"})
    coordinator.refresh_from_db()
    assert coordinator.home_seen_at == timezone.now()


@pytest.mark.parametrize("who", ["coordinator", "pole_head", "division_head", "central", "assistant", "director"])
def test_the_home_takes_the_same_queries_for_2_and_30_houses(
    client, request, who, sector, coordinator, django_assert_max_num_queries
):
    request.getfixturevalue("creche")
    client.force_login(request.getfixturevalue(who))
    counts = []
    for houses in (2, 28):
        busy_sector(sector, coordinator, houses)
        with django_assert_max_num_queries(25) as captured:
            client.get(reverse("dashboard:home"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_former_coordinator_sees_nothing_of_her_sector(client, former, coordinator, sector, creche):
    busy_sector(sector, coordinator, 3)
    shown = text(home(client, former))
    assert "Maison" not in shown
    assert "Les Lilas" not in shown


def test_a_house_without_direction_is_on_the_list_of_who_may_act(client, coordinator, director, sector, creche):
    EstablishmentFactory(name="Halte Jourdain", sector=sector)
    DirectorshipFactory(establishment=EstablishmentFactory(name="Crèche Piat", sector=sector))
    titles = [item.title for item in home(client, coordinator, "dashboard:attention_all").context["items"]]
    assert "Direction à renseigner pour 1 établissement" in titles
    assert not any("Piat" in title and "direction" in title for title in titles)


def test_the_administrator_sees_what_the_register_lacks(client, administrator, creche, pole, sector):
    EstablishmentFactory(name="Sans places", sector=sector, places=False)
    EstablishmentFactory(name="Sans secteur", sector=pole)
    notes = {place.name: place.note for place in home(client, administrator).context["register"]}
    assert notes["sans places connues"] == "1 établissement"
    assert notes["sans secteur"] == "1 établissement"
    assert notes["sans position"] == "3 établissements"
    assert reverse("admin:establishments_establishment_changelist") in text(home(client, administrator))


def test_a_complete_register_asks_for_nothing(client, administrator, creche):
    creche.latitude, creche.longitude = 48, 2
    creche.save()
    assert home(client, administrator).context["register"] == []


def test_an_elected_member_is_told_that_nothing_is_asked_of_her(client, elected, creche):
    shown = text(home(client, elected))
    assert "Bienvenue dans Ronde" in shown
    assert "Les Lilas" not in shown


def test_every_room_offers_its_things():
    root = Path(settings.BASE_DIR)
    offered = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for room in ("establishments", "indicators", "staffing", "projects", "visits", "dashboard")
        for path in (root / room).rglob("attention.py")
        if re.search(r"^def attention\(", path.read_text(), re.MULTILINE)
    }
    assert {
        f"{name}.attention" for name in ("establishments", "indicators", "projects", "staffing", "visits")
    } < offered
    assert {room.__name__ for room in ROOMS} == offered
