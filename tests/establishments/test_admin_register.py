"""Keeping the register in the administration: identities, periods, bulk changes, history, number of queries."""

import csv
import datetime
import io

import pytest
from django.contrib import admin
from django.urls import reverse

from core.models import User
from core.planner import refresh_statistics
from establishments.models import (
    Authorisation,
    Closure,
    Directorship,
    Establishment,
    JournalEntry,
    Mandate,
    Obligation,
    OpeningHours,
    Role,
    SectorAttachment,
    Territory,
    broken_links,
    record,
)
from tests.factories import (
    LONG_AGO,
    TODAY,
    DirectorshipFactory,
    EstablishmentFactory,
    MandateFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today"), pytest.mark.ignore_template_errors]

LIST = "admin:establishments_establishment_changelist"
PREFIXES = [
    "attachments",
    "authorisations",
    "directorships",
    "opening_hours",
    "capacity_changes",
    "closures",
    "past_identities",
]


@pytest.fixture
def keeper(client, administrator):
    client.force_login(administrator)
    return administrator


def form_of(house, **changes):
    """What the browser posts for a house: its fields, and its inlines as they are."""
    names = [f.name for f in Establishment._meta.fields if f.editable and f.name not in {"id", "code"}]
    data = {name: getattr(house, name) if getattr(house, name) is not None else "" for name in names}
    for prefix in PREFIXES:
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return {**data, "identity_since": "", **changes}


def rows(prefix, *given):
    """Posted rows of an inline; a row that has an `id` exists already."""
    data = {f"{prefix}-TOTAL_FORMS": len(given), f"{prefix}-INITIAL_FORMS": sum("id" in row for row in given)}
    for at, row in enumerate(given):
        data |= {f"{prefix}-{at}-{name}": value for name, value in row.items()}
    return data


def change_url(house):
    return reverse("admin:establishments_establishment_change", args=[house.pk])


def errors(response):
    context = response.context_data
    found = [str(error) for error in context["errors"]]
    return " ".join(found)


def test_a_correction_changes_today_and_leaves_its_line_in_the_journal(client, keeper, creche):
    assert client.post(change_url(creche), form_of(creche, name="Crèche du Lilas")).status_code == 302
    creche.refresh_from_db()
    assert creche.name == "Crèche du Lilas"
    assert creche.past_identities.count() == 0
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.actor, entry.establishment, entry.note) == (
        "établissement modifié",
        keeper,
        creche,
        "Nom",
    )


def test_saving_without_a_change_writes_no_line(client, keeper, creche):
    client.post(change_url(creche), form_of(creche))
    assert JournalEntry.objects.count() == 0


def test_a_change_of_identity_keeps_what_was_true_before(client, keeper, creche):
    data = form_of(creche, name="Crèche Nouvelle", phone="01 02 03 04 05", identity_since="2026-03-01")
    assert client.post(change_url(creche), data).status_code == 302
    creche.refresh_from_db()
    assert (creche.name, creche.phone) == ("Crèche Nouvelle", "01 02 03 04 05")
    assert creche.identity_on(datetime.date(2026, 2, 28)).name == "Crèche Les Lilas"


def test_a_change_of_identity_for_tomorrow_is_refused_with_the_reason(client, keeper, creche):
    response = client.post(change_url(creche), form_of(creche, name="Demain", identity_since="2026-03-18"))
    assert "le jour où il prend effet" in errors(response)
    creche.refresh_from_db()
    assert creche.name == "Crèche Les Lilas"
    assert creche.past_identities.count() == 0


def test_a_period_is_closed_and_the_next_one_opened_in_one_save(client, keeper, creche):
    old = creche.authorisations.get()
    typed = {"id": old.pk, "establishment": creche.pk, "ratio_rule": old.ratio_rule, "reference": ""}
    data = form_of(creche) | rows(
        "authorisations",
        {**typed, "places": 40, "starts_on": "2020-01-01", "ends_on": "2026-03-31"},
        {"places": 45, "ratio_rule": "one_six", "starts_on": "2026-04-01", "establishment": creche.pk},
    )
    response = client.post(change_url(creche), data)
    assert response.status_code == 302
    assert [row.places for row in creche.authorisations.order_by("starts_on")] == [40, 45]


def test_two_periods_typed_together_that_overlap_are_refused_in_french(client, keeper, creche):
    creche.authorisations.all().delete()
    one = {"places": 40, "ratio_rule": "one_six", "starts_on": "2026-01-01", "establishment": creche.pk}
    response = client.post(
        change_url(creche), form_of(creche) | rows("authorisations", one, {**one, "starts_on": "2026-02-01"})
    )
    assert "couvre déjà une partie de cette période" in errors(response)
    assert creche.authorisations.count() == 0


def test_a_new_house_needs_a_territory_or_nobody_would_see_it(client, keeper, sector):
    data = form_of(Establishment(opened_on=TODAY, name="Crèche Neuve"), code="neuve")
    url = reverse("admin:establishments_establishment_add")
    assert client.post(url, data).status_code == 200
    assert not Establishment.objects.exists()
    data |= rows("attachments", {"territory": sector.pk, "starts_on": "2026-03-17"})
    assert client.post(url, data).status_code == 302
    assert Establishment.objects.get(code="neuve").sector_on(TODAY) == sector


