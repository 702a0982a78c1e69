"""Actions of a territory: read by those who work over it, owned by anyone who works in it, on one list."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from core.models import Notification
from establishments.models import JournalEntry
from projects.attention import attention
from projects.bulk import preview
from projects.models import ActionItem
from projects.pivot import pivot
from projects.recurring import remind_owners
from projects.steps import allowed_steps
from tests.factories import TODAY
from tests.projects.factories import ActionFactory
from tests.projects.test_actions import LIST, page, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)


def of_sector(sector, **given):
    return ActionFactory(establishment=None, territory=sector, title="Écrire le protocole", **given)


@pytest.mark.parametrize("both", [True, False])
def test_the_database_wants_a_house_or_a_territory_never_both_nor_none(creche, sector, coordinator, both):
    action = ActionFactory(establishment=creche, created_by=coordinator)
    places = {"establishment": creche, "territory": sector} if both else {"establishment": None, "territory": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItem.objects.filter(pk=action.pk).update(**places)


@pytest.mark.parametrize("places", [("creche", "sector"), ()])
def test_the_form_says_that_it_is_one_or_the_other(client, coordinator, creche, sector, places):
    given = {"establishment": creche.pk if "creche" in places else "", "territory": sector.pk if places else ""}
    client.force_login(coordinator)
    response = client.post("/actions/nouvelle/", typed(creche) | given)
    assert "l’un des deux" in response.content.decode()
    assert not ActionItem.objects.exists()


def test_an_action_is_created_for_a_sector_and_its_director_is_told(client, coordinator, director, creche, sector):
    client.force_login(coordinator)
    sent = typed(creche) | {"establishment": "", "territory": sector.pk, "owner": director.pk}
    response = client.post("/actions/nouvelle/", sent)
    assert response.status_code == 302, response.context["form"].errors
    action = ActionItem.objects.get()
    assert (action.place, action.owner) == (sector, director)
    assert JournalEntry.objects.get().territory == sector
    assert str(sector) in Notification.objects.get().body


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 200),
        ("pole_head", 200),
        ("division_head", 200),
        ("assistant", 200),
        ("colleague", 403),
        ("central", 403),
        ("neighbour", 404),
        ("former", 404),
        ("director", 404),
        ("superuser", 404),
    ],
)
def test_it_is_read_by_those_who_see_the_territory(client, request, creche, sector, who, status):
    action = of_sector(sector)
    assert page(client, request.getfixturevalue(who), action.get_absolute_url()).status_code == status


def test_its_owner_reads_and_declares_it_without_verifying_it(client, director, far_director, creche, sector):
    action = of_sector(sector, owner=director)
    assert page(client, director, action.get_absolute_url()).status_code == 200
    assert page(client, far_director, action.get_absolute_url()).status_code == 404
    steps = allowed_steps(action, director)
    assert steps["declare"]
    assert not steps["verify"]
    inside = of_sector(sector, owner=director, level="pole")
    assert page(client, director, inside.get_absolute_url()).status_code == 404


def test_somebody_who_left_keeps_nothing_of_it(client, former, creche, sector):
    action = of_sector(sector, owner=former)
    assert page(client, former, action.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "address", [LIST, "/actions/tableau/", "/actions/par/secteur/", "/actions/par/etablissement/"]
)
def test_the_lists_and_the_boards_show_it(client, coordinator, creche, sector, address):
    of_sector(sector, due_on=TODAY - DAY)
    text = page(client, coordinator, address).content.decode()
    assert sector.name in text or "un territoire" in text


def test_the_filters_and_the_exports_know_it(client, coordinator, creche, sector):
    of_sector(sector)
    response = page(client, coordinator, LIST, territory=sector.pk, q=sector.name, export="csv")
    text = b"".join(response.streaming_content).decode()
    assert f"Écrire le protocole;{sector.name}" in text.replace('"', "")
    assert page(client, coordinator, LIST, export="pdf").headers["Content-Type"] == "application/pdf"


def test_the_counts_of_a_sector_hold_its_own_actions_and_those_of_its_houses(coordinator, creche, sector):
    of_sector(sector)
    ActionFactory(establishment=creche)
    rows = pivot(ActionItem.objects.visible_to(coordinator), "secteur", TODAY)
    assert [(row.label, row.open) for row in rows] == [(str(sector), 2)]


def test_home_says_it_is_late_and_then_that_it_is_to_be_verified(coordinator, director, creche, sector):
    action = of_sector(sector, owner=director, due_on=TODAY - DAY)
    late = {item.key: item for item in attention(director, TODAY)}[f"action-late-{action.pk}"]
    assert sector.name in late.title
    action.declare_done(by=director)
    item = {item.key: item for item in attention(coordinator, TODAY)}[f"actions-to-verify-territory-{sector.pk}"]
    assert f"territory={sector.pk}" in item.url


def test_its_owner_is_reminded(director, creche, sector):
    old = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
    of_sector(sector, owner=director, due_on=TODAY - DAY, created_at=old)
    remind_owners.call()
    assert sector.name in Notification.objects.get(user=director).body


def test_many_changed_at_once_keep_to_who_may_read(coordinator, director, far_director, creche, sector):
    action = of_sector(sector)
    assert not preview([action], {"owner": director})[0].refusal
    assert preview([action], {"owner": far_director})[0].refusal


def test_it_is_found_by_its_words_and_edited(client, coordinator, director, creche, sector):
    action = of_sector(sector)
    assert sector.name in page(client, coordinator, "/recherche/", q="protocole").content.decode()
    given = {"owner": director.pk, "due_on": "2026-05-04", "priority": "1", "version": action.version}
    client.post(f"/actions/{action.pk}/modifier/", given)
    action.refresh_from_db()
    assert (action.owner, action.priority) == (director, 1)
    assert JournalEntry.objects.get().territory == sector
