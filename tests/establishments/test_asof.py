"""A page shows what was valid on a day: a change made on D leaves D − 1 as it was."""

import datetime

import pytest
from django.http import QueryDict
from django.urls import reverse

from establishments.asof import as_of
from establishments.compliance import requirements
from establishments.due_dates import obligation_due, renewal_due
from establishments.fiche import fiche_of
from establishments.models import Authorisation, CapacityChange, Directorship, Kind, SectorAttachment
from tests.factories import LONG_AGO, TODAY, DirectorshipFactory, UserFactory

DAY = datetime.timedelta(days=1)
CHANGE = datetime.date(2026, 2, 1)


@pytest.fixture(autouse=True)
def now(today):
    return today


def fiche(creche, day):
    return fiche_of(creche, day, today=TODAY)


def page(client, creche, query, tab="detail"):
    response = client.get(reverse(f"establishments:{tab}", args=[creche.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def change_places(creche, places):
    old = creche.authorisations.get()
    old.ends_on = CHANGE - DAY
    old.save()
    return Authorisation.objects.create(establishment=creche, places=places, starts_on=CHANGE)


@pytest.mark.parametrize("asked", ["", "  "])
def test_without_a_date_the_page_is_about_today(asked):
    when = as_of({"au": asked}, TODAY)
    assert when.is_today
    assert when.error == when.query == ""


@pytest.mark.parametrize(
    "asked",
    ["hier", "31/02/2026", "2026-02-30", "0001-01-01", "9999-12-31", "2026-13-01", "x" * 500, "\x00", "²", "1e9"],
)
def test_a_date_that_makes_no_sense_is_said_and_left_aside(asked, client, coordinator, creche):
    when = as_of({"au": asked}, TODAY)
    assert when.is_today
    assert "telle qu’aujourd’hui" in when.error
    client.force_login(coordinator)
    query = QueryDict(mutable=True)
    query["au"] = asked
    for tab in ("detail", "authorisation", "detail_pdf"):
        url = reverse(f"establishments:{tab}", args=[creche.pk])
        assert client.get(f"{url}?{query.urlencode()}").status_code == 200
    assert "telle qu’aujourd’hui" in page(client, creche, f"?{query.urlencode()}")


def test_capacity_changed_on_a_day_leaves_the_day_before_as_it_was(creche):
    before = fiche(creche, CHANGE - DAY)
    change_places(creche, 66)
    assert fiche(creche, CHANGE - DAY) == before
    assert (before.capacity.places, before.category) == (40, "grande crèche")
    after = fiche(creche, CHANGE)
    assert (after.capacity.places, after.category, after.capacity.limit) == (66, "très grande crèche", 76)


def test_name_and_type_changed_on_a_day_leave_the_day_before_as_it_was(creche):
    before = fiche(creche, CHANGE - DAY)
    creche.change_identity(since=CHANGE, name="Jardin des Lilas", kind=Kind.JARDIN_ENFANTS)
    assert fiche(creche, CHANGE - DAY) == before
    assert before.name == "Crèche Les Lilas"
    after = fiche(creche, CHANGE)
    assert (after.name, after.kind, after.category) == ("Jardin des Lilas", "jardin d’enfants", "jardin d’enfants")


def test_direction_of_a_day_is_the_one_of_that_day(creche):
    DirectorshipFactory(
        establishment=creche, person=UserFactory(first_name="Ève", last_name="Avant"), ends_on=CHANGE - DAY
    )
    Directorship.objects.create(
        establishment=creche,
        person=UserFactory(first_name="Léo", last_name="Après"),
        starts_on=CHANGE + DAY,
        ends_on=CHANGE + DAY,
        is_interim=True,
    )
    days = [CHANGE - DAY, CHANGE, CHANGE + DAY]
    assert [fiche(creche, day).direction for day in days] == [
        "Ève Avant, depuis le 1er janvier 2020",
        "vacante",
        "Léo Après (intérim)",
    ]


def test_a_direction_of_less_than_24_months_is_said_recent(creche):
    person = UserFactory(first_name="Ève", last_name="Neuve")
    DirectorshipFactory(establishment=creche, person=person, starts_on=datetime.date(2024, 3, 18))
    said = [fiche(creche, TODAY + n * DAY).direction.endswith("direction récente") for n in (0, 1)]
    assert said == [True, False]


def test_sector_of_a_day_is_the_one_of_that_day(creche, next_sector, pole, caspe, direction):
    attachment = creche.attachments.get()
    attachment.ends_on = CHANGE - DAY
    attachment.save()
    SectorAttachment.objects.create(establishment=creche, territory=next_sector, starts_on=CHANGE)
    assert fiche(creche, CHANGE - DAY).sector == "Secteur Belleville"
    territories = (direction.name, caspe.name, pole.name, "Secteur Gambetta")
    assert fiche(creche, CHANGE).territories == territories


def test_frozen_places_leave_the_open_ones_between_their_two_days(creche):
    CapacityChange.objects.create(
        establishment=creche, places=6, reason="works", starts_on=CHANGE, ends_on=CHANGE + DAY
    )
    CapacityChange.objects.create(establishment=creche, places=4, reason="vacancy", starts_on=CHANGE + DAY)
    days = [CHANGE + n * DAY for n in (-1, 0, 1, 2)]
    assert [fiche(creche, day).capacity.open_places for day in days] == [40, 34, 30, 36]


def test_before_any_authorisation_places_are_unknown_not_zero(creche):
    early = fiche(creche, LONG_AGO - DAY)
    assert early.capacity.places is early.capacity.open_places is None
    assert early.category == "—"
    assert early.state == "ouvre le 1er janvier 2020"


def test_the_page_says_which_day_it_shows(client, coordinator, creche):
    change_places(creche, 66)
    creche.change_identity(since=CHANGE, name="Maison des Lilas")
    client.force_login(coordinator)
    past = page(client, creche, "?au=2026-01-31")
    assert "valable le samedi 31 janvier 2026" in past
    assert "Revenir à aujourd’hui" in past
    assert ">Crèche Les Lilas</h1>" in past
    assert "Grande crèche" in past
    assert "Prochaines dates" not in past
    present = page(client, creche, "")
    assert "Revenir à aujourd’hui" not in present
    assert ">Maison des Lilas</h1>" in present
    assert "Très grande crèche" in present


def test_the_authorisation_page_marks_the_one_in_force_that_day(client, coordinator, creche):
    change_places(creche, 66)
    client.force_login(coordinator)
    for query, places in (("?au=2026-01-31", "40"), ("", "66")):
        text = page(client, creche, query, "authorisation")
        row = text[text.index("en vigueur") :]
        assert f'data-label="Places">{places}</td>' in row[: row.index("</tr>")]


def test_the_compliance_table_gives_each_minimum_its_article_and_says_what_is_unknown():
    lines = {line.label: line for line in requirements(Kind.CRECHE_COLLECTIVE, 66, TODAY)}
    assert lines["Direction"].required == "1 ETP".replace(" ", "\u00a0")
    assert lines["Direction adjointe"].required == "0,75\u00a0ETP"
    assert lines["Référent santé et accueil inclusif, par an"].required == "50\u00a0h"
    assert all("R. 2324" in line.article and line.actual == "non renseigné" for line in lines.values())
    assert requirements(Kind.CRECHE_COLLECTIVE, None, TODAY) == []
    assert requirements(Kind.CRECHE_COLLECTIVE, 66, datetime.date(2020, 1, 1)) == []


def test_a_known_value_is_compared_with_the_minimum():
    from decimal import Decimal

    lines = requirements(Kind.CRECHE_COLLECTIVE, 40, TODAY, {"direction_fte": Decimal("0.8"), "eje_fte": Decimal(1)})
    met = {line.label: line.is_met for line in lines}
    assert (met["Direction"], met["Éducation de jeunes enfants"]) == (False, True)
    assert met["Référent santé et accueil inclusif, par an"] is None


@pytest.mark.parametrize(
    ("day", "code", "tone"),
    [
        (datetime.date(2027, 12, 31), "later", "info"),
        (datetime.date(2028, 1, 1), "open", "watch"),
        (datetime.date(2029, 1, 1), "open", "watch"),
        (datetime.date(2029, 1, 2), "late", "alert"),
        (datetime.date(2030, 1, 1), "late", "alert"),
        (datetime.date(2030, 1, 2), "expired", "alert"),
    ],
)
def test_the_renewal_is_asked_between_24_and_12_months_before_the_expiry(day, code, tone):
    due = renewal_due(datetime.date(2030, 1, 1), day)
    assert (due.code, due.tone) == (code, tone)


@pytest.mark.parametrize(
    ("done", "left", "text", "tone"),
    [
        (None, None, "jamais faite", "alert"),
        (TODAY, None, "faite, sans échéance", "good"),
        (LONG_AGO, -1, "expirée depuis 1 jour", "alert"),
        (LONG_AGO, -40, "expirée depuis 40 jours", "alert"),
        (LONG_AGO, 0, "expire aujourd’hui", "watch"),
        (LONG_AGO, 1, "expire dans 1 jour", "watch"),
        (LONG_AGO, 30, "expire dans 30 jours", "watch"),
        (LONG_AGO, 31, "expire dans 31 jours", "info"),
        (LONG_AGO, 91, "à jour jusqu’au 16 juin 2026", "good"),
        (None, 20, "à faire avant le 6 avril 2026", "watch"),
    ],
)
def test_an_obligation_says_its_state_in_words(done, left, text, tone):
    expires = None if left is None else TODAY + left * DAY
    due = obligation_due(done, expires, TODAY)
    assert (due.text, due.tone) == (text, tone)