def test_a_new_house_that_opens_later_is_attached_today_all_the_same(client, keeper, sector):
    data = form_of(Establishment(opened_on=TODAY + datetime.timedelta(days=90), name="Crèche à venir"), code="a-venir")
    url = reverse("admin:establishments_establishment_add")
    later = rows(
        "attachments", {"territory": sector.pk, "starts_on": (TODAY + datetime.timedelta(days=90)).isoformat()}
    )
    assert "Rattachez cet établissement dès aujourd’hui" in errors(client.post(url, data | later))
    assert not Establishment.objects.exists()
    at_once = rows("attachments", {"territory": sector.pk, "starts_on": TODAY.isoformat()})
    assert client.post(url, data | at_once).status_code == 302


def test_a_forged_territory_is_an_invalid_choice(client, pole, creche, far_sector):
    user = UserFactory()
    MandateFactory(user=user, role=Role.ADMINISTRATOR, territory=pole)
    client.force_login(user)
    row = creche.attachments.get()
    typed = {"id": row.pk, "establishment": creche.pk, "territory": row.territory_id, "starts_on": "2020-01-01"}
    data = form_of(creche) | rows(
        "attachments",
        {**typed, "ends_on": "2026-03-16"},
        {"territory": far_sector.pk, "starts_on": "2026-03-17", "establishment": creche.pk},
    )
    response = client.post(change_url(creche), data)
    assert "Sélectionnez un choix valide" in errors(response)
    assert creche.sector_on(TODAY).parent == pole


def test_houses_are_closed_on_a_date_never_deleted(client, keeper, creche):
    assert client.post(reverse("admin:establishments_establishment_delete", args=[creche.pk])).status_code == 403
    actions = admin.site._registry[Establishment].get_actions(fake_request(keeper))
    assert "delete_selected" not in actions


def fake_request(user):
    from django.test import RequestFactory

    request = RequestFactory().get("/administration/")
    request.user = user
    return request


def bulk(client, action, houses, **answers):
    return client.post(reverse(LIST), {"action": action, "_selected_action": [h.pk for h in houses], **answers})


def test_attaching_shows_each_house_before_it_is_done(client, keeper, creche, next_creche, next_sector):
    houses = [creche, next_creche]
    assert "2 établissements choisis" in bulk(client, "rattacher", houses).content.decode()
    asked = {"territory": next_sector.pk, "since": "2026-03-01"}
    body = bulk(client, "rattacher", houses, apercu="1", **asked).content.decode()
    assert "1 sur 2 établissements à modifier" in body
    assert "Secteur Belleville" in body
    assert "inchangé" in body
    assert creche.sector_on(TODAY).name == "Secteur Belleville"
    bulk(client, "rattacher", houses, confirmer="1", **asked)
    assert creche.sector_on(TODAY) == next_sector
    assert creche.sector_on(datetime.date(2026, 2, 28)).name == "Secteur Belleville"
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.establishment) == ("établissement rattaché", creche)
    assert broken_links() == []


def test_confirming_twice_changes_the_register_once(client, keeper, creche, next_sector):
    asked = {"territory": next_sector.pk, "since": "2026-03-01", "confirmer": "1"}
    for _ in range(2):
        bulk(client, "rattacher", [creche], **asked)
    assert creche.attachments.count() == 2
    assert JournalEntry.objects.count() == 1


def test_houses_of_another_pole_are_left_out_of_an_action(client, pole, creche, far_creche, next_sector, far_sector):
    user = UserFactory()
    MandateFactory(user=user, role=Role.ADMINISTRATOR, territory=pole)
    client.force_login(user)
    bulk(client, "fermer", [creche, far_creche], day="2026-04-01", confirmer="1")
    far_creche.refresh_from_db()
    creche.refresh_from_db()
    assert (creche.closed_on, far_creche.closed_on) == (datetime.date(2026, 4, 1), None)
    body = bulk(client, "rattacher", [creche], territory=far_sector.pk, since="2026-03-01", confirmer="1")
    assert "Sélectionnez un choix valide" in body.content.decode()


def test_a_week_of_hours_is_set_from_a_date(client, keeper, creche):
    answers = {"weekdays": [1, 2, 3, 4], "opens_at": "08:00", "closes_at": "18:00", "since": "2026-04-01"}
    body = bulk(client, "horaires", [creche], apercu="1", **answers).content.decode()
    assert "7\u00a0h\u00a030" in body
    assert "8\u00a0h" in body
    bulk(client, "horaires", [creche], confirmer="1", **answers)
    day = datetime.date(2026, 4, 1)
    assert [row.weekday for row in creche.opening_hours.active_on(day).order_by("weekday")] == [1, 2, 3, 4]
    assert creche.opening_hours.active_on(TODAY).count() == 5


