"""« Mon bilan »: the same page for the coordinator and her head, with its sources; nobody is compared."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboard.balance.facts import Month
from dashboard.balance.page import balance_of
from dashboard.balance.sentences import SECTIONS, sentences
from staffing.models import LeaveRequest
from tests.dashboard.city import ask_leave
from tests.dashboard.golden import WORDS
from tests.factories import EstablishmentFactory
from tests.pdf_reading import extract_text
from tests.visits.factories import ActionFactory, VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MARCH = (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
DAY = datetime.timedelta(days=1)
NOTHING = {"visits": [], "late": [0, 0], "reports": [], "actions": [], "leaves": [], "reviews": [], "events": []}
NOTHING["projects"] = []


@pytest.fixture
def busy(creche, coordinator):
    """Two visits, an action raised, a leave granted this month."""
    for day in (3, 10):
        VisitFactory(establishment=creche, coordinator=coordinator, visited_on=datetime.date(2026, 3, day))
    ActionFactory(establishment=creche, created_by=coordinator)
    asked = ask_leave(creche, coordinator)
    LeaveRequest.objects.filter(pk=asked.pk).update(proposed_at=asked.proposed_at - 2 * DAY)
    asked.refresh_from_db()
    asked.grant(by=coordinator)


def told(person):
    page = balance_of(person, Month(person.pk, *MARCH))
    return {line.key: line for section in page.sections for line in section.lines}


def test_it_tells_what_she_did_and_each_sentence_opens_its_rows(busy, coordinator, client):
    lines = told(coordinator)
    assert lines["visites"].text == "2 visites ont été réalisées."
    assert lines["conges"].text == "1 congé accordé\u202f; délai médian de 2 jours après la demande."
    client.force_login(coordinator)
    assert {client.get(source.url).status_code for line in lines.values() for source in line.quoted} == {200}


def test_what_others_did_is_not_hers(busy, creche, colleague, pole_head, coordinator):
    VisitFactory(establishment=creche, coordinator=pole_head, visited_on=datetime.date(2026, 3, 4))
    assert told(coordinator)["visites"].text == "2 visites ont été réalisées."
    assert told(colleague)["visites"].text == "Aucune visite n’a été réalisée."


def test_she_and_her_head_read_the_same_words(busy, client, coordinator, pole_head):
    words = [line.text for line in told(coordinator).values()]
    url = reverse("dashboard:balance_of", args=[coordinator.pk]) + "?mois=2026-03"
    pages = []
    for reader in (coordinator, pole_head):
        client.force_login(reader)
        pages.append(client.get(url).content.decode())
    assert all(text in page for text in words for page in pages)
    client.force_login(pole_head)
    own = client.get(reverse("dashboard:balance")).content.decode()
    assert url.partition("?")[0] in own
    paper = extract_text(client.get(reverse("dashboard:balance_pdf", args=[coordinator.pk]) + "?mois=2026-03").content)
    assert "2 visites ont été réalisées." in paper.replace("\n", " ")


@pytest.mark.parametrize("asked", ["2030-01", "0000-01", "hier", ""])
def test_a_month_that_cannot_be_shown_gives_the_last_one_that_is_over(client, coordinator, asked):
    client.force_login(coordinator)
    page = client.get(reverse("dashboard:balance"), {"mois": asked}).content.decode()
    assert '<option value="2026-02" selected>' in page


def test_the_cost_does_not_grow_with_the_houses(client, coordinator, sector, creche):
    client.force_login(coordinator)
    url = reverse("dashboard:balance")
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(url)
    for n in range(15):
        house = EstablishmentFactory(name=f"Maison {n}", sector=sector)
        VisitFactory(establishment=house, coordinator=coordinator, visited_on=datetime.date(2026, 2, 3))
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(one) <= 25


@pytest.mark.parametrize(
    ("key", "facts", "says"),
    [
        ("retards", {"late": [0, 0]}, "Aucun établissement n’était à visiter."),
        (
            "retards",
            {"late": [0, 12]},
            "Aucun établissement n’était en retard de visite à la fin du mois, sur 12.",
        ),
        ("retards", {"late": [1, 12]}, "1 établissement sur 12 était en retard de visite à la fin du mois."),
        ("retards", {"late": [2, 12]}, "2 établissements sur 12 étaient en retard de visite à la fin du mois."),
        (
            "comptes-rendus",
            {"reports": [[1, "shared", 3], [2, "shared", 4], [1, "validated", 9]]},
            "2 comptes rendus transmis et 1 validé\u202f; délai médian de 3,5 jours après la visite.",
        ),
        ("analyses", {"reviews": [[1, "validated"]]}, "1 analyse de fonctionnement validée."),
        (
            "actions",
            {"actions": [[1, "created"], [2, "created"], [3, "abandoned"]]},
            "2 actions ouvertes et 1 abandonnée.",
        ),
        (
            "projets",
            {"projects": [["day", 1, 1], ["works", 2, 9]]},
            "Décisions sur 1 journée pédagogique et 1 opération de travaux\u202f;"
            " délai médian de 5 jours après la demande.",
        ),
        (
            "evenements",
            {"events": [[1, 0]]},
            "1 événement a été pris en charge\u202f; délai médian de 0 jour après le signalement.",
        ),
    ],
)
def test_its_sentences_agree(key, facts, says):
    made = sentences(NOTHING | facts, WORDS["generique"])
    assert {one.section for one in made} == set(SECTIONS)
    assert next(one.text for one in made if one.key == key) == says
