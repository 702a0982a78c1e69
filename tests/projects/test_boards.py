"""The board, the counts and the many changed at once: one list, looked at otherwise."""

import datetime

import pytest

from establishments.models import JournalEntry, Level
from projects.models import ActionItem
from projects.pivot import AXES
from tests.factories import TODAY
from tests.projects.factories import ActionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
DAY = datetime.timedelta(days=1)
BULK = "/actions/en-lot/"


def test_the_board_has_a_column_a_status_and_marks_what_is_late(client, coordinator, director, creche):
    ActionFactory(establishment=creche, title="Poser le store", due_on=TODAY - 2 * DAY)
    ActionFactory(establishment=creche, title="Relire le projet").declare_done(by=director)
    client.force_login(coordinator)
    response = client.get("/actions/tableau/")
    columns = {column.status: [card.title for card in column.cards] for column in response.context["columns"]}
    assert columns["to_start"] == ["Poser le store"]
    assert columns["done"] == ["Relire le projet"]
    assert "en retard de 2 jours" in response.content.decode()


def test_the_board_obeys_the_filters_of_the_list(client, coordinator, creche):
    ActionFactory(establishment=creche, title="Poser le store", theme="Sommeil")
    ActionFactory(establishment=creche, title="Relire le projet")
    client.force_login(coordinator)
    text = client.get("/actions/tableau/", {"theme": "sommeil"}).content.decode()
    assert "Poser le store" in text
    assert "Relire le projet" not in text


@pytest.mark.parametrize("axis", AXES)
def test_counts_open_the_list_that_they_count(client, coordinator, director, creche, axis):
    ActionFactory(establishment=creche, owner=director, theme="Sommeil", due_on=TODAY - DAY)
    ActionFactory(establishment=creche, owner=director, theme="Sommeil").declare_done(by=director)
    client.force_login(coordinator)
    (row,) = client.get(f"/actions/par/{axis}/").context["rows"]
    assert (row.open, row.late, row.to_verify, row.total) == (1, 1, 1, 2)
    assert client.get(f"/actions/{row.url}").context["list"]["count"] == 2


def test_an_unknown_way_of_counting_is_not_found(client, coordinator, creche):
    client.force_login(coordinator)
    assert client.get("/actions/par/humeur/").status_code == 404


def test_internal_actions_are_not_counted_for_a_director(client, director, creche):
    ActionFactory(establishment=creche, level=Level.POLE)
    client.force_login(director)
    assert client.get("/actions/par/etablissement/").context["rows"] == []


def test_nothing_changes_before_the_preview_is_accepted(client, coordinator, director, creche):
    rows = [ActionFactory(establishment=creche) for _ in range(2)]
    client.force_login(coordinator)
    asked = {"actions": [row.pk for row in rows], "due_on": "2026-05-04", "owner": director.pk, "priority": ""}
    shown = client.post(BULK, asked)
    assert shown.content.decode().count("échéance\u00a0: 31/03/2026 → 04/05/2026") == 2
    assert set(ActionItem.objects.values_list("due_on", flat=True)) == {datetime.date(2026, 3, 31)}
    seen = [line.token for line in shown.context["lines"]]
    client.post(BULK, asked | {"vu": seen})
    assert set(ActionItem.objects.values_list("due_on", "owner")) == {(datetime.date(2026, 5, 4), director.pk)}
    assert JournalEntry.objects.filter(verb="action modifiée").count() == 2


def test_an_action_moved_since_the_preview_is_left_alone(client, coordinator, pole_head, creche):
    row = ActionFactory(establishment=creche)
    client.force_login(coordinator)
    asked = {"actions": [row.pk], "priority": "1"}
    seen = [line.token for line in client.post(BULK, asked).context["lines"]]
    row.due_on = TODAY + 60 * DAY
    row.amend(by=pole_head, seen=1)
    text = client.post(BULK, asked | {"vu": seen}, follow=True).content.decode()
    assert "depuis l’aperçu" in text
    assert ActionItem.objects.get().priority == ActionItem.Priority.NORMAL


def test_who_cannot_read_an_action_is_not_given_it_in_bulk(client, coordinator, director, creche):
    inside = ActionFactory(establishment=creche, level=Level.POLE)
    client.force_login(coordinator)
    shown = client.post(BULK, {"actions": [inside.pk], "owner": director.pk})
    (line,) = shown.context["lines"]
    assert "ne peut pas lire" in line.refusal
    client.post(BULK, {"actions": [inside.pk], "owner": director.pk, "vu": [line.token]})
    assert ActionItem.objects.get().owner is None


def test_an_action_of_another_sector_is_an_invalid_choice(client, coordinator, creche, next_creche):
    elsewhere = ActionFactory(establishment=next_creche)
    client.force_login(coordinator)
    shown = client.post(BULK, {"actions": [elsewhere.pk], "priority": "1"})
    assert "actions" in shown.context["form"].errors


def test_nothing_asked_is_said(client, coordinator, creche):
    row = ActionFactory(establishment=creche)
    client.force_login(coordinator)
    assert "Dites ce qui doit changer" in client.post(BULK, {"actions": [row.pk]}).content.decode()


@pytest.mark.parametrize("url", ["/actions/", "/actions/tableau/", "/actions/par/secteur/", BULK])
def test_every_look_asks_the_same_queries_for_1_and_300_actions(
    client, coordinator, creche, django_assert_max_num_queries, url
):
    ActionFactory(establishment=creche, owner=coordinator, due_on=TODAY - DAY)
    client.force_login(coordinator)
    with django_assert_max_num_queries(15) as few:
        client.get(url)
    author = ActionItem.objects.get().created_by
    ActionItem.objects.bulk_create(
        ActionFactory.build(establishment=creche, owner=coordinator, created_by=author) for _ in range(299)
    )
    with django_assert_max_num_queries(len(few.captured_queries) + (1 if "tableau" in url else 0)):
        client.get(url)
