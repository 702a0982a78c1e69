"""Log a visit as a browser does: page, posted fields, page again. Nothing typed is ever lost."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from establishments.models import JournalEntry
from projects.models import ActionItem
from tests.visits.factories import ActionFactory, GridFactory, VisitFactory
from tests.visits.pages import item_field, page_data
from visits.models import ObservationGrid, Visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def client(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def create_url(creche):
    return f"{reverse('visits:create')}?etablissement={creche.pk}"


def edit_url(visit):
    return reverse("visits:edit", args=[visit.pk])


def test_without_a_house_the_list_of_what_is_due_is_shown(client):
    response = client.get(reverse("visits:create"))
    assert (response.status_code, response.url) == (302, reverse("visits:due"))


def test_a_visit_is_logged_read_again_and_shown(client, create_url, creche, coordinator, grid):
    data = page_data(client.get(create_url))
    data |= {
        "starts_at": "09:00",
        "ends_at": "11:00",
        "directing": "Alice Roux",
        "present_non_walkers": "10",
        "present_walkers": "16",
        "staff_category_1": "2",
        "staff_category_2": "3",
        "summary": "Une équipe posée.",
        item_field(grid, "item-1", "rating"): "acquired",
        item_field(grid, "item-1", "fact"): "Sept enfants en jeu libre.",
        "relire": "1",
    }
    response = client.post(create_url, data)
    visit = Visit.objects.get()
    assert (response.status_code, response.url) == (302, visit.get_absolute_url())
    assert (visit.establishment, visit.coordinator, visit.status) == (creche, coordinator, "done")
    assert (visit.visited_on, visit.grid, visit.version) == (datetime.date(2026, 3, 17), grid, 1)
    assert [(row.rating, row.fact) for row in visit.observations.all()] == [("acquired", "Sept enfants en jeu libre.")]
    assert "Sept enfants en jeu libre." in client.get(response.url).content.decode()
    assert JournalEntry.objects.about(visit).get().verb == "visite saisie"


def test_a_draft_is_saved_with_nothing_but_its_date(client, create_url, grid):
    response = client.post(create_url, page_data(client.get(create_url)))
    assert response.url == edit_url(Visit.objects.get())


def test_the_ratio_is_shown_after_the_save_without_any_script(client, create_url, grid):
    data = page_data(client.get(create_url))
    data |= {"present_non_walkers": "11", "present_walkers": "21", "staff_category_1": "2", "staff_category_2": "2"}
    page = client.post(create_url, data, follow=True).content.decode()
    assert "4 professionnels présents pour 32 enfants" in page
    assert "5 requis" in page
    assert "En dessous du nombre requis." in page


def test_the_same_page_sent_twice_is_one_visit(client, create_url, grid):
    data = page_data(client.get(create_url)) | {"summary": "Une seule fois.", "n-libre-1-title": "Réparer la porte"}
    first, second = client.post(create_url, data), client.post(create_url, data)
    visit = Visit.objects.get()
    assert (first.status_code, second.status_code) == (302, 302)
    assert ActionItem.objects.count() == 1
    assert visit.raised.count() == 1


def test_the_first_page_sent_again_with_another_text_loses_neither(client, create_url, grid):
    data = page_data(client.get(create_url)) | {"summary": "Première version."}
    client.post(create_url, data)
    response = client.post(create_url, data | {"summary": "Deuxième version."})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Première version." in page
    assert "Deuxième version." in page


def test_somebody_saved_meanwhile_both_texts_are_shown_and_the_choice_is_kept(client, visit, grid):
    mine = page_data(client.get(edit_url(visit))) | {"summary": "Ma synthèse."}
    Visit.objects.filter(pk=visit.pk).update(summary="L’autre synthèse.", edition=visit.edition + 1)
    response = client.post(edit_url(visit), mine)
    assert response.status_code == 409
    assert [d.name for d in response.context["differences"]] == ["summary"]
    visit.refresh_from_db()
    assert visit.summary == "L’autre synthèse."
    again = dict(response.context["hidden"])
    again |= {"autre-summary": "L’autre synthèse.", "choix-summary": "both"}
    assert client.post(edit_url(visit), again).status_code == 302
    visit.refresh_from_db()
    assert visit.summary == "Ma synthèse.\n\nL’autre synthèse."


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Ma synthèse."), ("theirs", "L’autre synthèse.")])
def test_one_text_or_the_other_may_be_chosen(client, visit, choice, kept):
    mine = page_data(client.get(edit_url(visit))) | {"summary": "Ma synthèse."}
    Visit.objects.filter(pk=visit.pk).update(summary="L’autre synthèse.", edition=visit.edition + 1)
    again = dict(client.post(edit_url(visit), mine).context["hidden"])
    again |= {"autre-summary": "L’autre synthèse.", "choix-summary": choice}
    client.post(edit_url(visit), again)
    visit.refresh_from_db()
    assert visit.summary == kept


def test_an_action_raised_by_the_other_page_survives_the_conflict(client, visit, coordinator):
    mine = page_data(client.get(edit_url(visit))) | {"summary": "Ma synthèse."}
    theirs = page_data(client.get(edit_url(visit))) | {"n-libre-1-title": "Action de l’autre page"}
    assert client.post(edit_url(visit), theirs).status_code == 302
    response = client.post(edit_url(visit), mine)
    assert response.status_code == 409
    client.post(edit_url(visit), dict(response.context["hidden"]) | {"choix-summary": "mine"})
    assert visit.raised.filter(action__title="Action de l’autre page").exists()
    visit.refresh_from_db()
    assert visit.summary == "Ma synthèse."


def test_opening_and_saving_changes_nothing_but_the_version(client, visit):
    before = [list(visit.observations.values()), list(visit.checks.values()), list(visit.raised.values())]
    client.post(edit_url(visit), page_data(client.get(edit_url(visit))))
    visit.refresh_from_db()
    after = [list(visit.observations.values()), list(visit.checks.values()), list(visit.raised.values())]
    assert after == before
    assert (visit.edition, visit.version) == (2, 1)
    assert visit.summary == "Une équipe posée.\nLe jeu libre progresse."


def test_an_item_emptied_is_no_longer_observed(client, visit, grid):
    data = page_data(client.get(edit_url(visit)))
    for name in ("rating", "fact", "nature", "appreciation"):
        data[item_field(grid, "item-1", name)] = "not_observed" if name == "rating" else ""
    client.post(edit_url(visit), data)
    assert [row.item.key for row in visit.observations.all()] == ["item-2"]


def test_an_action_is_raised_from_an_item_and_stays_in_the_pole(client, visit, grid, director):
    item = grid.items.get(key="item-2")
    data = page_data(client.get(edit_url(visit)))
    data |= {f"n-{item.pk}-title": "Fermer le local", f"n-{item.pk}-owner": str(director.pk)}
    client.post(edit_url(visit), data)
    origin = visit.raised.get(item=item)
    assert (origin.action.title, origin.action.owner, origin.action.level) == ("Fermer le local", director, "pole")
    assert origin.action.due_on == datetime.date(2026, 4, 16)


def test_an_owner_from_elsewhere_is_an_invalid_choice(client, visit, neighbour):
    data = page_data(client.get(edit_url(visit)))
    data |= {"n-libre-1-title": "Fermer le local", "n-libre-1-owner": str(neighbour.pk)}
    response = client.post(edit_url(visit), data)
    assert response.status_code == 422
    assert not ActionItem.objects.filter(title="Fermer le local").exists()


def test_a_title_erased_withdraws_the_action_of_the_draft(client, visit):
    action = visit.raised.get().action
    data = page_data(client.get(edit_url(visit))) | {f"r-{action.pk}-title": ""}
    client.post(edit_url(visit), data)
    assert not ActionItem.objects.filter(pk=action.pk).exists()


def test_an_action_already_started_is_not_erased(client, visit, coordinator):
    action = visit.raised.get().action
    action.start(by=coordinator)
    data = page_data(client.get(edit_url(visit))) | {f"r-{action.pk}-title": ""}
    assert client.post(edit_url(visit), data).status_code == 422
    assert ActionItem.objects.filter(pk=action.pk).exists()


def test_what_is_refused_comes_back_as_it_was_typed(client, create_url, grid):
    data = page_data(client.get(create_url)) | {"starts_at": "11:00", "ends_at": "09:00", "summary": "Gardée."}
    response = client.post(create_url, data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "L’heure de départ précède l’heure d’arrivée." in page
    assert "Gardée." in page
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("visited_on", "2026-03-18"),
        ("visited_on", ""),
        ("present_walkers", "1000"),
        ("present_walkers", "-1"),
        ("next_visit_on", "2026-03-17"),
        ("kind", "inspection"),
        ("summary_level", "nominatif"),
    ],
)
def test_a_shape_that_makes_no_sense_is_refused(client, create_url, grid, name, value):
    response = client.post(create_url, page_data(client.get(create_url)) | {name: value})
    assert response.status_code == 422
    assert not Visit.objects.exists()


def test_the_detector_warns_and_never_blocks(client, create_url, grid):
    data = page_data(client.get(create_url)) | {"summary": "L’enfant Kylian est allergique."}
    page = client.post(create_url, data, follow=True).content.decode()
    assert "À relire avant de transmettre" in page
    assert Visit.objects.get().summary == "L’enfant Kylian est allergique."


def test_a_grid_changed_while_a_draft_is_open_leaves_the_draft_on_its_version(client, create_url, grid):
    data = page_data(client.get(create_url)) | {item_field(grid, "item-1", "fact"): "Vu avec l’ancienne grille."}
    ObservationGrid.objects.filter(pk=grid.pk).update(status="retired")
    newer = GridFactory(code=grid.code, version=2)
    client.post(create_url, data)
    visit = Visit.objects.get()
    assert (visit.grid, visit.observations.get().fact) == (grid, "Vu avec l’ancienne grille.")
    assert client.get(edit_url(visit)).context["entry"].grid == grid
    assert client.get(create_url).context["entry"].grid == newer


def test_the_page_opens_on_every_open_action_of_the_house(client, create_url, creche, next_creche):
    titles = ["Première", "Deuxième"]
    for title in titles:
        ActionFactory(establishment=creche, title=title)
    ActionFactory(establishment=next_creche, title="D’une autre maison")
    page = client.get(create_url).content.decode()
    assert all(title in page for title in titles)
    assert "D’une autre maison" not in page


def test_a_planned_visit_becomes_the_visit_that_was_made(client, creche, coordinator, grid):
    planned = VisitFactory(planned=True, establishment=creche, coordinator=coordinator)
    data = page_data(client.get(edit_url(planned))) | {"summary": "Faite."}
    client.post(edit_url(planned), data)
    planned.refresh_from_db()
    assert (planned.status, planned.visited_on) == ("done", datetime.date(2026, 3, 17))


@pytest.mark.parametrize("trait", ["shared", "answered", "validated"])
def test_a_forged_post_on_a_report_that_left_changes_nothing(client, creche, coordinator, trait):
    visit = VisitFactory(establishment=creche, coordinator=coordinator, summary="Partie.", **{trait: True})
    response = client.post(edit_url(visit), {"summary": "Réécrite.", "version": visit.edition})
    assert (response.status_code, response.url) == (302, visit.get_absolute_url())
    visit.refresh_from_db()
    assert visit.summary == "Partie."


def test_the_form_costs_the_same_queries_with_1_and_30_actions(client, create_url, creche):
    GridFactory(items=2)
    ActionFactory(establishment=creche)
    counts = []
    for more in (0, 29):
        ActionFactory.create_batch(more, establishment=creche)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(create_url)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_the_detector_says_the_same_from_the_rows_and_from_the_report(visit):
    from visits.free_texts import warnings_of
    from visits.report_facts import report_of

    row = visit.observations.first()
    row.fact = "La petite Léa Martin est allergique."
    row.save()
    assert warnings_of(visit, report_of(visit)) == warnings_of(visit) != []