def test_the_selection_is_exported_with_its_places(client, keeper, creche, next_creche):
    Establishment.objects.filter(pk=creche.pk).update(operator="=cmd|' /C calc'!A0")
    response = bulk(client, "export_csv", [creche])
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == 2
    row = dict(zip(*lines, strict=True))
    assert (row["Nom"], row["Places autorisées"], row["Catégorie"]) == ("Crèche Les Lilas", "40", "grande crèche")
    assert not row["Gestionnaire"].startswith("=")
    workbook = b"".join(bulk(client, "export_xlsx", [creche]).streaming_content)
    assert workbook.startswith(b"PK")


def test_accents_do_not_matter_in_searches(client, keeper, creche, next_creche):
    body = client.get(reverse(LIST), {"q": "creche LÈS lilas"}).content.decode()
    assert "Crèche Les Lilas" in body
    assert "Crèche Gambetta" not in body


def test_the_index_says_what_is_missing_and_leads_to_it(client, keeper, creche, sector):
    lost = EstablishmentFactory(name="Crèche Sans Rien", sector=sector, places=False, hours=False)
    body = client.get(reverse("admin:index")).content.decode()
    assert "<b>1</b> sans places connues" in body
    assert "Le registre" in body
    assert "Territoires et mandats" in body
    assert "Traces" in body
    listed = client.get(reverse(LIST), {"a_regler": "sans-places"}).content.decode()
    assert lost.name in listed
    assert creche.name not in listed


def test_the_history_is_in_french_and_says_who(client, keeper, creche):
    client.post(change_url(creche), form_of(creche, name="Crèche du Lilas"))
    body = client.get(reverse("admin:establishments_establishment_history", args=[creche.pk])).content.decode()
    assert "<b>Nom</b>" in body or "<b>nom</b>" in body
    assert "Crèche Les Lilas → Crèche du Lilas" in body
    assert "Omar Diallo" in body
    assert "17 mars 2026 à 9\u00a0h" in body
    assert not any(word in body for word in ["Change reason", "Changed by", "Home", "History"])


def test_the_chain_of_the_journal_is_checked_by_a_button(client, keeper, creche):
    record("établissement modifié", creche, by=keeper, establishment=creche)
    url = reverse("admin:establishments_journalentry_check")
    assert client.get(url).status_code == 403
    assert "La chaîne est intacte" in client.post(url, follow=True).content.decode()


@pytest.fixture
def many(sector, pole):
    """450 rows of everything that an administrator lists."""
    houses = [
        Establishment(code=f"c{n}", name=f"Crèche {n}", opened_on=LONG_AGO, postcode="75020") for n in range(450)
    ]
    Establishment.objects.bulk_create(houses)
    people = [User(email=f"p{n}@ville.example", last_name=f"Nom{n}") for n in range(450)]
    User.objects.bulk_create(people)
    dated = {"starts_on": LONG_AGO}
    SectorAttachment.objects.bulk_create(SectorAttachment(establishment=h, territory=sector, **dated) for h in houses)
    Authorisation.objects.bulk_create(Authorisation(establishment=h, places=30, **dated) for h in houses)
    OpeningHours.objects.bulk_create(
        OpeningHours(establishment=h, weekday=1, opens_at="08:00", closes_at="18:00", **dated) for h in houses
    )
    Closure.objects.bulk_create(
        Closure(establishment=h, cause="works", starts_on=TODAY, ends_on=TODAY) for h in houses
    )
    Obligation.objects.bulk_create(Obligation(establishment=h, kind="water") for h in houses)
    mandates = [
        Mandate(user=p, role=Role.DIRECTOR, establishment=h, **dated) for p, h in zip(people, houses, strict=True)
    ]
    Mandate.objects.bulk_create(mandates)
    Directorship.objects.bulk_create(
        Directorship(establishment=m.establishment, person=m.user, mandate=m, **dated) for m in mandates
    )
    for n in range(30):
        TerritoryFactory(name=f"Secteur {n}", parent=pole)
    refresh_statistics()


LISTED = [model for model in admin.site._registry if model._meta.app_label in {"establishments", "core"}]


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model._meta.model_name)
def test_each_list_takes_fewer_than_eight_queries_at_450_houses(
    client, keeper, many, model, django_assert_max_num_queries
):
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    with django_assert_max_num_queries(7):
        response = client.get(url, {"all": ""})
    expected = {Territory: 30, JournalEntry: 0}
    assert response.context_data["cl"].result_count >= expected.get(model, 0)


def test_a_director_of_the_list_costs_no_query_more(client, keeper, creche, django_assert_num_queries):
    client.get(reverse(LIST))
    with django_assert_num_queries(6):
        client.get(reverse(LIST))
    DirectorshipFactory(establishment=creche)
    EstablishmentFactory(sector=creche.sector_on(TODAY))
    with django_assert_num_queries(6):
        client.get(reverse(LIST))


def test_territories_are_listed_in_the_order_of_the_tree(client, keeper, sector, next_sector, far_sector):
    response = client.get(reverse("admin:establishments_territory_changelist"))
    assert [row.name for row in response.context_data["cl"].result_list] == [
        "Direction de la petite enfance",
        "CASPE 20",
        "Pôle 19e",
        "Secteur Villette",
        "Pôle 20e",
        "Secteur Belleville",
        "Secteur Gambetta",
    ]
