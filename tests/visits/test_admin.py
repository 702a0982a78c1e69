"""The administrator keeps the grids while no visit used them, and sees that visits exist without reading them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.visits.factories import GridFactory, VisitFactory
from visits.models import ObservationGrid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def client(client, administrator):
    client.force_login(administrator)
    return client


def grid_form(grid, **changes):
    themes = list(grid.themes.all())
    data = {"code": grid.code, "version": grid.version, "title": grid.title, "source": "", "status": grid.status}
    data |= {"themes-TOTAL_FORMS": len(themes), "themes-INITIAL_FORMS": len(themes)}
    for at, theme in enumerate(themes):
        data |= {f"themes-{at}-id": theme.pk, f"themes-{at}-grid": grid.pk, f"themes-{at}-position": theme.position}
        data |= {f"themes-{at}-title": theme.title}
    return data | changes


def test_an_unused_grid_is_edited(client, grid):
    url = reverse("admin:visits_observationgrid_change", args=[grid.pk])
    assert client.post(url, grid_form(grid, title="Nouveau titre")).status_code == 302
    grid.refresh_from_db()
    assert grid.title == "Nouveau titre"


def test_a_used_grid_keeps_its_content_and_may_leave_service(client, grid):
    VisitFactory(grid=grid)
    url = reverse("admin:visits_observationgrid_change", args=[grid.pk])
    assert client.get(url).status_code == 200
    client.post(url, grid_form(grid, title="Forgé", status="retired", **{"themes-0-title": "Forgé"}))
    grid.refresh_from_db()
    assert (grid.title, grid.status, grid.themes.get().title) == ("Grille d’essai", "retired", "Accueil")


def test_an_item_of_a_used_grid_is_read_only(client, grid):
    VisitFactory(grid=grid)
    url = reverse("admin:visits_gridtheme_change", args=[grid.themes.get().pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"title": "Forgé"}).status_code == 403


def test_the_next_version_of_a_used_grid_starts_from_its_keys(client, grid):
    VisitFactory(grid=grid)
    url = reverse("admin:visits_grid_next", args=[grid.pk])
    page = client.get(reverse("admin:visits_observationgrid_change", args=[grid.pk])).content.decode()
    assert url in page
    answers = [client.post(url), client.post(url)]  # two clicks
    following = ObservationGrid.objects.get(version=2)
    assert {answer.url for answer in answers} == {reverse("admin:visits_observationgrid_change", args=[following.pk])}
    assert (following.status, grid.status) == ("draft", "active")
    described = [
        [(row.theme.title, row.position, row.key, row.title) for row in one.items.select_related("theme")]
        for one in (grid, following)
    ]
    assert described[0] == described[1] != []
    assert following.themes.get().pk != grid.themes.get().pk


def test_a_next_version_is_asked_for_by_a_button_and_by_those_who_may(client, grid, coordinator):
    url = reverse("admin:visits_grid_next", args=[grid.pk])
    assert client.get(url).status_code == 403
    assert client.post(reverse("admin:visits_grid_next", args=[grid.pk + 999])).status_code == 404
    client.force_login(coordinator)
    assert client.post(url).status_code in {302, 403, 404}
    assert ObservationGrid.objects.count() == 1


def test_visits_are_listed_and_never_read_nor_changed(client, creche):
    visit = VisitFactory(establishment=creche, summary="Texte du compte rendu")
    url = reverse("admin:visits_visit_change", args=[visit.pk])
    page = client.get(url)
    assert page.status_code == 200
    assert "Texte du compte rendu" not in page.content.decode()
    assert client.post(url, {"summary": "Forgé"}).status_code == 403
    assert client.get(reverse("admin:visits_visit_add")).status_code == 403


@pytest.mark.parametrize("name", ["visits_visit", "visits_observationgrid", "visits_gridtheme"])
def test_a_list_of_the_admin_costs_the_same_with_1_and_30_rows(client, name, creche):
    counts = []
    for more in (1, 29):
        for number in range(more):
            VisitFactory(establishment=creche, grid=GridFactory(code=f"grille-{more}-{number}"))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] < 12


@pytest.mark.parametrize("who", ["coordinator", "director", "superuser"])
def test_nobody_else_opens_the_admin(client, request, who, grid):
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("admin:visits_observationgrid_changelist")).status_code == 403
